// Commands from outside: what they do, how they are answered, and that a log of them repeats.
import Experiments
import Foundation
import NeuralNetwork
import RunRecords
import TestSupport
import Testing

@testable import Training

@Suite struct SteeringTests {
  /// What a run's log says of commands that wait for it when it starts, each with its id.
  private func log(
    _ commands: [(String?, Command)], _ experiment: Experiment? = nil
  ) throws -> [Record] {
    try inTemporaryFolder { folder in
      let path = folder.appendingPathComponent("run.jsonl").path
      var options = RunOptions()
      options.logs = [try LogDestination(opening: path, overwrite: false)]
      let mailbox = RunMailbox(onNews: {})
      for (id, command) in commands {
        _ = mailbox.send(.command(command, .file(id: id, expires: nil)))
      }
      _ = mailbox.prepare()
      let sinks = RunSinks(options, mailbox: mailbox)
      let loop = TrainingLoop(
        try experiment ?? RunFixture.experiment(), options: options, mailbox: mailbox,
        sinks: sinks)
      _ = try loop.run()
      return try RecordFile.records(at: path)
    }
  }

  private func answers(_ records: [Record]) -> [String] {
    records.compactMap { record in
      switch record {
      case .event(let event): "\(event.id ?? "-") \(event.action.rawValue)"
      case .refused(let refused):
        "\(refused.id ?? "-") refused\(refused.isUnchanged ? " unchanged" : "")"
      case .header, .step, .norms, .evaluation, .sample, .end, .twin, .rank: nil
      }
    }
  }

