// The events of an earlier run, to be repeated at their steps.
import Basics
import Foundation
import RunRecords

/// The commands of an earlier run, in order.
package struct EventSchedule: Sendable, Equatable {
  var items: ArraySlice<Item>
  /// The end of the segment being read has been seen.
  private var hasEnded = false
  /// The index of its first event.
  private var segmentStart = 0
  /// The segment has steps: it is more than a list of events, which would say nothing about
  /// evaluations.
  private var hasSteps = false
  /// The step of the segment's last evaluation so far.
  private var evaluatedStep: Int?

  /// A command, and when it takes effect.
  struct Item: Sendable, Equatable {
    /// The segment as the log has it.
    var event: EventRecord
    var command: Command
    /// It came after the end of its segment.
    var afterEnd: Bool
    /// It came before the evaluation of its step, if there was one.
    var beforeEvaluation = false
    var step: Int { event.step }
  }

  /// No events.
  package init() { items = [] }

  /// The events of a recorded run; pauses are left out.
  package init(_ records: some Sequence<Record>) {
    self.init()
    for record in records { add(record) }
  }

  /// The events of a log; of everything else in it nothing is kept.
  ///
  /// - Throws: `ProgramError`.
  package init(contentsOf path: String) throws(ProgramError) {
    self.init()
    var file = try RecordFile(at: path, .strict)
    while let record = try file.next() { add(record) }
  }

  private mutating func add(_ record: Record) {
    switch record {
    case .header:
      (hasEnded, hasSteps, evaluatedStep) = (false, false, nil)
      segmentStart = items.endIndex
    case .step: hasSteps = true
    case .evaluation(let record):
      evaluatedStep = record.step
      for index in items.indices[segmentStart...] where items[index].step == record.step {
        items[index].beforeEvaluation = !items[index].afterEnd
      }
    case .end: hasEnded = true
    case .event(let event):
      guard let command = Command(repeating: event) else { return }
      items.append(
        Item(
          event: event, command: command, afterEnd: hasEnded,
          beforeEvaluation: hasSteps && evaluatedStep != event.step))
      // The run continued from there.
      if event.action == .extend { hasEnded = false }
    case .norms, .sample, .refused, .twin, .rank: break
    }
  }

  /// How many events have not been due so far.
  private(set) var skipped = 0
  var unapplied: Int { skipped + items.count }

  /// The next event, if it is due after `step` steps; the end of a segment counts as a separate
  /// time.
  ///
  /// Events of steps that have passed, as a log of other settings may hold, are left out.
  ///
  /// Before the evaluation of a step only what came before it in the log is due.
  mutating func next(at step: Int, afterEnd: Bool, beforeEvaluation: Bool = false) -> Item? {
    while let first = items.first, first.step < step, first.afterEnd == afterEnd {
      items.removeFirst()
      skipped += 1
    }
    guard let first = items.first, first.step == step, first.afterEnd == afterEnd,
      first.beforeEvaluation || !beforeEvaluation
    else { return nil }
    return items.popFirst()
  }

  /// Whether the next event comes before the evaluation of a step that is due.
  func hasItemBeforeEvaluation(at step: Int) -> Bool {
    items.first.map { $0.step == step && $0.beforeEvaluation && !$0.afterEnd } ?? false
  }
}
