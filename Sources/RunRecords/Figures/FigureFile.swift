// A log that is gone over for its figures alone, from any line on.
import Basics
import Foundation

/// The lines of a log of records as figures.
package struct FigureFile: ~Copyable {
  private var lines: LogLines
  private var scanner = FigureScanner()
  private let reader = RecordLineReader(.lenient)
  private var bytes: ArraySlice<UInt8> = []

  /// - Throws: `ProgramError` if there is no such file.
  package init(at path: String, from place: LogPosition = LogPosition()) throws(ProgramError) {
    lines = try LogLines(at: path, upTo: .max, growth: .none)
    if place.offset > 0 { lines.seek(to: place) }
  }

  /// Behind the line that was read last.
  package var position: LogPosition { lines.position }
  package var line: FigureScanner.Line { scanner.line }
  package var names: [String] { scanner.names }

  /// Goes to the next line that is a JSON object; false if there is none.
  package mutating func next() throws(ProgramError) -> Bool {
    // What is read last may not stay here while lines move on in their buffer.
    bytes = []
    while let line = try lines.next() {
      guard scanner.scan(line) else { continue }
      switch scanner.line.kind {
      case .header, .end: bytes = line
      case .step, .evaluation, .event, .other, .untyped: break
      }
      return true
    }
    return false
  }

  /// The record of the present line where that is a header or an end; nil for others.
  package var record: Record? { bytes.isEmpty ? nil : try? reader.record(on: bytes) }
}