  @Test func `each command is answered by its event, or by the reason for its absence`() throws {
    let records = try log([
      ("a.1", .set(.constraint, to: false)), ("a.2", .set(.constraint, to: false)),
      ("a.3", .set(.maxNorm, layer: "fc9", to: 1.0)), (nil, .set(.learningRate, to: 0.05)),
      ("a.4", .set(.batchNormFreeze, to: true)), ("a.5", .fork), ("a.6", .pause),
      ("a.7", .singleStep), ("a.8", .pace(1000)), ("a.9", .resume), ("a.10", .singleStep),
      ("a.11", .twin(false)), ("a.12", .stop), ("a.13", .pause),
    ])
    #expect(
      answers(records) == [
        "a.1 constraint", "a.2 refused unchanged", "a.3 refused", "- learning_rate", "a.4 refused",
        "a.5 refused", "a.6 pause", "a.8 pace", "a.7 refused", "a.9 resume", "a.10 refused",
        "a.11 refused unchanged", "a.12 stop", "a.13 refused",
      ])
    guard case .end(let end)? = records.last else {
      Issue.record("expected an end")
      return
    }
    #expect(end.reason == .stopped)
  }

  @Test func `a step while paused is answered behind it`() throws {
    let segment = try RunFixture.segment(try RunFixture.experiment())
    _ = try segment.perform(.pause)
    _ = try segment.perform(.singleStep, from: .file(id: "a.1", expires: nil))
    #expect(segment.controls.singleSteps == 1 && segment.controls.askedSteps == ["a.1"])
  }

  @Test func `an undo takes back the asker's last change`() throws {
    let segment = try RunFixture.segment(try RunFixture.experiment())
    func tell(_ command: Command, _ id: String) throws -> Float {
      _ = try segment.perform(command, from: .file(id: id, expires: nil))
      return Float(segment.learner.learningRate)
    }
    #expect(try tell(.set(.learningRate, to: 0.2), "ada.1") == 0.2)
    _ = try tell(.set(.momentum, to: 0.5), "bob.1")
    _ = try segment.perform(.set(.weightDecay, to: 0.25))
    #expect(try tell(.undo, "ada.2") == 0.1)
    #expect(segment.learner.optimizer.momentum == 0.5)
    // Nothing of hers is left, whatever others have changed.
    #expect(try tell(.undo, "ada.3") == 0.1 && segment.changes.count == 2)
    // What another has changed since is not overruled.
    #expect(try tell(.set(.learningRate, to: 0.3), "ada.4") == 0.3)
    #expect(try tell(.set(.learningRate, to: 0.4), "bob.2") == 0.4)
    #expect(try tell(.undo, "ada.5") == 0.4)
    #expect(try tell(.undo, "bob.3") == 0.3)
    #expect(try tell(.undo, "ada.6") == 0.1)
    _ = try segment.perform(.undo)
    #expect(segment.learner.optimizer.weightDecay == 0 && segment.changes.count == 1)
  }

  @Test func `what expires before its turn is not carried out`() throws {
    let segment = try RunFixture.segment(try RunFixture.experiment())
    let past = WallTime(milliseconds: 0)
    _ = try segment.perform(.pause, from: .file(id: "a.1", expires: past))
    #expect(!segment.controls.isPaused)
    let future = WallTime(milliseconds: WallTime.now.milliseconds + 3_600_000)
    _ = try segment.perform(.pause, from: .file(id: "a.2", expires: future))
    #expect(segment.controls.isPaused)
  }

  @Test func `a checkpoint that cannot be written is refused and ends nothing`() throws {
    var options = RunOptions()
    options.checkpoint = CheckpointOptions(path: "/dev/null/none/run.checkpoint")
    let segment = try RunFixture.segment(try RunFixture.experiment(), options: options)
    _ = try segment.perform(.checkpoint, from: .file(id: "a.1", expires: nil))
    #expect(throws: (any Error).self) { _ = try segment.perform(.checkpoint) }
  }

  @Test func `an order breaks an evaluation off, and the log repeats`() throws {
    let segment = try RunFixture.segment(try RunFixture.experiment())
    #expect(segment.mailbox.prepare() && segment.mailbox.begin())
    while !segment.main.isEvaluationDue { _ = segment.main.advance(for: segment.sinks) }
    _ = segment.mailbox.send(.command(.set(.constraint, to: false)))
    #expect(try segment.evaluate(segment.main, untilOrder: true))
    #expect(segment.main.isEvaluationDue && !segment.mailbox.givesUp)
    // At the end of a run nothing comes before it.
    #expect(try segment.evaluate(segment.main))
    #expect(!segment.main.isEvaluationDue)
  }

  @Test func `what came before the evaluation of its step is repeated before it`() throws {
    let plain = try RunFixture.log(try RunFixture.experiment())
    let step = try #require(plain.compactMap(\.evaluation).first?.step)
    func run(_ events: [EventRecord], before: Bool) throws -> [Record] {
      var records: [Record] = events.map { .event($0) }
      let evaluation = Record.evaluation(EvaluationRecord(step) { _ in })
      records.insert(evaluation, at: before ? records.endIndex : 0)
      return try RunFixture.log(
        try RunFixture.experiment(), schedule: EventSchedule([plain[0]] + records))
    }
    func order(_ records: [Record]) -> [String] {
      records.filter { $0.step == step }.compactMap {
        if $0.event != nil { "event" } else if $0.evaluation != nil { "evaluation" } else { nil }
      }
    }
    let events = [
      EventRecord(step: step, action: .maxNorm, from: 0.7, value: 0.2),
      EventRecord(step: step, action: .momentum, from: 0.9, value: 0.5),
    ]
    for before in [true, false] {
      let first = try run(events, before: before)
      let expected = ["event", "event"]
      #expect(order(first) == (before ? expected + ["evaluation"] : ["evaluation"] + expected))
      let again = try RunFixture.log(try RunFixture.experiment(), schedule: EventSchedule(first))
      #expect(again.map(\.timeless) == first.map(\.timeless))
    }
    // A reset in the place of an evaluation that was never made.
    let reset = try RunFixture.log(
      try RunFixture.experiment(),
      schedule: EventSchedule([
        plain[0], .step(StepRecord(step)), .event(EventRecord(step: step, action: .reset)),
        plain[0],
      ]))
    #expect(order(reset).first == "event")
    let again = try RunFixture.log(try RunFixture.experiment(), schedule: EventSchedule(reset))
    #expect(again.map(\.timeless) == reset.map(\.timeless))
  }

  @Test func `undos of several askers are repeated as they were`() throws {
    let first = try log([
      ("ada.1", .set(.learningRate, to: 0.2)), ("bob.1", .set(.momentum, to: 0.5)),
      ("bob.2", .set(.maxNorm, layer: "fc1", to: 0.4)), ("ada.2", .undo), ("bob.3", .undo),
    ])
    #expect(first.compactMap(\.event).map(\.undo) == [false, false, false, true, true])
    let again = try RunFixture.log(try RunFixture.experiment(), schedule: EventSchedule(first))
    #expect(again.map(\.timeless) == first.map(\.timeless))
    #expect(again.compactMap(\.event).allSatisfy { $0.id == nil })
  }

  @Test func `a run reads commands while it waits, and writes norms while it is watched`() throws {
    try inTemporaryFolder { folder in
      let path = folder.appendingPathComponent("run.jsonl").path
      var options = RunOptions()
      options.logs = [try LogDestination(opening: path, overwrite: false)]
      options.origin = RunOrigin(runID: "0123456789abcdef")
      options.steering = .init(try CommandFile(besideLog: path), besideLog: path)
      options.publishes = true
      let run = TrainingRun(
        try RunFixture.experiment(["epochs=100000"]), options: options, onNews: {})
      func append(_ line: String) throws {
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path + ".commands"))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data((line + "\n").utf8))
        try handle.close()
      }
      run.send(.pause)
      run.start()
      #expect(run.records { $0.event?.action == .pause }.last != nil)
      try append(#"{"action":"watch","run_id":"0123456789abcdef"}"#)
      let deadline = ContinuousClock.now + .seconds(patience)
      while access(path + ".norms", F_OK) != 0, ContinuousClock.now < deadline { usleep(1000) }
      let line = FileManager.default.contents(atPath: path + ".norms") ?? Data()
      guard case .norms? = try RecordLineReader(.strict).record(on: line.dropLast()) else {
        Issue.record("expected norms")
        return
      }
      try append(#"{"id":"a.1","action":"constraint","value":false}"#)
      try append(#"{"id":"a.2","run_id":"other","action":"stop"}"#)
      let news = run.records { $0.event?.id == "a.1" }
      #expect(news.contains { $0.event?.action == .constraint })
      try append(#"{"id":"a.3","action":"stop"}"#)
      #expect(run.waitUntilDone(seconds: patience))
      #expect(access(path + ".norms", F_OK) != 0 && access(path + ".commands", F_OK) != 0)
      let records = try RecordFile.records(at: path)
      guard case .header(let header) = records[0] else { return }
      #expect(header.origin?.runID == "0123456789abcdef" && header.time == nil)
      // A refusal may be reported before the answer to what is carried out.
      #expect(
        Set(answers(records)) == ["- pause", "a.1 constraint", "a.2 refused", "a.3 stop"])
    }
  }

  private static let table = Array(
    ("x,y\n" + (0..<40).map { "\($0 % 7),\($0 % 5)\n" }.joined()).utf8)

  /// A run of a table in a folder, with its file of commands, that reads the table from a pipe at first
  /// or from the next seed on; `body` gets the pipe's other end and a way to append commands.
  private func withPipe(
    fromStart: Bool,
    _ body: (TrainingRun, _ log: String, _ pipe: Int32, _ append: (String) throws -> Void) throws
      -> Void
  ) throws {
    try inTemporaryFolder(["table.csv": Self.table]) { folder in
      let log = folder.appendingPathComponent("run.jsonl").path
      let data = folder.appendingPathComponent("table.csv").path
      /// Open for reading too, it has a writer from the start.
      func makePipe() -> Int32 {
        unlink(data)
        #expect(mkfifo(data, 0o600) == 0)
        return open(data, O_RDWR | O_CLOEXEC)
      }
      var pipe: Int32 = -1
      if fromStart { pipe = makePipe() }
      var options = RunOptions()
      options.logs = [try LogDestination(opening: log, overwrite: false)]
      options.origin = RunOrigin(runID: "0123456789abcdef")
      options.steering = .init(try CommandFile(besideLog: log), besideLog: log)
      options.publishes = true
      let run = TrainingRun(
        try RunFixture.experiment([
          "data={csv: \(data), target: y, task: regression}", "loss=mse",
          "model=[dense: {name: fc1, units: 1}]", "epochs=1000000",
        ]), options: options, onNews: {})
      run.start()
      if !fromStart {
        #expect(run.records { $0.stepRecord != nil }.last != nil)
        pipe = makePipe()
      }
      try body(run, log, pipe) { line in
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: log + ".commands"))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data((line + "\n").utf8))
        try handle.close()
      }
    }
  }

  @Test func `what is asked for while data are loading waits until training begins`() throws {
    try withPipe(fromStart: true) { run, log, pipe, append in
      try append(#"{"id":"a.1","action":"momentum","value":0.5}"#)
      try append(#"{"id":"a.2","action":"stop"}"#)
      #expect(run.outcome == nil)
      #expect(write(pipe, Self.table, Self.table.count) == Self.table.count)
      // What nobody has read by then would go with the last end that is open.
      var left: Int32 = 1
      let deadline = ContinuousClock.now + .seconds(patience)
      while left > 0, ContinuousClock.now < deadline {
        usleep(1000)
        _ = ioctl(pipe, UInt(FIONREAD), &left)
      }
      close(pipe)
      #expect(run.waitUntilDone(seconds: patience))
      let records = try RecordFile.records(at: log)
      #expect(answers(records) == ["a.1 momentum", "a.2 stop"])
      #expect(records.last?.end?.reason == .stopped)
    }
  }

  @Test func `a stop ends a run that loads the data of another seed, and is answered`() throws {
    try withPipe(fromStart: false) { run, log, pipe, append in
      try append(#"{"id":"a.1","action":"reseed","value":7}"#)
      #expect(run.records { $0.event?.action == .reseed }.last != nil)
      try append(#"{"id":"a.2","action":"momentum","value":0.5}"#)
      try append(#"{"id":"a.3","action":"stop"}"#)
      #expect(run.waitUntilDone(seconds: patience))
      close(pipe)
      let records = try RecordFile.records(at: log)
      #expect(answers(records) == ["a.1 reseed", "a.2 refused", "a.3 stop"])
      #expect(records.last?.end?.reason == .stopped)
    }
  }

  @Test func `what is asked for while the twin is evaluated comes after its evaluation`() throws {
    let segment = try RunFixture.segment(try RunFixture.experiment())
    #expect(segment.mailbox.prepare() && segment.mailbox.begin())
    _ = try segment.setTwin(true)
    let twin = try #require(segment.twin?.run)
    while !twin.isEvaluationDue { _ = twin.advance(for: segment.sinks) }
    _ = segment.mailbox.send(
      .command(.set(.learningRate, to: 0.5), .file(id: "a.1", expires: nil)))
    try segment.evaluateTwin()
    #expect(!twin.isEvaluationDue && segment.mailbox.hasOrder)
    #expect(try segment.performOrders() == nil)
    #expect(segment.learner.learningRate == 0.5)
    // An end that is asked for does not wait for it.
    while !twin.isEvaluationDue { _ = twin.advance(for: segment.sinks) }
    _ = segment.mailbox.send(.interrupt)
    try segment.evaluateTwin()
    #expect(twin.isEvaluationDue)
  }
}
