// Runs on another host, which is this one over ssh: watched, told, found again after a connection is lost.
import Dashboard
import Foundation
import RunHistory
import RunRecords
import TestSupport
import Testing

@testable import maxnorm

@Suite struct RemoteAddressTests {
  @Test func `a host and a path there are told by the first colon`() throws {
    func parts(_ text: String) throws -> [String]? {
      try RemoteAddress(text).map { [$0.host, $0.path] }
    }
    #expect(try parts("box:run.jsonl") == ["box", "run.jsonl"])
    #expect(try parts("ada@box.example:/a b/c:d.jsonl") == ["ada@box.example", "/a b/c:d.jsonl"])
    #expect(try parts("ada@[fe80::1]:run.jsonl") == ["ada@fe80::1", "run.jsonl"])
    #expect(try parts("box:~/run.jsonl") == ["box", "run.jsonl"])
    #expect(try parts("box:-oProxyCommand=touch x") == ["box", "./-oProxyCommand=touch x"])
    #expect(try parts("box:a'b\nc") == ["box", "a'b\nc"])
    for text in ["run.jsonl", "./box:run.jsonl", "box:", ":run.jsonl", "[fe80::1]"] {
      #expect(try parts(text) == nil, "\(text)")
    }
  }

  @Test(arguments: [
    "-oProxyCommand=touch x", "-x", "ada@-oProxyCommand=touch x", "a;b", "a'b", "a b", "a\nb",
    "$(touch x)", "a@b@c", "@box", "ada@", "ä",
  ])
  func `a host that ssh or a shell could take for something else is refused`(host: String) {
    #expect(throws: (any Error).self) { try RemoteAddress("\(host):run.jsonl") }
  }
}

@Suite(.serialized, .enabled(if: SecureShellServer.isInstalled, SecureShellServer.missing))
struct RemoteRunTests {
  static let settings = [
    "run", "digits", "--headless", "--epochs", "100000", "--pace", "200", "--log-every", "1",
  ]

  /// Calls `body` with a run on the server, and ends it.
  func withRun(
    _ server: SecureShellServer, log: String, _ more: [String] = [],
    _ body: (Process) throws -> Void
  ) throws {
    let path = server.folder.appendingPathComponent(log).path
    let run = try Program.start(Self.settings + ["--log", path] + more, in: server.folder)
    defer {
      if run.isRunning { kill(run.processIdentifier, SIGKILL) }
      run.waitUntilExit()
    }
    #expect(Program.waitUntil { Program.text(path).contains("\"type\":\"step\"") })
    try body(run)
  }

  @Test func `a log may have any name, and no word of it is obeyed`() throws {
    try SecureShellServer.with { server in
      let names = [
        "-oProxyCommand=touch x.jsonl", "a;touch x.jsonl", "a'b.jsonl", "with  spaces.jsonl",
        "new\nline.jsonl", "$(touch x)`touch x`.jsonl",
      ]
      for name in names {
        try withRun(server, log: name) { run in
          let words = ["--wait", "60", "--", "\(server.host):\(name)"]
          let told = try Program.run(
            ["tell"] + words + ["constraint", "off"], environment: server.environment)
          #expect(told.status == 0, "\(name): \(told.errors)")
          #expect(told.output.hasSuffix("constraint off (observing)\n"))
          let stopped = try Program.run(
            ["tell"] + words + ["stop"], environment: server.environment)
          #expect(stopped.status == 0, "\(name): \(stopped.errors)")
          run.waitUntilExit()
          #expect(run.terminationStatus == 0)
        }
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: server.folder.path)
      #expect(Set(left) == Set(names))
    }
  }

