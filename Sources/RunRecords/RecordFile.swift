// Reads a recorded run from a file, record by record.
import Foundation

/// A log that cannot be read.
package enum RecordFileError: Error, Equatable, CustomStringConvertible {
  case cannotOpen(path: String, reason: String)
  case bad(path: String, line: Int, problem: String)

  package var description: String {
    switch self {
    case .cannotOpen(let path, let reason):
      "log: \(path): expected a readable file: \(reason): check the path"
    case .bad(let path, let line, let problem):
      "log: \(path): line \(line): \(problem): give a .jsonl log of 'maxnorm run --log', from its start"
    }
  }
}

/// A log that is open for reading; holds a line or two in memory, however long it is.
package struct RecordFile: ~Copyable {
  private var lines: LogLines
  private var hasHeader = false
  private var reader = RecordLineReader()

  /// Opens a log, of which perhaps only the first bytes are to be read.
  ///
  /// One that is followed need not be there yet.
  ///
  /// - Throws: `RecordFileError` where there is none.
  package init(
    at path: String, upTo bytes: Int = .max, growth: LogGrowth = .none
  ) throws(RecordFileError) {
    lines = try LogLines(at: path, upTo: bytes, growth: growth)
  }

  /// Records that come on standard input.
  package init(standardInputNamed name: String) {
    lines = LogLines(standardInputNamed: name)
  }

  /// Whether nothing will ever come any more; a file that is followed has no such end.
  package var isAtEnd: Bool { lines.isAtEnd }
  /// The size of the log so far in bytes; nil for a pipe.
  package var size: Int? { lines.size }
  /// Behind the record that was read last.
  package var position: LogPosition { lines.position }
  /// How often a file that is followed was replaced or cut, and read from its start again.
  package var restarts: Int { lines.restarts }
  /// What to poll until a pipe has more.
  package var descriptor: Int32 { lines.waitDescriptor }

  /// Goes to what was the position once; the next record is the one behind it.
  package mutating func seek(to place: LogPosition) { lines.seek(to: place) }

  /// Passes over records of these types from now on, which is fast: their lines are not read.
  package mutating func leaveOut(_ types: [String]) {
    reader = RecordLineReader(leavingOut: types)
  }

  /// All records of a log.
  ///
  /// - Throws: `RecordFileError`.
  package static func records(at path: String) throws(RecordFileError) -> [Record] {
    var file = try RecordFile(at: path)
    var records: [Record] = []
    while let record = try file.next() { records.append(record) }
    return records
  }

  /// The next record; nil at the end, which a torn last line is too, or where none is there yet.
  ///
  /// Types and actions of later versions are skipped.
  ///
  /// - Throws: `RecordFileError` where a whole line is no record, or the first is no header.
  package mutating func next() throws(RecordFileError) -> Record? {
    while let bytes = try lines.next() {
      // A file that was replaced begins with a header of its own.
      if position.line == 1 { hasHeader = false }
      let record: Record?
      do {
        record = try reader.record(on: bytes)
      } catch {
        throw bad(Self.problem(of: error))
      }
      guard let record else { continue }
      if case .header = record { hasHeader = true }
      guard hasHeader else { throw bad("expected a header record first, found another") }
      return record
    }
    guard hasHeader || !isAtEnd else {
      throw .bad(
        path: lines.path, line: position.line + 1,
        problem: "expected a header record, found the end")
    }
    return nil
  }

  private func bad(_ problem: String) -> RecordFileError {
    .bad(path: lines.path, line: position.line, problem: problem)
  }

  /// What keeps a line from being a record.
  private static func problem(of error: any Error) -> String {
    switch error as? DecodingError {
    case .keyNotFound(let key, _):
      "expected a record with the key '\(key.stringValue)', found none"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "expected another kind of value at "
        + "'\(context.codingPath.map(\.stringValue).joined(separator: "."))'"
    // Text that is no JSON at all has no path.
    case .dataCorrupted(let context) where !context.codingPath.isEmpty:
      "\(context.debugDescription) at '\(context.codingPath.map(\.stringValue).joined(separator: "."))'"
    default: "expected a record, found other text"
    }
  }
}
