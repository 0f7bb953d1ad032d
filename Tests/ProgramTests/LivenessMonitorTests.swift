// What is said of a run that is silent, or whose process or host is gone; each in words of its own.
import Dashboard
import Foundation
import RunRecords
import TestSupport
import Training
import Testing

@testable import maxnorm

@Suite struct LivenessMonitorTests {
  private let record = Record.refused(RefusedRecord("any"))

  /// A watch that has had records so many seconds apart, and the time of the last.
  private func watch(every distance: Double, count: Int = 30) -> (LivenessMonitor, Double) {
    var watch = LivenessMonitor(silenceBefore: 0)
    for index in 0..<count { watch.take([record], at: Double(index) * distance) }
    return (watch, Double(count - 1) * distance)
  }

  @Test(arguments: [(0.5, 10.0), (2, 10), (3.5, 10.5), (60, 180)])
  func `a run is silent after three times the usual distance, ten seconds at least`(
    distance: Double, limit: Double
  ) {
    var (watch, last) = watch(every: distance)
    #expect(watch.state(at: last + limit - 0.01, .living) == .living)
    #expect(
      watch.state(at: last + limit + 1, .living) == .silent(seconds: Int(limit + 1)))
    watch.take([record], at: last + limit + 2)
    #expect(watch.state(at: last + limit + 3, .living) == .living)
  }

  @Test func `a run that is paused or has ended may be silent`() {
    var (watch, last) = watch(every: 1)
    watch.take([.event(EventRecord(step: 1, action: .pause))], at: last)
    #expect(watch.state(at: last + 1000, .living) == .living)
    #expect(watch.state(at: last + 1002, .gone(status: nil)) == .gone(status: nil))
    watch.take([.event(EventRecord(step: 1, action: .resume))], at: last + 1003)
    // The hold was no distance between records that anybody would wait for again.
    #expect(watch.state(at: last + 1100, .living) == .silent(seconds: 97))
    watch.take([.end(EndRecord(1, .finished))], at: last + 1101)
    #expect(watch.state(at: last + 3000, .gone(status: 0)) == .living)
  }

  @Test func `a log that nobody writes any more is silent for as long as it is old`() {
    var watch = LivenessMonitor(silenceBefore: 3600)
    watch.take([record], at: 0)
    #expect(watch.state(at: 1, .living) == .silent(seconds: 3601))
  }

  @Test func `a process that is gone is missed once its last records are read`() {
    var (watch, last) = watch(every: 0.1)
    #expect(watch.state(at: last + 0.5, .gone(status: 137)) == .living)
    #expect(watch.state(at: last + 1.6, .gone(status: 137)) == .gone(status: 137))
  }

  @Test func `a host that was restarted or is not reached is told before all else`() {
    var (watch, last) = watch(every: 0.1)
    #expect(watch.state(at: last + 2, .hostRestarted) == .hostRestarted)
    let life = RunAttachment.Life.unreachable(seconds: 3, reason: "no route")
    #expect(watch.state(at: last + 50, life) == life)
  }

  @Test func `what is known of a process on this host comes from the folder of live runs`() throws {
    try Program.inFolder(["run.jsonl": "{\"type\":\"header\",\"name\":\"run\"}\n"]) { folder in
      let log = folder.appendingPathComponent("run.jsonl").path
      let here = RunEntry(
        runID: "here", name: "run", log: log, host: ThisProcess.host, bootID: ThisProcess.bootID,
        pid: Int(getpid()), processStart: ThisProcess.start(of: Int(getpid())), started: "",
        framework: "maxnorm")
      func life(_ change: (inout RunEntry) -> Void) throws -> RunAttachment.Life {
        var entry = here
        change(&entry)
        return LocalChannel(try LoggedRun(log: log, entry)).life
      }
      let lives = [
        try life { _ in },
        // Its number belongs to another process by now.
        try life { $0.processStart = 1 },
        try life { $0.bootID = "before" },
        // Nothing of it can be seen from here.
        try life { ($0.host, $0.pid) = ("another", 1 << 30) },
      ]
      #expect(lives == [.living, .gone(status: nil), .hostRestarted, .living])
      let entry = RunEntry(
        runID: "there", name: "run", log: log + ".none", host: "another", bootID: "", pid: 1,
        processStart: 1, started: "", framework: "")
      #expect(throws: (any Error).self) { try LoggedRun(entry) }
    }
  }
}
