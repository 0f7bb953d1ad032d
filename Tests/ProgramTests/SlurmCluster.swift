// A Slurm of two machines that are this one, for tests: ordinary processes with all they keep in one folder.
import Foundation
import Testing

@testable import maxnorm

/// munged, slurmctld and two slurmd; they end with this object.
final class SlurmCluster {
  private let folder: URL
  /// Not Foundation's, which takes a daemon that closes all that it has inherited for one that has ended.
  private var daemons: [ChildProcess] = []
  /// The environment of what is to use this Slurm.
  var environment: [String: String] {
    ["SLURM_CONF": folder.appendingPathComponent("slurm.conf").path]
  }

  private static func path(_ name: String) -> String? {
    ["/usr/sbin/", "/usr/bin/"].map { $0 + name }.first { access($0, X_OK) == 0 }
  }

  /// Whether its daemons are here and this user may start them.
  static let isInstalled =
    geteuid() == 0
    && ["munged", "slurmctld", "slurmd", "sbatch"].allSatisfy { path($0) != nil }
  static let missing: Comment = """
    Slurm (Debian's slurm-wlm and munge) is not installed, or this is not root, who starts its daemons
    """

  init(in folder: URL) throws {
    self.folder = folder
    // Munge wants a folder that nobody else may write.
    chmod(folder.path, 0o755)
    let key = folder.appendingPathComponent("munge.key")
    try Data((0..<128).map { _ in UInt8.random(in: 0...255) }).write(to: key)
    chmod(key.path, 0o600)
    let ports = try (0..<3).map { _ in try SecureShellServer.freePort() }
    let place = folder.path
    try """
    ClusterName=test
    SlurmctldHost=localhost(127.0.0.1)
    SlurmctldPort=\(ports[0])
    AuthType=auth/munge
    AuthInfo=socket=\(place)/munge.socket
    SlurmUser=root
    SlurmdUser=root
    ProctrackType=proctrack/linuxproc
    TaskPlugin=task/none
    JobAcctGatherType=jobacct_gather/none
    SelectType=select/cons_tres
    SelectTypeParameters=CR_Core
    SlurmdParameters=config_overrides
    ReturnToService=2
    StateSaveLocation=\(place)/state
    SlurmdSpoolDir=\(place)/spool-%n
    SlurmctldPidFile=\(place)/slurmctld.pid
    SlurmdPidFile=\(place)/slurmd-%n.pid
    SlurmctldLogFile=\(place)/slurmctld.log
    SlurmdLogFile=\(place)/slurmd-%n.log
    SchedulerParameters=batch_sched_delay=0,sched_interval=1
    KillWait=5
    NodeName=n1 NodeHostname=localhost NodeAddr=127.0.0.1 Port=\(ports[1]) CPUs=2 RealMemory=1000
    NodeName=n2 NodeHostname=localhost NodeAddr=127.0.0.1 Port=\(ports[2]) CPUs=2 RealMemory=1000
    PartitionName=all Nodes=n1,n2 Default=YES State=UP

    """.write(
      to: folder.appendingPathComponent("slurm.conf"), atomically: false, encoding: .utf8)
    let files = ["socket", "pid", "log", "seed"].map { "\(place)/munge.\($0)" }
    try start(
      "munged",
      [
        "--foreground", "--force", "--key-file=\(key.path)", "--socket=\(files[0])",
        "--pid-file=\(files[1])", "--log-file=\(files[2])", "--seed-file=\(files[3])",
      ])
    _ = Program.waitUntil { access(files[0], F_OK) == 0 }
    try start("slurmctld", ["-D", "-i"])
    for node in ["n1", "n2"] { try start("slurmd", ["-D", "-N", node]) }
    _ = Program.waitUntil {
      (try? ask(["sinfo", "-h", "-N", "-o", "%T"]))?.split(separator: "\n").count { $0 == "idle" }
        == 2
    }
  }

  deinit {
    // What runs on a machine outlives its daemon.
    _ = try? ask(["scancel", "-u", "\(geteuid())"])
    _ = Program.waitUntil {
      (try? tasks().contains { $0.hasSuffix("RUNNING") || $0.hasSuffix("COMPLETING") }) != true
    }
    for var daemon in daemons.reversed() {
      daemon.send(SIGTERM)
      if !Program.waitUntil({ !daemon.isRunning() }) { daemon.send(SIGKILL) }
    }
  }

  private func start(_ name: String, _ words: [String]) throws {
    let nowhere = open("/dev/null", O_WRONLY)
    defer { close(nowhere) }
    let program = try #require(Self.path(name))
    daemons.append(
      try ChildProcess(
        program, words: [program] + words, environment: PseudoTerminal.environment(environment),
        .files(output: nowhere, errors: nowhere)))
  }

  private func process(_ name: String, _ words: [String]) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.path(name)))
    process.arguments = words
    process.environment = PseudoTerminal.environment(environment)
    process.standardInput = FileHandle.nullDevice
    return process
  }

  /// What one of Slurm's commands writes.
  func ask(_ words: [String]) throws -> String {
    let process = try process(words[0], Array(words.dropFirst()))
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }

  /// Arrays and tasks with their states, `12_3 RUNNING`.
  func tasks() throws -> [String] {
    try ask(["squeue", "-h", "-r", "-t", "all", "-o", "%F_%K %T"]).split(separator: "\n")
      .map(String.init)
  }
}
