// The samples of a run by the panels that show them: what a task shows follows from its records.
import RunRecords

extension RunSegment {
  /// The last sample of each title of a kind, in the order in which the titles were first seen.
  func samples(for panel: DashboardModel.PanelKind) -> [SampleRecord] {
    samples.filter { DashboardModel.PanelKind($0.content) == panel }
  }

  /// Takes in a sample in place of the one before it.
  mutating func take(_ record: SampleRecord) {
    let panel = DashboardModel.PanelKind(record.content)
    let isSame = { (sample: SampleRecord) in
      sample.title == record.title && DashboardModel.PanelKind(sample.content) == panel
    }
    if let index = samples.firstIndex(where: isSame) {
      samples[index] = record
    } else if samples(for: panel).count < Self.mostSamples {
      samples.append(record)
    }
  }

  /// More than any screen shows; a damaged log may hold any number of titles.
  private static let mostSamples = 32
}
