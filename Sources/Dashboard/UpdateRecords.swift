// Records.
import RunRecords
extension DashboardModel {
  mutating func advance(to time: Double) {}
  mutating func take(_ record: Record) {}
}
