// The events of an earlier run, to be repeated at their steps.
import Foundation
import RunRecords

/// What an earlier run was told, in order.
package struct EventSchedule: Sendable, Equatable {
  private var items: ArraySlice<Item>

  /// A command, and when it takes effect.
  struct Item: Sendable, Equatable {
    var step: Int
    var command: Command
    var undo: Bool
    /// It came after the end of its segment.
    var afterEnd: Bool
  }

  /// No events.
  package init() { items = [] }

  /// The events of a recorded run; pauses are left out.
  package init(_ records: some Sequence<Record>) {
    var items: [Item] = []
    var hasEnded = false
    for record in records {
      switch record {
      case .header: hasEnded = false
      case .end: hasEnded = true
      case .event(let event):
        guard let command = Command(repeating: event) else { continue }
        items.append(
          Item(step: event.step, command: command, undo: event.undo, afterEnd: hasEnded))
      default: break
      }
    }
    self.items = items[...]
  }

  /// The next event, if it is due after `step` steps; the end of a segment counts as a time of its own.
  mutating func next(at step: Int, afterEnd: Bool) -> Item? {
    guard let first = items.first, first.step == step, first.afterEnd == afterEnd else {
      return nil
    }
    return items.popFirst()
  }
}
