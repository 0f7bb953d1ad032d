// A segment for those who read a run without a screen: every record taken in, events in sentences.
import RunRecords

extension RunSegment {
  /// Takes in any record of the segment but a header, which opens another one.
  package mutating func take(_ record: Record) {
    switch record {
    case .header, .refused: break
    case .step(let record): take(record)
    case .norms(let record): take(record)
    case .evaluation(let record): take(record)
    case .sample(let record): take(record)
    case .event(let record): take(record)
    case .end(let record): take(record)
    case .twin(let record): take(record)
    }
  }

  /// What an event that is about to be taken in does: "constraint on, 57 units brought back to 1.50".
  package func sentence(of event: EventRecord) -> String {
    let happening = happening(of: event)
    if happening.detail.isEmpty { return happening.title }
    // "(observing)" stands right behind what it says more of.
    let comma = happening.detail.hasPrefix("(") ? "" : ","
    return "\(happening.title)\(comma) \(happening.detail)"
  }
}
