// What a viewer sends: commands as lines, under ids of its own.
import Basics
import Foundation
import RunRecords
import Training

/// Where lines of commands go.
protocol CommandOutlet: AnyObject {
  /// Whether there still is a run that reads them.
  var isHeard: Bool { get }

  /// Hands on a line with its line feed, whole.
  ///
  /// - Throws: `ProgramError` if it cannot be written.
  func write(_ line: [UInt8]) throws(ProgramError)
}

/// Gives commands their ids.
final class CommandWriter {
  private let outlet: any CommandOutlet
  private let runID: String?
  /// Who asks.
  let name: String
  /// What tells the ids of programs of the same name apart.
  private let session: String
  private var count = 0

  init(to outlet: any CommandOutlet, runID: String?, name: String?) {
    session = name == nil ? "" : RunOrigin.newRunID() + "-"
    self.name = name ?? RunOrigin.newRunID()
    self.outlet = outlet
    self.runID = runID
  }

  var isHeard: Bool { outlet.isHeard }

  /// Appends a command; its id, nil if it has none.
  ///
  /// - Throws: `ProgramError` if it cannot be written.
  @discardableResult
  func append(_ wish: CommandRequest.Wish, expires: WallTime? = nil) throws(ProgramError) -> String?
  {
    var id: String?
    if wish != .watch {
      count += 1
      id = "\(name).\(session)\(count)"
    }
    let request = CommandRequest(wish, id: id, runID: runID, expires: expires)
    guard let line = request.line else { return nil }
    try outlet.write(line)
    return id
  }
}

/// A run's file of commands on this file system.
final class CommandFileOutlet: CommandOutlet {
  private let path: String
  private let descriptor: Int32

  /// Opens the file to append to; it is never made.
  ///
  /// - Throws: `ProgramError` if nobody listens.
  init(besideLog log: String) throws(ProgramError) {
    path = CommandFile.path(besideLog: log)
    descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG
    else {
      let reason = descriptor < 0 ? systemMessage() : "another kind of file"
      throw .notListening(path, reason)
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// The run may have ended, and its file be gone while it is still open here.
  var isHeard: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_nlink > 0
  }

  func write(_ line: [UInt8]) throws(ProgramError) {
    // In one call: lines of others are not to stand in between.
    guard Foundation.write(descriptor, line, line.count) == line.count else {
      throw ProgramError(
        "\(path): cannot write: \(systemMessage()): check the file system",
        status: ProgramError.Status.output)
    }
  }
}

extension ProgramError {
  /// A run that takes no commands.
  static func notListening(_ path: String, _ reason: String) -> ProgramError {
    ProgramError(
      "\(path): expected a run that listens, found none: \(reason): it has ended, or was started with "
        + "--no-steer or to be compared", status: ProgramError.Status.notFound)
  }
}
