// An sshd on loopback for tests: an ordinary process with keys of its own, and an ssh that knows it.
import Foundation
import Testing

@testable import maxnorm

/// Serves one folder, which is where its sessions begin.
final class SecureShellServer {
  /// Where sessions begin.
  let folder: URL
  /// What to connect to.
  let host = "127.0.0.1"
  /// An ssh that goes to this server, with its key, and writes down that it was called.
  var ssh: String { files.appendingPathComponent("bin/ssh").path }
  /// The environment of a program that is to call that ssh.
  var environment: [String: String] {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return ["PATH": files.appendingPathComponent("bin").path + ":" + path]
  }
  /// How often ssh was called.
  var calls: Int {
    Program.text(files.appendingPathComponent("calls").path).split(separator: "\n").count
  }
  private let files: URL
  /// Not Foundation's, which takes a daemon that closes all that it has inherited for one that has ended.
  private var server: ChildProcess

  static let program = ["/usr/sbin/sshd", "/usr/bin/sshd", "/usr/local/sbin/sshd"]
    .first { (path: String) in access(path, X_OK) == 0 }
  /// Whether there are an sshd and an ssh here.
  static let isInstalled = program != nil && access("/usr/bin/ssh", X_OK) == 0
  static let missing: Comment = "sshd (Debian's openssh-server) is not installed"

  /// Starts a server with its files in a folder that is none of the one that it serves.
  init(serving folder: URL, files: URL) throws {
    self.folder = folder
    self.files = files
    try FileManager.default.createDirectory(
      at: files.appendingPathComponent("bin"), withIntermediateDirectories: true)
    func path(_ name: String) -> String { files.appendingPathComponent(name).path }
    func write(_ text: String, _ name: String) throws {
      try text.write(toFile: path(name), atomically: false, encoding: .utf8)
    }
    for key in ["host", "user"] {
      try Self.run("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path(key)])
    }
    let port = try Self.freePort()
    // A root's sshd wants a folder where it puts nothing.
    if geteuid() == 0 { mkdir("/run/sshd", 0o755) }
    try write(
      """
      Port \(port)
      ListenAddress 127.0.0.1
      HostKey \(path("host"))
      AuthorizedKeysFile \(path("user.pub"))
      PidFile none
      UsePAM no
      StrictModes no
      PasswordAuthentication no
      MaxStartups 100
      ForceCommand cd \(quotedShellWord(folder.path)) && exec sh -c "$SSH_ORIGINAL_COMMAND"
      """, "sshd_config")
    try write(
      """
      Host *
        Port \(port)
        IdentityFile \(path("user"))
        IdentitiesOnly yes
        UserKnownHostsFile \(path("known_hosts"))
        GlobalKnownHostsFile none
      """, "ssh_config")
    let key = Program.text(path("host.pub")).split(separator: " ").prefix(2).joined(separator: " ")
    try write("[127.0.0.1]:\(port) \(key)\n", "known_hosts")
    try write(
      """
      #!/bin/sh
      echo call >>\(quotedShellWord(path("calls")))
      exec /usr/bin/ssh -F \(quotedShellWord(path("ssh_config"))) "$@"
      """, "bin/ssh")
    chmod(path("bin/ssh"), 0o755)
    try write("", "log")
    let log = open(path("log"), O_WRONLY | O_APPEND)
    defer { close(log) }
    let program = Self.program ?? "sshd"
    server = try ChildProcess(
      program, words: [program, "-D", "-e", "-f", path("sshd_config")],
      environment: PseudoTerminal.environment(), .files(output: log, errors: log))
    _ = Program.waitUntil {
      Program.text(path("log")).contains("Server listening") || !server.isRunning()
    }
  }

  deinit {
    for child in connections { kill(child, SIGKILL) }
    server.send(SIGTERM)
    _ = Program.waitUntil { !server.isRunning() }
  }

  /// The processes that serve connections.
  var connections: [pid_t] { Self.children(of: server.pid) }

  /// Hands a test a server, and takes it away again.
  static func with<Result>(
    _ body: (SecureShellServer) throws -> Result
  ) throws -> Result {
    try Program.inFolder { folder in
      try Program.inFolder { files in
        try body(SecureShellServer(serving: folder, files: files))
      }
    }
  }

  /// The processes that a process has started.
  static func children(of parent: pid_t) -> [pid_t] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { pid_t($0) }.filter { pid in
      let text = Program.text("/proc/\(pid)/stat")
      guard let end = text.lastIndex(of: ")") else { return false }
      let fields = text[text.index(after: end)...].split(separator: " ")
      return fields.count > 1 && fields[0] != "Z" && pid_t(fields[1]) == parent
    }
  }

  /// The name of a process.
  static func name(of pid: pid_t) -> String {
    Program.text("/proc/\(pid)/comm").trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static func run(_ program: String, _ words: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = words
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
  }

  /// A port of loopback that nobody listens on.
  static func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
      }
    }
    guard isBound else { throw SystemFailure(call: "bind", error: errno) }
    return UInt16(bigEndian: address.sin_port)
  }
}
