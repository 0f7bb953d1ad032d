// A run that another process makes: where its log and its commands are, found by what a person types.
import Basics
import Foundation
import RunRecords
import Training

/// A run by its log.
struct LoggedRun {
  let log: String
  /// What its header says, as far as there is one yet.
  let header: RunHeader?
  /// What the folder of live runs knows of it.
  let entry: RunEntry?

  var runID: String? { header?.origin?.runID ?? entry?.runID }

  /// Finds a run by its log, or by its id or name among the live ones.
  ///
  /// - Throws: `ProgramError` if there is no such run, or more than one.
  init(_ text: String, among entries: [RunEntry]) throws {
    var status = stat()
    let isFile = stat(text, &status) == 0 && status.st_mode & S_IFMT != S_IFDIR
    let path = URL(fileURLWithPath: text).standardizedFileURL.path
    guard !isFile else {
      try self.init(log: text, entries.first { $0.log == path })
      return
    }
    let found = entries.filter { entry in
      entry.state == .live
        && (entry.runID.hasPrefix(text) || entry.name == text || entry.log == path
          || (entry.log as NSString).lastPathComponent == text)
    }
    guard let entry = found.first else {
      throw ProgramError(
        "\(text): expected a log, or the id or name of a live run, found neither: "
          + "'maxnorm attach' lists the live ones", status: ProgramError.Status.notFound)
    }
    guard found.count == 1 else {
      throw ProgramError(
        "\(text): expected one live run, found \(found.count): "
          + "\(found.map(\.runID).joined(separator: ", ")): give the id",
        status: ProgramError.Status.usage)
    }
    try self.init(log: entry.log, entry)
  }

  init(log: String, _ entry: RunEntry?) throws {
    self.log = log
    self.entry = entry
    var file = try RecordFile(at: log, .lenient, growth: .appended)
    if case .header(let header)? = try file.next() { self.header = header } else { header = nil }
  }

  /// Opens the file of commands to append to; it is never created.
  ///
  /// - Throws: `ProgramError` if nobody listens.
  ///
  /// The ids of commands are `NAME.NUMBER`, with a name that is unique or one that several programs
  /// share; an undo takes back what the same name has changed.
  func openCommands(
    as name: String? = nil
  ) throws(ProgramError) -> CommandWriter {
    let path = CommandFile.path(besideLog: log)
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG
    else {
      let reason = descriptor < 0 ? systemMessage() : "another kind of file"
      if descriptor >= 0 { close(descriptor) }
      throw ProgramError(
        "\(path): expected a run that listens, found none: \(reason): it has ended, or was started "
          + "with --no-steer or to be compared", status: ProgramError.Status.notFound)
    }
    return CommandWriter(path: path, descriptor: descriptor, runID: runID, name: name)
  }
}

/// Appends commands to a run's file, with their ids.
final class CommandWriter {
  private let path: String
  private let descriptor: Int32
  private let runID: String?
  /// Who asks.
  let name: String
  /// What distinguishes the ids of programs of the same name.
  private let session: String
  private var count = 0

  fileprivate init(path: String, descriptor: Int32, runID: String?, name: String?) {
    session = name == nil ? "" : RunOrigin.newRunID() + "-"
    self.name = name ?? RunOrigin.newRunID()
    self.path = path
    self.descriptor = descriptor
    self.runID = runID
  }

  deinit { close(descriptor) }

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
    // In one call: lines of others are not to stand in between.
    guard write(descriptor, line, line.count) == line.count else {
      throw ProgramError(
        "\(path): cannot write: \(systemMessage()): check the file system",
        status: ProgramError.Status.output)
    }
    return id
  }

  /// The run may have ended, and its file be gone while it is still open here.
  var isHeard: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_nlink > 0
  }
}
