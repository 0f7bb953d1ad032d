// The end of a run that is asked for: what is broken off, what is kept, and how it resumes.
import Experiments
import Foundation
import RunHistory
import RunRecords
import Testing

@testable import Training

@Suite struct QuitTests {
  /// A segment of a run that trains, and what it meets the program at.
  private func segment(_ changes: [String] = []) throws -> TrainingSegment {
    let segment = try RunFixture.segment(try RunFixture.experiment(changes))
    #expect(segment.mailbox.prepare() && segment.mailbox.begin())
    return segment
  }

  @Test func `a signal breaks an evaluation off at its next batch`() throws {
    let segment = try segment()
    while !segment.main.isEvaluationDue { _ = segment.main.advance(for: segment.sinks) }
    #expect(!segment.mailbox.givesUp)
    #expect(segment.mailbox.send(.interrupt) == false)
    #expect(segment.mailbox.givesUp)
    #expect(try segment.evaluate(segment.main))
    // It counts as not made, so that a run resumed from here makes it.
    #expect(segment.main.evaluation == nil && segment.main.isEvaluationDue)
  }

  @Test func `a key lets an evaluation run on for its half second`() throws {
    let segment = try segment()
    while !segment.main.isEvaluationDue { _ = segment.main.advance(for: segment.sinks) }
    _ = segment.mailbox.send(.command(.set(.constraint, to: false)))
    #expect(!segment.mailbox.givesUp && segment.mailbox.endWanted == nil)
    _ = segment.mailbox.send(.command(.stop))
    #expect(segment.mailbox.endWanted == .stopped)
    // A signal counts for more.
    _ = segment.mailbox.send(.interrupt)
    #expect(segment.mailbox.givesUp && segment.mailbox.endWanted == .interrupted)
  }

  @Test func `answers that are written token by token are broken off between tokens`() throws {
    struct Enough: Error {}
    var source = try ExperimentSource("translate")
    for change in ["data.train=64", "data.validation=64"] { try source.set(change) }
    let setup = try RunSetup(try source.experiment(), seed: 1)
    var checks = 0
    // The first is before the one batch of the evaluation, the others before the answers' ten tokens.
    _ = setup.measure(seed: 1, step: 0) { checks += 1 }
    #expect(checks == 11)
    #expect(throws: Enough.self) {
      _ = try setup.measure(seed: 1, step: 0) { () throws(Enough) in
        checks -= 1
        if checks == 3 { throw Enough() }
      }
    }
    #expect(checks == 3)
  }

  @Test
  func `a run that is still loading its data ends at once, and the loading says nothing more`()
    throws
  {
    // A pipe that brings nothing keeps the loading waiting for as long as the test likes.
    let path = NSTemporaryDirectory() + "maxnorm-\(UUID().uuidString)"
    #expect(mkfifo(path, 0o600) == 0)
    let log = path + ".jsonl"
    defer { for file in [path, log] { unlink(file) } }
    var options = RunOptions()
    options.logs = [try LogDestination(opening: log, overwrite: false)]
    let run = TrainingRun(
      try RunFixture.experiment([
        "data={csv: \(path), target: y, task: regression}", "loss=mse",
        "model=[dense: {name: fc1, units: 1}]",
      ]), options: options, onNews: {})
    run.start()
    var writer: Int32 = -1
    while writer < 0 {
      writer = open(path, O_WRONLY | O_NONBLOCK)
      if writer < 0 { usleep(1000) }
    }
    #expect(run.outcome == nil)
    run.interrupt()
    #expect(run.waitUntilDone())
    guard case .ended(.interrupted) = run.outcome else {
      Issue.record("expected an interrupted run")
      return
    }
    #expect(!FileManager.default.fileExists(atPath: log))
    close(writer)
  }

  @Test func `nobody waits for what was left alone in its preparations`() {
    let mailbox = RunMailbox(onNews: {})
    #expect(mailbox.prepare())
    #expect(mailbox.send(.command(.pause)) == false)
    #expect(mailbox.send(.command(.stop)))
    #expect(!mailbox.begin() && !mailbox.prepare())
    #expect(!mailbox.finish(.ended(.finished), unappliedEvents: 3))
    guard case .ended(.stopped) = mailbox.outcome else {
      Issue.record("expected a stopped run")
      return
    }
    #expect(mailbox.unappliedEvents == 0)
  }

  @Test func `an evaluation that was broken off is made when the run continues`() throws {
    let experiment = try RunFixture.experiment()
    let fixture = try CheckpointFixture()
    // Stopped before its first evaluation, which is due at step 4.
    try fixture.start(experiment, stop: 4)
    let whole = try RecordFile.records(at: fixture.log).compactMap(\.evaluation).map(\.step)
    #expect(whole.first == 4)
    let broken = try Checkpoint(contentsOf: fixture.checkpoint)
    var state = broken.state
    state.place.evaluation = nil
    state.place.best = nil
    let segment = try segment()
    var checkpoint = broken
    checkpoint.state = state
    try segment.resume(from: checkpoint)
    #expect(segment.main.isEvaluationDue)
    segment.controls.schedule = .at(EventRecord(step: 4, action: .stop))
    #expect(try segment.run() == .leave(.stopped))
    #expect(segment.main.evaluation?.step == 4)
  }
}
