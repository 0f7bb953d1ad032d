// A report's text in a file that is whole or not there, or on standard output.
import Basics
import Foundation
import Training

enum ReportFile {
  /// Writes to a temporary name and renames it; '-' is standard output.
  ///
  /// - Throws: `ProgramError` if it cannot be written.
  static func write(_ text: String, to path: String) throws {
    guard path != "-" else {
      try writeToStandardOutput(text)
      return
    }
    do {
      var file = try FileReplacement(of: path)
      try file.append(Array(text.utf8))
      try file.commit()
    } catch {
      throw ProgramError(
        "report: \(path): \(error.problem): \(error.hint)", status: ProgramError.Status.output)
    }
  }
}
