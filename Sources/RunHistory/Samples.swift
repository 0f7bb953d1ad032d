// The samples of a run: the last of each kind and title.
import RunRecords

extension RunSegment {
  /// The last sample of each title of a kind, in the order in which the titles were first seen.
  package func samples(of kind: SampleRecord.Content.Kind) -> [SampleRecord] {
    samples.filter { $0.content.kind == kind }
  }

  /// Takes in a sample in place of the one before it.
  mutating func apply(_ record: SampleRecord) {
    let kind = record.content.kind
    let isSame = { (sample: SampleRecord) in
      sample.title == record.title && sample.content.kind == kind
    }
    if let index = samples.firstIndex(where: isSame) {
      samples[index] = record
    } else if samples(of: kind).count < Self.mostSamples {
      samples.append(record)
    }
  }

  /// More than any screen shows; a damaged log may hold any number of titles.
  private static let mostSamples = 32
}
