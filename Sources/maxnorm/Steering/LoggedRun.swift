// A run that another process makes: where its log is, found by what a person types.
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

  /// Opens a run by its log, by its id or name among the live ones, or by HOST:PATH.
  ///
  /// What a person has typed is the only place where a host comes from: no log and no entry among the live
  /// runs is one.
  ///
  /// - Throws: `ProgramError` if there is none, or more than one.
  static func open(_ text: String, among entries: [RunEntry]) throws -> any RunChannel {
    if let run = try LoggedRun(text, among: entries) { return LocalChannel(run) }
    if let address = try RemoteAddress(text) { return try RemoteChannel(address) }
    throw ProgramError(
      "\(text): expected a log, HOST:PATH, or the id or name of a live run, found none of them: "
        + "'maxnorm attach' lists the live ones", status: ProgramError.Status.notFound)
  }

  /// Finds a run by its log, or by its id or name among the live ones; nil if there is none.
  ///
  /// - Throws: `ProgramError` if there is more than one.
  init?(_ text: String, among entries: [RunEntry]) throws {
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
    guard let entry = found.first else { return nil }
    guard found.count == 1 else {
      throw ProgramError(
        "\(text): expected one live run, found \(found.count): "
          + "\(found.map(\.runID).joined(separator: ", ")): give the id",
        status: ProgramError.Status.usage)
    }
    try self.init(log: entry.log, entry)
  }

  /// A run by its log, as the folder of live runs knows it.
  ///
  /// - Throws: `ProgramError` if there is no such log.
  init(_ entry: RunEntry) throws {
    var status = stat()
    guard stat(entry.log, &status) == 0 else {
      throw ProgramError(
        "\(entry.log): expected a log that this host sees, found none: the run is on \(entry.host): "
          + "give HOST:PATH, if you know that host", status: ProgramError.Status.notFound)
    }
    try self.init(log: entry.log, entry)
  }

  init(log: String, _ entry: RunEntry?) throws {
    self.log = log
    self.entry = entry
    var file = try RecordFile(at: log, .lenient, growth: .appended)
    if case .header(let header)? = try file.next() { self.header = header } else { header = nil }
  }
}
