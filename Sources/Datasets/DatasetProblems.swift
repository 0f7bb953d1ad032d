// What is wrong with data, and the bytes of a file of data.
import Basics
import Foundation
import Resources

extension ProgramError {
  /// Data that cannot be had: the file, and the system's reason.
  package static func unreadable(path: String, reason: String, hint: String) -> ProgramError {
    ProgramError(
      .data, .unreadable, path.onOneLine, "expected a readable file: \(reason)".onOneLine,
      hint.onOneLine)
  }

  /// Data that cannot be used: where, and what was expected and found.
  package static func bad(place: String, problem: String, hint: String) -> ProgramError {
    ProgramError(.data, .bad, place.onOneLine, problem.onOneLine, hint)
  }
}

extension String {
  /// What a file holds, quoted in a message, may be long and have line feeds in it.
  fileprivate var onOneLine: String {
    let limit = 500
    let line = String(
      String.UnicodeScalarView(
        unicodeScalars.prefix(limit).map {
          $0.properties.generalCategory == .control || $0.properties.isWhitespace ? " " : $0
        }))
    return unicodeScalars.count > limit ? line + "…" : line
  }
}

/// The bytes of a file of data.
///
/// No more than memory holds `copies` times: what becomes of the bytes needs room beside them.
func datasetBytes(
  at url: URL, hint: String, copies: Int = 1
) throws(ProgramError) -> [UInt8] {
  let bounds = FileBounds(takesPipes: true, mostBytes: MachineMemory.available / copies)
  do {
    return try fileContents(url.path, within: bounds)
  } catch  where error.isUnsuitable {
    throw .bad(
      place: url.path, problem: "expected a file that fits memory, found: \(error.reason)",
      hint: hint)
  } catch {
    throw .unreadable(path: url.path, reason: error.reason, hint: hint)
  }
}
