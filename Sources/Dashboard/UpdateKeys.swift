// Keys.
import TerminalUI
extension DashboardModel {
  mutating func press(_ key: Key) -> [Effect] { [] }
}
