// Records that wait for the screen, bounded though nobody may read it.
import RunRecords

/// Records in their order; past a number of them the less important ones are thinned.
struct WaitingRecords {
  private var records: [Record] = []

  private static let most = 4096

  mutating func append(_ further: [Record]) {
    records += further
    if records.count > Self.most { thin() }
  }

  /// The records since the last call.
  mutating func take() -> [Record] {
    defer { records.removeAll(keepingCapacity: true) }
    return records
  }

  /// Drops every second evaluation, all norms but the latest, and all samples but the latest of each
  /// kind and title.
  private mutating func thin() {
    let lastNorms = records.lastIndex { if case .norms = $0 { true } else { false } }
    var lastSamples: [SampleKey: Int] = [:]
    for (index, record) in records.enumerated() {
      if case .sample(let sample) = record { lastSamples[SampleKey(sample)] = index }
    }
    var keepsNext = false
    var keepsNextOfTwin = false
    records = records.enumerated().filter { index, record in
      switch record {
      case .evaluation:
        keepsNext.toggle()
        return keepsNext
      case .twin(.evaluation):
        keepsNextOfTwin.toggle()
        return keepsNextOfTwin
      case .norms: return index == lastNorms
      case .sample(let sample): return index == lastSamples[SampleKey(sample)]
      case .header, .step, .event, .end, .refused, .twin, .rank: return true
      }
    }.map(\.element)
  }

  /// By what a later sample replaces an earlier one: equal titles may be of different kinds.
  private struct SampleKey: Hashable {
    let kind: SampleRecord.Content.Kind
    let title: String

    init(_ sample: SampleRecord) {
      kind = sample.content.kind
      title = sample.title
    }
  }
}
