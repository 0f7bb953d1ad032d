// The folder of live runs: who of this user's runs is where, for who wants to attach to one.
import Foundation
import RunRecords
import Training

/// A run as the folder knows it.
struct RunEntry: Codable, Equatable, Sendable {
  var runID: String
  var name: String
  /// An absolute path.
  var log: String
  var host: String
  var bootID: String
  var pid: Int
  /// Tells the process from a later one of the same number.
  var processStart: Int?
  var started: String
  var framework: String
  /// Nil while it is running, and if it was killed.
  var exitStatus: Int32?

  private enum CodingKeys: String, CodingKey {
    case runID = "run_id"
    case name, log, host, pid, started, framework
    case bootID = "boot_id"
    case processStart = "process_start"
    case exitStatus = "exit_status"
  }

  /// How a run stands.
  enum State: Equatable {
    case live
    /// It has ended, with this status; nil: it was killed.
    case gone(Int32?)
    /// It is on another host, or was before this one was started again: nothing is known from here.
    case elsewhere
  }

  var state: State {
    if let exitStatus { return .gone(exitStatus) }
    guard isOfThisBoot else { return .elsewhere }
    return processStart != nil && ThisProcess.start(of: pid) == processStart ? .live : .gone(nil)
  }

  var isOfThisBoot: Bool { host == ThisProcess.host && bootID == ThisProcess.bootID }
}

/// The folder, as one user's.
struct RunRegistry {
  let folder: String

  /// Ended runs stay so long for who wants to know how they ended.
  private static let keptSeconds = 3600.0
  /// No entry is as large.
  private static let mostBytes = 1 << 16

  /// `$MAXNORM_STATE/runs`, or `maxnorm/runs` below the user's state; nil if there is neither, or
  /// where the variable is empty.
  static var user: RunRegistry? {
    if let state = ProcessInfo.processInfo.environment["MAXNORM_STATE"] {
      return state.isEmpty ? nil : RunRegistry(folder: state + "/runs")
    }
    return UserFolders.state.map { RunRegistry(folder: $0.appendingPathComponent("runs").path) }
  }

  /// Enters a run of this process; nil if that is impossible: the run continues without.
  func enter(_ steering: RunOptions.Steering, name: String, _ origin: RunOrigin?) -> LiveEntry? {
    guard let origin else { return nil }
    let entry = RunEntry(
      runID: origin.runID, name: name,
      log: URL(fileURLWithPath: steering.log).standardizedFileURL.path,
      host: ThisProcess.host, bootID: ThisProcess.bootID, pid: Int(getpid()),
      processStart: ThisProcess.start(of: Int(getpid())), started: origin.started?.text ?? "",
      framework: origin.framework ?? "")
    return write(entry) ? LiveEntry(registry: self, entry: entry) : nil
  }

  /// Writes an entry in the place of the one before.
  fileprivate func write(_ entry: RunEntry) -> Bool {
    guard makeFolder(), let data = try? Self.encoder.encode(entry) else { return false }
    let (path, temporary) = (path(of: entry.runID), "\(folder)/.\(entry.runID).json.new")
    unlink(temporary)
    let descriptor = open(
      temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return false }
    let line = Array(data) + [UInt8(ascii: "\n")]
    let isWritten = Foundation.write(descriptor, line, line.count) == line.count
    close(descriptor)
    guard isWritten, rename(temporary, path) == 0 else {
      unlink(temporary)
      return false
    }
    return true
  }

  private func makeFolder() -> Bool {
    let parent = (folder as NSString).deletingLastPathComponent
    try? FileManager.default.createDirectory(
      atPath: parent, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { return false }
    return isOurs(folder, S_IFDIR)
  }

  /// No link and nobody else's: what stands there is then this user's word.
  private func isOurs(_ path: String, _ kind: mode_t) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == kind
      && status.st_uid == geteuid()
  }

  private func path(of runID: String) -> String { "\(folder)/\(runID).json" }

  private static let encoder: JSONEncoder = {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }()

  /// All entries, the latest first; those of this boot whose process is gone are dropped on the way.
  func entries(now: WallTime = .now) -> [RunEntry] {
    guard isOurs(folder, S_IFDIR) else { return [] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let entries = names.compactMap { name -> RunEntry? in
      guard name.hasSuffix(".json"), !name.hasPrefix(".") else { return nil }
      let path = "\(folder)/\(name)"
      var status = stat()
      guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        status.st_uid == geteuid(), Int(status.st_size) <= Self.mostBytes,
        let data = FileManager.default.contents(atPath: path),
        let entry = try? JSONDecoder().decode(RunEntry.self, from: data),
        name == "\(entry.runID).json", CommandRequest.isID(entry.runID, atMost: 64)
      else { return nil }
      let age = Double(now.milliseconds) / 1000 - Double(status.st_mtim.tv_sec)
      guard case .gone(let status) = entry.state, entry.isOfThisBoot,
        status == nil || age > Self.keptSeconds
      else { return entry }
      unlink(path)
      return nil
    }
    return entries.sorted { $0.started > $1.started }
  }
}

/// This process' own entry.
struct LiveEntry {
  fileprivate let registry: RunRegistry
  fileprivate let entry: RunEntry

  fileprivate func end(_ status: Int32) {
    var ended = entry
    ended.exitStatus = status
    _ = registry.write(ended)
  }
}

extension LiveEntry? {
  /// Carries a run out, and has the folder know how it ended.
  func recordingEnd(_ run: () throws -> Void) throws {
    do {
      try run()
      self?.end(0)
    } catch {
      self?.end(exitStatus(of: error))
      throw error
    }
  }
}
