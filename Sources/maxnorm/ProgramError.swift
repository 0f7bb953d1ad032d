// The exit statuses of the program, and errors of its options.
import ArgumentParser
import Basics
import Foundation

extension ProgramError {
  /// The exit statuses; `maxnorm help troubleshooting` lists them.
  enum Status {
    static let failure = Kind.failure.rawValue
    static let diverged: Int32 = 3
    static let usage = Kind.usage.rawValue
    static let badData = Kind.bad.rawValue
    static let notFound = Kind.unreadable.rawValue
    static let output = Kind.unwritable.rawValue
    /// No answer: it may come later.
    static let temporary = Kind.temporary.rawValue
  }

  /// A line that is written already.
  init(_ line: String, status: Int32) {
    self.init(line, Kind(rawValue: status) ?? .failure)
  }
}

/// What the program exits with after an error.
func exitStatus(of error: any Error) -> Int32 {
  (error as? ExitCode)?.rawValue ?? (error as? ProgramError)?.status
    ?? ProgramError.Status.failure
}

/// The folder of `--data`.
enum DataFolder {
  /// - Throws: `ProgramError` if it is missing: data that ships would hide the slip.
  static func check(_ path: String) throws(ProgramError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw ProgramError(
        "--data: \(path): expected a folder: \(systemMessage()): check the path",
        status: ProgramError.Status.notFound)
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw ProgramError(
        "--data: \(path): expected a folder, found a file: give the folder that data sets lie in",
        status: ProgramError.Status.notFound)
    }
  }
}
