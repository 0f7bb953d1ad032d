// What went wrong, as a person meets it: one line, and what the exit status goes by.

/// An error with all that its line says.
package struct ProgramError: Error, Equatable, CustomStringConvertible {
  /// What it is about: the first word of the line.
  package enum Subject: String, Sendable {
    case experiment, data, weights, checkpoint, log
    case screen = "no screen"
    case shippedFiles = "shipped files"
    /// The place says it: an option, a command.
    case none = ""
  }

  /// What kind of thing went wrong: the exit status, after sysexits.h.
  package enum Kind: Int32, Sendable {
    /// A failure while running.
    case failure = 1
    /// An option, or an experiment that cannot be run as it is written.
    case usage = 64
    /// A file that does not hold what it should.
    case bad = 65
    /// No such file, or no permission.
    case unreadable = 66
    /// A file that could not be written; what stood there stands there still.
    case unwritable = 74
    /// No answer: it may come later.
    case temporary = 75
  }

  package var subject: Subject
  package var kind: Kind
  /// A file, a key's path, an option; empty if the subject says it all.
  package var place: String
  /// What was expected, and what was found.
  package var problem: String
  /// What to try; empty if nobody knows.
  package var hint: String
  /// The reader of a pipe went away: the quiet end of `| head`.
  package var isClosedPipe = false

  package init(
    _ subject: Subject, _ kind: Kind, _ place: String, _ problem: String, _ hint: String = ""
  ) {
    self.subject = subject
    self.kind = kind
    self.place = place
    self.problem = problem
    self.hint = hint
  }

  /// A line that is written already.
  package init(_ line: String, _ kind: Kind) {
    self.init(.none, kind, "", line)
  }

  package var status: Int32 { kind.rawValue }

  /// One line.
  package var description: String {
    [subject.rawValue, place, problem, hint].filter { !$0.isEmpty }.joined(separator: ": ")
  }
}