  @Test func `no host is connected to that is none, and a file of this host comes first`() throws {
    try SecureShellServer.with { server in
      for host in ["-oProxyCommand=touch x", "a;touch x", "ada@-x"] {
        let told = try Program.run(
          ["tell", "--", "\(host):run.jsonl", "pause"], environment: server.environment,
          in: server.folder)
        #expect(told.status == 64 && told.errors.contains("expected a host as [user@]name"))
      }
      try withRun(server, log: "\(server.host):run.jsonl") { run in
        let told = try Program.run(
          ["tell", "\(server.host):run.jsonl", "stop", "--wait", "60"],
          environment: server.environment, in: server.folder)
        #expect(told.status == 0, "\(told.errors)")
        run.waitUntilExit()
      }
      #expect(server.calls == 0)
      let missing = try Program.run(
        ["tell", "\(server.host):none.jsonl", "pause"], environment: server.environment)
      #expect(missing.status == 66 && missing.errors.contains("expected a log, found no such file"))
      let ended = try Program.run(
        ["tell", "\(server.host):\(server.host):run.jsonl", "pause"],
        environment: server.environment)
      #expect(
        ended.status == 66 && ended.errors.contains("expected a run that listens, found none"))
      #expect(server.calls > 0)
      let refused = try Program.run(
        ["tell", "nobody@\(server.host):run.jsonl", "pause"], environment: server.environment)
      #expect(refused.status == 66 && refused.errors.contains("expected a connection by ssh"))
    }
  }

  @Test func `attach over ssh shows a run, acts on it, finds it again and leaves it running`()
    throws
  {
    try SecureShellServer.with { server in
      try withRun(server, log: "run.jsonl") { run in
        let log = server.folder.appendingPathComponent("run.jsonl").path
        let terminal = try Program.open(
          ["attach", "\(server.host):run.jsonl"], environment: server.environment)
        #expect(terminal.waitUntil("● training"))
        terminal.send("c")
        #expect(terminal.waitUntil("constraint off"))
        #expect(Program.waitUntil { Program.text(log).contains("\"action\":\"constraint\"") })
        #expect(Program.waitUntil { access(log + ".norms", F_OK) == 0 })
        for connection in server.connections { kill(connection, SIGKILL) }
        #expect(terminal.waitUntil("host gone for"))
        #expect(terminal.waitUntil("● training"))
        // Keys reach it again.
        #expect(terminal.press(">", until: "learning rate"))
        #expect(Program.waitUntil { Program.text(log).contains("\"action\":\"learning_rate\"") })
        let sessions = SecureShellServer.children(of: terminal.process)
        #expect(sessions.contains { SecureShellServer.name(of: $0) == "ssh" })
        terminal.send("q")
        #expect(terminal.waitForEnd() == .exited(0))
        #expect(run.isRunning)
        // Nothing goes on there, or lies about here, once it has been left.
        #expect(Program.waitUntil { server.connections.isEmpty })
        kill(run.processIdentifier, SIGKILL)
        run.waitUntilExit()
        let dead = try Program.open(
          ["attach", "\(server.host):run.jsonl"], environment: server.environment)
        #expect(dead.waitUntil("process gone"))
        dead.send("q")
        #expect(dead.waitForEnd() == .exited(0))
      }
    }
  }

  @Test func `a long log shows its end first, and what follows its past is not read twice`() throws
  {
    try SecureShellServer.with { server in
      try withRun(server, log: "run.jsonl", ["--pace", "0"]) { run in
        let path = server.folder.appendingPathComponent("run.jsonl").path
        func size() -> Int {
          (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
        }
        #expect(Program.waitUntil { size() > 3 << 20 })
        // A log that grows faster than it is read has no past that could be caught up with.
        #expect(try Program.run(["tell", path, "pace", "100", "--wait", "60"]).status == 0)
        let viewer = try Viewer(server, "run.jsonl")
        #expect(viewer.source.attachment.pastShare == 0)
        #expect(Program.waitUntil { viewer.look() && !viewer.steps.isEmpty })
        #expect(viewer.steps.first ?? 0 > 100)
        #expect(Program.waitUntil { viewer.look() && viewer.pastStep != nil })
        let pastStep = try #require(viewer.pastStep)
        #expect(Program.waitUntil { viewer.look() && viewer.steps.count > 30 })
        #expect(viewer.steps == Array((pastStep + 1)...(pastStep + viewer.steps.count)))
      }
    }
  }
}

/// A viewer without a screen: what it is given of a run.
final class Viewer {
  let source: AttachedSource
  /// The steps of the records so far, in order; behind the past once that is read.
  private(set) var steps: [Int] = []
  private(set) var hasEnd = false
  /// The last step of the past, once that is read.
  private(set) var pastStep: Int?
  private let clock = SecondsClock()

  init(_ server: SecureShellServer, _ log: String) throws {
    let address = try #require(try RemoteAddress("\(server.host):\(log)"))
    source = try AttachedSource(RemoteChannel(address, ssh: server.ssh), console: nil)
  }

  /// Takes what there is; always true.
  func look() -> Bool {
    if let state = source.takeState() {
      // All that came before is part of it.
      pastStep = state.segment?.latest?.step
      steps = []
    }
    for record in source.take(at: clock.now) {
      switch record {
      case .step(let record): steps.append(record.step)
      case .end: hasEnd = true
      case .header, .norms, .evaluation, .sample, .event, .refused, .twin, .rank: break
      }
    }
    return source.failure == nil
  }
}
