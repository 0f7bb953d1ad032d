// The system's ssh: one connection to a host, and sessions over it.
import Basics
import Foundation

/// A connection that sessions share through a socket in a folder that nobody else may enter.
///
/// Keys of hosts, passwords and all that ~/.ssh/config says are ssh's own matter.
final class SecureShell {
  private let program: String
  private let host: String
  private let folder: String
  private var socket: String { "\(folder)/ssh" }

  /// - Throws: `ProgramError` if the folder cannot be made.
  init(_ program: String, to host: String) throws(ProgramError) {
    (self.program, self.host) = (program, host)
    // A socket's name has room for some hundred bytes, less than a folder for files may be long.
    let parent = ProcessInfo.processInfo.environment["XDG_RUNTIME_DIR"].flatMap {
      $0.hasPrefix("/") && $0.utf8.count < 40 && access($0, W_OK) == 0 ? $0 : nil
    }
    var template = Array("\(parent ?? "/tmp")/maxnorm-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw ProgramError(
        .none, .unwritable, parent ?? "/tmp",
        "expected a folder for the connection: \(systemMessage())")
    }
    folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit {
    unlink(socket)
    rmdir(folder)
  }

  private static let common = [
    "-T", "-o", "RemoteCommand=none", "-o", "ClearAllForwardings=yes",
    // A host that does not answer is a connection that has ended.
    "-o", "ServerAliveInterval=5", "-o", "ServerAliveCountMax=2", "-o", "ConnectTimeout=15",
  ]

  /// Connects, and runs a command with the connection, which lasts as long as the command.
  ///
  /// With `asks`, ssh may ask for a password or about a host's key on the terminal.
  ///
  /// - Throws: `ProgramError` if there is no ssh.
  func connect(_ command: String, asks: Bool) throws(ProgramError) -> PipedProcess {
    unlink(socket)
    var options = ["-o", "ControlMaster=yes", "-o", "ControlPersist=no"]
    if !asks { options += ["-o", "BatchMode=yes"] }
    return try session(options, command, keepsTerminal: asks)
  }

  /// Runs a command over the connection, or over one of its own where the host allows no more
  /// sessions of one.
  ///
  /// - Throws: `ProgramError` if there is no ssh.
  func run(_ command: String) throws(ProgramError) -> PipedProcess {
    try session(
      ["-o", "ControlMaster=no", "-o", "BatchMode=yes"], command, keepsTerminal: false)
  }

  private func session(
    _ options: [String], _ command: String, keepsTerminal: Bool
  ) throws(ProgramError) -> PipedProcess {
    let path = ["-o", "ControlPath=\(socket)"]
    return try PipedProcess(
      [program] + Self.common + path + options + ["--", host, command],
      package: "openssh-client", keepsTerminal: keepsTerminal)
  }
}
