// What goes into a run's mailbox, and how a run ends.
import RunRecords

/// How a run ended.
package enum RunOutcome: Sendable {
  case ended(EndRecord.Reason)
  /// It could not start or continue.
  case failed(any Error)
}

/// What the training queue receives.
enum Order: Sendable {
  case command(Command, CommandSource = .program)
  /// A signal ends the run.
  case interrupt

  /// What the run has ended with once this is carried out; nil if it continues.
  var end: EndRecord.Reason? {
    switch self {
    case .interrupt: .interrupted
    case .command(.stop, _): .stopped
    case .command: nil
    }
  }
}
