// The status line in words: what happened, what was asked for, what a key could not do.
import RunHistory
import RunRecords

/// The answer to a key, or a trouble.
package struct Notice: Sendable, Equatable {
  package var text: String
  package var kind: Kind
  /// When it has been shown long enough; nil: until the next key.
  package var until: Double?

  package enum Kind: Sendable, Equatable {
    /// An answer to a key that changed something here.
    case answer
    /// The key had nothing to act on.
    case refusal
    /// Something went wrong.
    case trouble
  }

  package init(_ text: String, kind: Kind, until: Double?) {
    self.text = text
    self.kind = kind
    self.until = until
  }
}

/// What the program still has to do before it ends.
package struct Stopping: Sendable, Equatable {
  /// The file that is being written; nil: none, or not yet.
  package var writing: String?
}

/// A command on its way to the run.
package struct PendingChange: Sendable, Equatable {
  package var command: Command
  /// What was asked for: "constraint off"; the view adds the dots.
  package var text: String
}

/// A piece of the status line, most important first.
package enum StatusItem: Sendable, Equatable {
  case stopping(Stopping)
  case pending(PendingChange)
  case notice(Notice)
  case happening(Happening)
}

extension DashboardModel {
  /// What the status line should show, as far as there is room: what was asked for, the answer to the
  /// last key, then what happened, the latest first.
  package var statusItems: [StatusItem] {
    var items: [StatusItem] = []
    if let stopping { items.append(.stopping(stopping)) }
    if let notice { items.append(.notice(notice)) }
    items += pending.suffix(1).map(StatusItem.pending)
    items += happenings.suffix(3).reversed().map(StatusItem.happening)
    return items
  }
}
