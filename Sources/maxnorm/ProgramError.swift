// Which exit status an error has, and the line that tells of it.
import ArgumentParser
import Datasets
import Experiments
import Foundation
import Reports
import Resources
import RunRecords
import Terminal
import TerminalUI
import Training

/// An error as the user meets it.
struct ProgramError: Error {
  var message: String
  var status: Int32

  /// A status of sysexits.h, or our own; `maxnorm help troubleshooting` lists them.
  enum Status {
    static let failure: Int32 = 1
    static let diverged: Int32 = 3
    static let usage: Int32 = 64
    static let badData: Int32 = 65
    static let notFound: Int32 = 66
    static let output: Int32 = 74
    /// No answer: it may come later.
    static let temporary: Int32 = 75
  }

  init(_ message: String, status: Int32) {
    self.message = message
    self.status = status
  }

  /// Nil for an error of the argument parser.
  init?(_ error: any Error) {
    switch error {
    case let error as ProgramError: self = error
    case let error as ExperimentError: self.init(error.description, status: Status.usage)
    case let error as ExperimentNotFound:
      self.init(error.description, status: error.isFile ? Status.notFound : Status.usage)
    case let error as DatasetError:
      if case .unreadable = error {
        self.init(error.description, status: Status.notFound)
      } else {
        self.init(error.description, status: Status.badData)
      }
    case let error as RecordFileError:
      if case .cannotOpen = error {
        self.init(error.description, status: Status.notFound)
      } else {
        self.init(error.description, status: Status.badData)
      }
    case let error as GatheringError:
      self.init(error.description, status: error.isUsage ? Status.usage : Status.badData)
    case let error as LogError:
      self.init(error.description, status: error.isUsage ? Status.usage : Status.output)
    case let error as WeightsError:
      let status =
        switch error.kind {
        case .unreadable: Status.notFound
        case .bad: Status.badData
        case .unwritable: Status.output
        }
      self.init(error.description, status: status)
    case let error as CheckpointError:
      let status =
        switch error.kind {
        case .unreadable: Status.notFound
        case .bad: Status.badData
        case .usage: Status.usage
        case .unwritable: Status.output
        }
      self.init(error.description, status: status)
    case let error as ShippedFiles.Missing: self.init(error.description, status: Status.notFound)
    case let error as TerminalError:
      if case .system = error {
        self.init(error.description, status: Status.failure)
      } else {
        self.init(error.description, status: Status.usage)
      }
    default: return nil
    }
  }
}

/// What the program exits with after an error.
func exitStatus(of error: any Error) -> Int32 {
  (error as? ExitCode)?.rawValue ?? ProgramError(error)?.status ?? ProgramError.Status.failure
}

/// The folder of `--data`.
enum DataFolder {
  /// - Throws: `ProgramError` where there is none: data that ships would hide the slip.
  static func check(_ path: String) throws(ProgramError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw ProgramError(
        "--data: \(path): expected a folder: \(String(cString: strerror(errno))): check the path",
        status: ProgramError.Status.notFound)
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw ProgramError(
        "--data: \(path): expected a folder, found a file: give the folder that data sets lie in",
        status: ProgramError.Status.notFound)
    }
  }
}
