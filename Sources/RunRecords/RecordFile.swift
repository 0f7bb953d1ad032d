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
      "log: \(path): line \(line): \(problem): give a .jsonl log of 'maxnorm run --log'"
    }
  }
}

/// A log that is open for reading; holds a line or two in memory, however long it is.
package struct RecordFile: ~Copyable {
  private let path: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var position = 0
  private var line = 0
  private var isAtEnd = false
  private var hasHeader = false
  /// Bytes of the file that are still to be read.
  private var bytesLeft: Int
  /// Bytes of the file that have been read.
  package private(set) var bytesRead = 0
  private var reader = RecordLineReader()

  /// A record of a million norms is a tenth of that: a longer line is no log.
  private static let longestLine = 1 << 28

  /// Opens a log, of which perhaps only the first bytes are to be read.
  ///
  /// - Throws: `RecordFileError` where there is none.
  package init(at path: String, upTo bytes: Int = .max) throws(RecordFileError) {
    self.path = path
    bytesLeft = bytes
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
    }
  }

  deinit { close(descriptor) }

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

  /// The next record; nil at the end, which a torn last line is too.
  ///
  /// Types and actions of later versions are skipped.
  ///
  /// - Throws: `RecordFileError` where a whole line is no record, or the first is no header.
  package mutating func next() throws(RecordFileError) -> Record? {
    while let bytes = try nextLine() {
      let record: Record?
      do {
        record = try reader.record(on: bytes)
      } catch {
        throw .bad(path: path, line: line, problem: Self.problem(of: error))
      }
      guard let record else { continue }
      if case .header = record { hasHeader = true }
      guard hasHeader else {
        throw .bad(path: path, line: line, problem: "expected a header record first, found another")
      }
      return record
    }
    guard hasHeader else {
      throw .bad(path: path, line: line + 1, problem: "expected a header record, found the end")
    }
    return nil
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

  /// The bytes of the next whole line; nil at the end.
  private mutating func nextLine() throws(RecordFileError) -> ArraySlice<UInt8>? {
    var searched = position
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { position = end + 1 }
        line += 1
        return buffer[position..<end]
      }
      guard !isAtEnd else { return nil }
      guard buffer.count - position < Self.longestLine else {
        throw .bad(path: path, line: line + 1, problem: "expected a line end, found none in 256 MB")
      }
      buffer.removeFirst(position)
      position = 0
      searched = buffer.count
      try fill()
    }
  }

  private mutating func fill() throws(RecordFileError) {
    let size = min(1 << 18, bytesLeft)
    var chunk = [UInt8](repeating: 0, count: size)
    let count = read(descriptor, &chunk, size)
    if count < 0 {
      guard errno != EINTR else { return }
      throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
    }
    bytesLeft -= count
    bytesRead += count
    isAtEnd = count == 0
    buffer += chunk[..<count]
  }
}
