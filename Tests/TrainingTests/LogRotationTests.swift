// Logs that are cut short while a run writes them, as what rotates logs does after it has copied them.
import Basics
import Foundation
import RunRecords
import TestSupport
import Testing

@testable import Training

@Suite struct LogRotationTests {
  private static func event(_ step: Int, _ action: EventRecord.Action = .maxNorm) -> Record {
    .event(EventRecord(step: step, action: action, value: .number(0.5)))
  }

  private let header = Record.header(RunHeader.sample())

  private func withLog(
    _ ending: String = "jsonl", _ body: (String, LogFile) throws -> Void
  ) throws {
    let path = NSTemporaryDirectory() + "maxnorm-\(UUID().uuidString).\(ending)"
    defer { unlink(path) }
    try body(path, LogFile(try LogDestination(opening: path, overwrite: false)))
  }

  private func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  @Test func `a log that was cut begins again with its header and the changes so far`() throws {
    try withLog { path, log in
      for record in [header, Self.event(3), Self.event(4, .pause)] { try log.write(record) }
      try log.flush()
      #expect(truncate(path, 0) == 0)
      try log.write(Self.event(7))
      try log.write(Self.event(8, .pause))
      try log.flush()
      let lines = [header, Self.event(3), Self.event(7), Self.event(8, .pause)].flatMap(\.line)
      #expect(try bytes(path) == lines)
      // Once is enough.
      try log.write(Self.event(9))
      try log.flush()
      #expect(try bytes(path) == lines + Self.event(9).line)
    }
  }

  @Test func `a header that is still to come begins a cut log by itself`() throws {
    try withLog { path, log in
      try log.write(header)
      try log.flush()
      #expect(truncate(path, 0) == 0)
      try log.write(header)
      try log.write(Self.event(1))
      try log.flush()
      #expect(try bytes(path) == header.line + Self.event(1).line)
    }
  }

  @Test func `a log that was cut in the middle keeps its whole lines`() throws {
    try withLog { path, log in
      try log.write(header)
      try log.write(Self.event(1))
      try log.flush()
      #expect(truncate(path, off_t(header.line.count + 5)) == 0)
      try log.write(Self.event(2))
      try log.flush()
      #expect(
        try bytes(path) == header.line + header.line + Self.event(1).line + Self.event(2).line)
      #expect(try RecordFile.records(at: path).count == 4)
    }
  }

  @Test func `a table that was cut has its columns again`() throws {
    try withLog("csv") { path, log in
      for record in [header, Self.event(3), header, Self.event(4)] { try log.write(record) }
      try log.flush()
      let columns = try #require(try bytes(path).split(separator: 0x0A).first)
      #expect(truncate(path, 0) == 0)
      try log.write(Self.event(5))
      try log.flush()
      let lines = try bytes(path).split(separator: 0x0A)
      #expect(lines.count == 3 && lines[0] == columns)
      #expect(String(decoding: lines[1], as: UTF8.self).hasPrefix("event,4,"))
      #expect(String(decoding: lines[2], as: UTF8.self).hasPrefix("event,5,"))
    }
  }

  @Test func `a checkpoint names the place in the log as it is now`() throws {
    try withLog { path, log in
      for step in 0..<50 { try log.write(step == 0 ? header : Self.event(step, .pause)) }
      let first = try #require(try log.placeOnDisk())
      #expect(try first.bytes == bytes(path).count)
      #expect(truncate(path, 0) == 0)
      // Nothing is to be written, and yet there is a place to resume from.
      let second = try #require(try log.placeOnDisk())
      #expect(try bytes(path) == header.line && second.bytes == header.line.count)
      try log.write(Self.event(60))
      let third = try #require(try log.placeOnDisk())
      #expect(third.bytes == header.line.count + Self.event(60).line.count)
      // Another one may not write while this one is open.
      #expect(throws: ProgramError.self) { try LogDestination(opening: path, overwrite: true) }
    }
  }

  @Test func `a log that others write to as well is appended to`() throws {
    try withLog { path, log in
      try log.write(header)
      try log.flush()
      let other = open(path, O_WRONLY | O_APPEND)
      #expect(write(other, "\n\n", 2) == 2)
      close(other)
      try log.write(Self.event(1))
      let place = try log.placeOnDisk()
      #expect(place?.bytes == header.line.count + 2 + Self.event(1).line.count)
      #expect(try bytes(path) == header.line + [0x0A, 0x0A] + Self.event(1).line)
    }
  }

  @Test func `a run whose log is cut in the middle resumes from its checkpoint`() throws {
    let experiment = try RunFixture.experiment()
    let whole = try RunFixture.log(experiment)
    let fixture = try CheckpointFixture()
    var options = RunOptions()
    options.checkpoint = CheckpointOptions(path: fixture.checkpoint)
    options.logs = [try LogDestination(opening: fixture.log, overwrite: false)]
    options.publishes = true
    options.isInteractive = true
    let run = TrainingRun(experiment, options: options, onNews: {})
    // Held at step 20, so that it is known what the log has lost.
    for order in [Command.pause] + Array(repeating: .singleStep, count: 20) { run.send(order) }
    run.start()
    func wait(_ isThere: () -> Bool) { while !isThere() { usleep(1000) } }
    func text() -> String { (try? String(contentsOfFile: fixture.log, encoding: .utf8)) ?? "" }
    wait { text().contains(#""type":"evaluation","step":20"#) }
    #expect(truncate(fixture.log, 0) == 0)
    for _ in 0..<5 { run.send(.singleStep) }
    wait { text().contains(#""type":"evaluation","step":24"#) }
    run.send(.stop)
    #expect(run.waitUntilDone())
    let cut = try RecordFile.records(at: fixture.log)
    guard case .header = cut.first else {
      Issue.record("expected a header first")
      return
    }
    #expect(cut.compactMap(\.stepRecord).map(\.step).first.map { $0 > 20 } == true)
    try fixture.resume(experiment)
    let records = try RecordFile.records(at: fixture.log)
    #expect(
      records.compactMap(\.evaluation) == whole.compactMap(\.evaluation).filter { $0.step > 20 })
    #expect(records.last?.end?.reason == .finished && records.last?.step == 40)
  }
}
