// Reads a recorded run from a file, record by record.
import Basics
import Foundation

extension ProgramError {
  /// A log that cannot be read.
  package static func cannotOpen(path: String, reason: String) -> ProgramError {
    ProgramError(
      .log, .unreadable, path, "expected a readable file: \(reason)", "check the path")
  }

  /// A log with something else in it than records.
  package static func bad(path: String, line: Int, problem: String) -> ProgramError {
    ProgramError(
      .log, .bad, path, "line \(line): \(problem)",
      "give a .jsonl log of 'maxnorm run --log', from its start")
  }
}

/// Lines of a log that are not records.
package struct SkippedLines: Sendable, Equatable {
  package private(set) var count = 0
  /// The first of them, and what is wrong with it.
  package private(set) var first: First?
  /// Why the log is not whole, where its file says so.
  var damage: String?

  package struct First: Sendable, Equatable {
    package var line: Int
    package var problem: String
  }

  package init() {}

  mutating func add(line: Int, problem: String) {
    if count == 0 { first = First(line: line, problem: problem) }
    count += 1
  }

  /// "3 lines are no records and were passed over, the first is line 7: expected a record, found other
  /// text"; nil if all are.
  package var sentence: String? {
    let sentences = [damage, linesSentence].compactMap { $0 }
    return sentences.isEmpty ? nil : sentences.joined(separator: "; ")
  }

  private var linesSentence: String? {
    guard let first else { return nil }
    return count == 1
      ? "line \(first.line) is no record and was passed over: \(first.problem)"
      : "\(count) lines are no records and were passed over, the first is line \(first.line): "
        + first.problem
  }
}

/// A log that is open for reading; holds a line or two in memory, however long it is.
package struct RecordFile: ~Copyable, Sendable {
  private var lines: LogLines
  private var hasHeader = false
  /// Whether an end before any record says nothing of the log.
  private var mayBreakOff = false
  private let rules: RecordLineReader.Rules
  private var reader: RecordLineReader
  /// A record that stands behind the header that was made up for it.
  private var held: Record?
  private var otherLines = SkippedLines()

  /// Opens a log, of which perhaps only the first bytes are to be read.
  ///
  /// One that is followed need not exist yet. A lenient reader also takes packed logs and those of other
  /// programs; `senses` says what their tags mean.
  ///
  /// - Throws: `ProgramError` if it cannot be opened.
  package init(
    at path: String, _ rules: RecordLineReader.Rules, upTo bytes: Int = .max,
    growth: LogGrowth = .none, senses: FigureSenses = .standard
  ) throws(ProgramError) {
    if rules == .lenient, growth == .none, let log = try TranslatedLog(of: path, senses) {
      lines = LogLines(log, named: path)
    } else {
      if growth == .appended, let log = LogHead(path: path),
        let format = ForeignLogs.formatName(of: log)
      {
        throw ProgramError(
          .log, .bad, path, "expected records to follow, found \(format)",
          "replay it as far as it goes, without --follow")
      }
      lines = try LogLines(at: path, upTo: bytes, growth: growth)
    }
    (self.rules, reader) = (rules, RecordLineReader(rules))
  }

  /// Records that come on standard input, of whatever program.
  package init(standardInputNamed name: String) {
    lines = LogLines(pipe: dup(STDIN_FILENO), named: name, from: .beginning)
    (rules, reader) = (.lenient, RecordLineReader(.lenient))
  }

  /// Records of a log that another program writes into a pipe, from a place on.
  ///
  /// What comes before a line that is the marker does not belong to it. The pipe is closed at the end. It
  /// may break off anywhere: its end is no error.
  package init(pipe: Int32, named name: String, from start: LogStart, behind marker: String) {
    lines = LogLines(pipe: pipe, named: name, from: start, behind: Array(marker.utf8))
    (rules, reader) = (.lenient, RecordLineReader(.lenient))
    (hasHeader, mayBreakOff) = (true, true)
  }

  /// The lines so far that are not records, of which a strict reader has none, and what is missing.
  package var skippedLines: SkippedLines {
    var skippedLines = otherLines
    skippedLines.damage = lines.damage
    return skippedLines
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

  /// Where another pipe is to begin that brings what this one has not.
  package var place: LogStart { lines.place }

  /// Waits for more, but no longer than so.
  package func wait(milliseconds: Int32) { lines.wait(milliseconds: milliseconds) }

  /// Goes to what was the position once; the next record is the one behind it.
  package mutating func seek(to place: LogPosition) { lines.seek(to: place) }

  /// Goes to about `bytes` before the end, at the beginning of a line.
  package mutating func seek(backFromEnd bytes: Int) { lines.seek(backFromEnd: bytes) }

  /// Passes over records of these types from now on, which is fast: their lines are not read.
  package mutating func leaveOut(_ types: [String]) {
    reader = RecordLineReader(rules, leavingOut: types)
  }

  /// All records of a log.
  ///
  /// - Throws: `ProgramError`.
  package static func records(
    at path: String, _ rules: RecordLineReader.Rules = .strict
  ) throws(ProgramError) -> [Record] {
    var file = try RecordFile(at: path, rules)
    var records: [Record] = []
    while let record = try file.next() { records.append(record) }
    return records
  }

  /// The next record; nil at the end, which includes a torn last line, or if there is none yet.
  ///
  /// Types and actions of later versions are skipped. A lenient reader skips lines that are not
  /// records, and puts a header with the file's name before records without one.
  ///
  /// - Throws: `ProgramError` if a strict reader meets a whole line that is not a record, or a
  ///   first one that is not a header; if a lenient one finds no record in the whole file.
  package mutating func next() throws(ProgramError) -> Record? {
    if let record = held {
      held = nil
      return record
    }
    while let bytes = try lines.next() {
      // A file that was replaced begins with another header.
      if position.line == 1 { hasHeader = false }
      let record: Record?
      do {
        record = try reader.record(on: bytes)
      } catch {
        let problem = Self.problem(of: error)
        guard rules == .lenient else { throw bad(problem) }
        otherLines.add(line: position.line, problem: problem)
        continue
      }
      guard let record else { continue }
      if case .header = record {
        hasHeader = true
      } else if !hasHeader {
        guard rules == .lenient else {
          throw bad("expected a header record first, found another")
        }
        hasHeader = true
        held = record
        return .header(
          RunHeader((lines.path as NSString).lastPathComponent) {
            ($0.program, $0.version) = (nil, nil)
          })
      }
      return record
    }
    guard hasHeader || !isAtEnd || mayBreakOff else {
      let line = otherLines.first?.line ?? position.line + 1
      throw .bad(
        path: lines.path, line: line,
        problem: otherLines.first?.problem ?? "expected a header record, found the end")
    }
    return nil
  }

  private func bad(_ problem: String) -> ProgramError {
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
    // Text that is not JSON at all has no path.
    case .dataCorrupted(let context) where !context.codingPath.isEmpty:
      "\(context.debugDescription) at '\(context.codingPath.map(\.stringValue).joined(separator: "."))'"
    default: "expected a record, found other text"
    }
  }
}
