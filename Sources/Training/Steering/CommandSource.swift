// Who a run's command comes from, and so who waits for an answer.
import RunRecords

/// Where a command comes from.
enum CommandSource: Sendable, Equatable {
  /// A key of this program, or an earlier log's event: nobody waits for an answer.
  case program
  /// A line of the file of commands.
  case file(id: String?, expires: WallTime?)

  /// Whose changes an undo takes back; nil: those of this program's keys.
  var asker: String? {
    switch self {
    case .program: nil
    case .file(let id, _): CommandRequest.asker(id) ?? ""
    }
  }
}
