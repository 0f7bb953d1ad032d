// Places in a log, and what its end means.

/// What the end of a log means for who reads it.
package enum LogGrowth: Sendable {
  /// The end is the end; where nothing is there yet, reading waits.
  case none
  /// A file that is still written, or not yet there: its end is only the end so far.
  case appended
  /// A pipe: reading never waits, and it ends when its writer does.
  case piped
}

/// A place between two lines.
package struct LogPosition: Sendable, Equatable {
  /// Bytes and lines before it.
  package var offset: Int
  package var line: Int

  package init(offset: Int = 0, line: Int = 0) {
    self.offset = offset
    self.line = line
  }
}

/// Where in a log a pipe begins.
package enum LogStart: Sendable, Equatable {
  case beginning
  /// At a place between two lines.
  case line(LogPosition)
  /// Behind so many bytes, perhaps in the middle of a line, which is then passed over.
  case middle(offset: Int)

  /// Bytes of the log that do not come.
  package var offset: Int {
    switch self {
    case .beginning: 0
    case .line(let position): position.offset
    case .middle(let offset): offset
    }
  }
}
