// The list of many runs: what a glance and a whole reading tell, and what the cache spares.
import Foundation
import RunHistory
import RunRecords
import TestSupport
import Testing

@testable import RunIndex

@Suite struct RunIndexTests {
  private func index(_ folder: URL, cache: String? = nil) -> RunIndex {
    RunIndex([folder.path], cache: cache)
  }

  private func runs(_ folder: URL, cache: String? = nil) -> [IndexedRun] {
    let index = index(folder, cache: cache)
    index.refresh()
    return index.snapshot.runs
  }

  @Test func `runs stand in the order of their names, each with state, steps, last and best`()
    throws
  {
    let files = [
      "b/run-10.jsonl": LogFixture(losses: [3, 1, 2]).bytes,
      "b/run-2.jsonl": LogFixture(losses: [1, .nan], reason: .diverged).bytes,
      "a.jsonl": LogFixture(reason: .stopped).bytes, "notes.jsonl": Array("text\n".utf8),
    ]
    try inTemporaryFolder(files) { folder in
      let runs = runs(folder)
      #expect(runs.map(\.name) == ["a", "b/run-2", "b/run-10"])
      #expect(runs.map { $0.state(at: .now) } == [.stopped, .diverged, .finished])
      #expect(runs.map(\.figures.step) == [30, 20, 30])
      let last = runs[2]
      #expect(last.metric == "validation_loss" && last.figures["validation_loss"]?.last == 4)
      #expect(last.best(of: "validation_loss") == .init(value: 2, step: 20))
      #expect(last.figures["loss"]?.curve.whole.count == 3 && last.figures.elapsed == 3)
      #expect(runs[1].figures["loss"]?.last.isNaN == true)
      #expect(last.setting("optimizer.learning_rate") == "0.1")
    }
  }

  @Test func `hyperparameters in a folder of their own are no run beside the one above`() throws {
    let writer = EventFileRecords(RunHeader("a"))
    let start = writer.start(restartStep: 0, wallTime: 1)
    let step = writer.bytes(for: .step(StepRecord(5) { $0.loss = 3 }), wallTime: 1)
    let files = [
      "a/events.out.tfevents.1": start + step,
      "a/1701365000.125/events.out.tfevents.2": start + step,
      "b/events.out.tfevents.1": start + step,
    ]
    try inTemporaryFolder(files) { folder in
      #expect(runs(folder).map(\.name) == ["a", "b"])
    }
  }

  @Test func `each run of a database of trackio is a run of the list, other databases are none`()
    throws
  {
    let fixture = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../RunRecordsTests/Fixtures/trackio.db")
    let bytes = Array(try Data(contentsOf: fixture))
    let files = ["p.db": bytes, "other.db": Array("SQLite format 3\0".utf8), "text.db": [65]]
    try inTemporaryFolder(files) { folder in
      let runs = runs(folder)
      #expect(runs.map(\.name) == ["p/brave-fox-0", "p/calm-owl-1"])
      #expect(runs.map { $0.figures["loss"]?.last } == [0.05, 0.15])
      #expect(runs.allSatisfy { $0.path.contains("p.db#") && $0.isWhole })
    }
  }

  @Test func `a run of W&B is called as its user called it`() throws {
    let fixture = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../RunRecordsTests/Fixtures/offline.wandb")
    let bytes = Array(try Data(contentsOf: fixture))
    try inTemporaryFolder(["wandb/offline-run-1/run-x.wandb": bytes]) { folder in
      let run = try #require(runs(folder).first)
      #expect(run.name == "wandb/offline-run-1/run-x")
      #expect(run.shownName == run.about.experiment && run.shownName != "run-x.wandb")
    }
  }

