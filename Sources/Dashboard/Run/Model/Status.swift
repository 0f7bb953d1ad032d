// The status line in words: what happened, what was asked for, what a key could not do.
import RunHistory
import RunRecords

/// A command on its way to the run.
package struct PendingChange: Sendable, Equatable {
  package var command: Command
  /// What was asked for: "constraint off"; the view adds the dots.
  package var text: String
  /// The number in its id, where a run of another process is asked; nil: the run is this program's.
  var number: Int?
  /// When it was asked for.
  var since = 0.0
}

/// A piece of the status line, most important first.
package enum StatusItem: Sendable, Equatable {
  case stopping(Stopping)
  case pending(PendingChange)
  case notice(Notice)
  case event(EventText)
}

extension DashboardModel {
  /// What the status line should show, as far as there is room: the end that is near, the answer
  /// to the last key, the last command without an answer, then what happened, the latest first.
  package var statusItems: [StatusItem] {
    var items: [StatusItem] = []
    if let stopping = shell.stopping { items.append(.stopping(stopping)) }
    if let notice = shell.notice { items.append(.notice(notice)) }
    items += pending.suffix(1).map(StatusItem.pending)
    items += eventTexts.suffix(3).reversed().map(StatusItem.event)
    return items
  }
}
