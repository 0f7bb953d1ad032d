// A segment for those who read a run without a screen: every record taken in, events in sentences.
import RunRecords

extension RunSegment {
  /// Takes in any record of the segment but a header, which opens another one.
  package mutating func apply(_ record: Record) {
    switch record {
    case .header, .refused: break
    case .step(let record): apply(record)
    case .norms(let record): apply(record)
    case .evaluation(let record): apply(record)
    case .sample(let record): apply(record)
    case .event(let record): apply(record)
    case .end(let record): apply(record)
    case .twin(let record): apply(record)
    case .rank(let record): apply(record)
    }
  }

  /// What an event that is about to be taken in does: "constraint on, 57 units brought back to 1.50".
  package func sentence(of event: EventRecord) -> String {
    let text = text(of: event)
    if text.detail.isEmpty { return text.title }
    // "(observing)" stands right behind what it says more of.
    let comma = text.detail.hasPrefix("(") ? "" : ","
    return "\(text.title)\(comma) \(text.detail)"
  }
}