  @Test func `a glance at the end of a log knows what reading all of it does, but for the bests`()
    throws
  {
    let losses = (0..<3000).map { 10 / Float($0 + 1) }
    try inTemporaryFolder(["a.jsonl": LogFixture(losses: losses).bytes]) { folder in
      let path = folder.appendingPathComponent("a.jsonl").path
      let mark = try #require(LogFolders(roots: [folder.path]).logs().first?.mark)
      let glance = try #require(
        LogGlance.look(at: IndexedRun(path: path, name: "a", mark: mark), .standard))
      let whole = try #require(runs(folder).first)
      #expect(!glance.isWhole && whole.isWhole)
      #expect(glance.about == whole.about && glance.end == "finished")
      #expect(glance.figures.step == 30_000 && glance.figures.elapsed == whole.figures.elapsed)
      for figure in whole.figures.figures {
        #expect(glance.figures[figure.name]?.last == figure.last, "\(figure.name)")
      }
      #expect(glance.best(of: "loss") == nil && whole.best(of: "loss")?.step == 30_000)
    }
  }

  @Test func `a log that grows is read on from where it was, and new runs appear`() throws {
    let first = LogFixture(losses: [3, 2], reason: nil).bytes
    try inTemporaryFolder(["a.jsonl": first]) { folder in
      let index = index(folder)
      index.refresh()
      #expect(index.snapshot.runs.map { $0.state(at: .now) } == [.live])
      let url = folder.appendingPathComponent("a.jsonl")
      let handle = try FileHandle(forWritingTo: url)
      try handle.seekToEnd()
      try handle.write(contentsOf: Data(Record.step(StepRecord(30) { $0.loss = 0.5 }).line))
      try handle.write(contentsOf: Data(Record.end(EndRecord(30, .finished)).line))
      try handle.close()
      try Data(LogFixture().bytes).write(to: folder.appendingPathComponent("b.jsonl"))
      index.refresh()
      let runs = index.snapshot.runs
      #expect(runs.map(\.name) == ["a", "b"] && runs.allSatisfy(\.isWhole))
      #expect(runs[0].state(at: .now) == .finished && runs[0].figures.step == 30)
      #expect(runs[0].figures["loss"]?.curve.whole.count == 3)
      #expect(runs[0].best(of: "loss") == .init(value: 0.5, step: 30))
      try FileManager.default.removeItem(at: url)
      index.refresh()
      #expect(index.snapshot.runs.map(\.name) == ["b"])
    }
  }

  @Test func `what the cache keeps is what was read, and a changed log is read again`() throws {
    let files = ["logs/a.jsonl": LogFixture(losses: [3, .nan, 1]).bytes]
    try inTemporaryFolder(files) { folder in
      let logs = folder.appendingPathComponent("logs")
      let cache = folder.appendingPathComponent("cache/runs.jsonl").path
      let first = RunIndex([logs.path], cache: cache)
      first.refresh()
      first.stop()
      let run = try #require(first.snapshot.runs.first)
      let filled = try #require(RunCache(path: cache).fill([run])[run.path])
      #expect(filled.isWhole && filled.about == run.about && filled.end == run.end)
      #expect(filled.figures.figures.map(\.name) == run.figures.figures.map(\.name))
      #expect(filled.best(of: "loss") == run.best(of: "loss"))
      let curves = [filled, run].map { $0.figures["loss"]?.curve.whole ?? [] }
      #expect(curves[0].map(\.lastStep) == curves[1].map(\.lastStep))
      #expect(curves[0].map(\.entry.isNonFinite) == [false, true, false])
      // Another file of the same name is another log.
      let url = logs.appendingPathComponent("a.jsonl")
      try Data(LogFixture(losses: [9]).bytes).write(to: url)
      #expect(runs(logs, cache: cache).first?.figures["loss"]?.last == 9)
      // Anything may stand in the cache.
      try Data("no cache\n{}\n".utf8).write(to: URL(fileURLWithPath: cache))
      #expect(runs(logs, cache: cache).first?.figures["loss"]?.last == 9)
    }
  }

  @Test func `logs of other programs stand in the list with theirs`() throws {
    let figures = (1...50).map { #"{"step": \#($0), "train/loss": \#(1.0 / Double($0))}"# + "\n" }
    let files = [
      "x/metrics.jsonl": Array(figures.joined().utf8),
      "y/metrics.csv": Array("epoch,loss,val_loss\n0,2,3\n1,1,2\n".utf8),
      "data.csv": Array("length,width\n1,2\n".utf8),
    ]
    try inTemporaryFolder(files) { folder in
      let runs = runs(folder)
      #expect(runs.map(\.name) == ["x/metrics", "y/metrics"])
      #expect(runs[0].figures["loss"]?.last == 0.02 && runs[0].figures.step == 50)
      #expect(runs[1].best(of: "validation_loss") == .init(value: 2, step: 2))
    }
  }

  @Test func `a run without an end is live, crashed or silent by what is known of its process`() {
    var run = IndexedRun(
      path: "a", name: "a", mark: FileMark(device: 0, inode: 0, size: 0, modified: 0))
    run.mark.modified = 1_000_000_000_000
    let soon = WallTime(milliseconds: 1_010_000)
    let late = WallTime(milliseconds: 1_500_000)
    #expect(run.state(at: soon) == .live && run.state(at: late) == .silent)
    run.process = .alive
    #expect(run.state(at: late) == .live)
    run.process = .gone
    #expect(run.state(at: soon) == .crashed)
    run.end = "failed"
    #expect(run.state(at: soon) == .crashed)
    run.end = "interrupted"
    #expect(run.state(at: soon) == .stopped)
  }

  @Test func `the curves that are wanted are smoothed as a run's own`() throws {
    let losses = (0..<100).map { Float($0 % 2) }
    try inTemporaryFolder(["a.jsonl": LogFixture(losses: losses).bytes]) { folder in
      let run = try #require(runs(folder).first)
      let curves = try #require(RunCurves.read(run, .standard) { true })
      let curve = try #require(curves.curves["loss"])
      #expect(curve.curve(.off).whole.count == 100)
      let strong = curve.curve(.strong).whole.suffix(10).map(\.entry.mean)
      #expect(strong.allSatisfy { abs($0 - 0.5) < 0.06 })
      #expect(curves.clock.course(over: 0...1000).seconds(at: 500) == 50)
    }
  }
}
