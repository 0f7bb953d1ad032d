// Viewer, run and ssh killed at random moments: what is on the disk is seen, each record once.
import Foundation
import TestSupport
import Testing

@testable import maxnorm

extension RemoteRunTests {
  private enum Victim: CaseIterable {
    case run, client, server, viewer
  }

  /// Rounds, each with another victim; MAXNORM_KILL_ROUNDS sets another number.
  private static let rounds =
    ProcessInfo.processInfo.environment["MAXNORM_KILL_ROUNDS"].flatMap { Int($0) }
    ?? Victim.allCases.count
  private static let steps = 600

  @Test func `nothing on the disk is lost or seen twice when run, ssh or viewer are killed`() throws
  {
    try SecureShellServer.with { server in
      for round in 0..<Self.rounds {
        let victim = Victim.allCases[round % Victim.allCases.count]
        let moment = Int.random(in: 1..<Self.steps)
        try playRound(victim, at: moment, "round \(round): \(victim) at record \(moment)", server)
      }
    }
  }

  private func playRound(
    _ victim: Victim, at moment: Int, _ comment: Comment, _ server: SecureShellServer
  ) throws {
    let name = "run-\(UUID().uuidString).jsonl"
    let log = server.folder.appendingPathComponent(name).path
    let settings = [
      "run", "digits", "--headless", "--steps", "\(Self.steps)", "--pace", "1000", "--log-every",
      "1", "--log", log,
    ]
    let run = try Program.start(settings, in: server.folder)
    defer {
      if run.isRunning { kill(run.processIdentifier, SIGKILL) }
      run.waitUntilExit()
    }
    #expect(Program.waitUntil { Program.text(log).contains("\n") }, comment)
    let viewer = try Viewer(server, name)
    var other: Process?
    if victim == .viewer {
      other = try Program.start(
        ["attach", "--plain", "\(server.host):\(name)"], environment: server.environment,
        in: server.folder)
    }
    #expect(
      Program.waitUntil { viewer.look() && (viewer.steps.count >= moment || viewer.hasEnd) },
      comment)
    switch victim {
    case .run: kill(run.processIdentifier, SIGKILL)
    case .client:
      let clients = SecureShellServer.children(of: getpid())
        .filter { SecureShellServer.name(of: $0) == "ssh" }
      if let client = clients.randomElement() { kill(client, SIGKILL) }
    case .server:
      for child in server.connections { kill(child, SIGKILL) }
    case .viewer:
      if let other { kill(other.processIdentifier, SIGKILL) }
      other?.waitUntilExit()
    }
    run.waitUntilExit()
    let steps = Self.wholeSteps(Program.text(log))
    if victim != .run { #expect(steps.count == Self.steps, comment) }
    #expect(steps == Array(1..<(steps.count + 1)), comment)
    #expect(
      Program.waitUntil { viewer.look() && viewer.steps.count >= steps.count }, comment)
    // And nothing behind it.
    for _ in 0..<20 { #expect(viewer.look(), comment) }
    #expect(viewer.steps == steps, comment)
  }

  /// The steps of the whole lines of a log.
  private static func wholeSteps(_ log: String) -> [Int] {
    let lines = log.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    return lines.compactMap { line in
      line.firstMatch(of: /^\{"type":"step","step":([0-9]+),/).flatMap { Int($0.1) }
    }
  }
}
