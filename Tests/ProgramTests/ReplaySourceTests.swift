// A log as a source of records: timed, held, moved about in, followed.
import Dashboard
import Foundation
import RunHistory
import RunRecords
import TerminalUI
import TestSupport
import Testing

@testable import maxnorm

@Suite struct ReplaySourceTests {
  /// A log of `steps` step records, ten steps and a tenth of a second apart, each with its norms.
  private static func records(steps: Int, padding: Int = 0) -> [Record] {
    let norms = [Float](repeating: 0.123_456_7, count: 3 + padding)
    let header = RunHeader.sample("log", metric: "validation_loss") {
      $0.stepsPerEpoch = 10
      $0.totalSteps = steps * 10
      $0.layers = [.sample("fc", shape: [3, 2], ceiling: 1)]
    }
    return [.header(header)]
      + (1...steps).flatMap { index -> [Record] in
        let step = index * 10
        return [
          .step(
            StepRecord(step) {
              $0.epoch = 1
              $0.steps = 10
              $0.loss = 1 / Float(index)
              $0.lossMin = 0
              $0.lossMax = 1
              $0.learningRate = 0.1
              $0.gradientNorm = 1
              $0.gradientNormMax = 1
              $0.constraint = .init(enabled: true, maxNorm: 1)
              $0.layers = []
              $0.examplesPerSecond = 1
              $0.elapsed = Double(index) / 10
            }),
          .norms(NormsRecord(step: step, layers: [.init(name: "fc", norms: norms)])),
        ]
      }
  }

  private func withFeed(
    _ records: [Record], growth: LogGrowth = .none, speed: Double = 1,
    _ body: (ReplaySource, inout RecordFeed<ReplaySource>, String) throws -> Void
  ) throws {
    try Program.inFolder { folder in
      let log = folder.appendingPathComponent("run.jsonl")
      try Data(records.flatMap(\.line)).write(to: log)
      let source = try ReplaySource(
        RecordFile(at: log.path, .lenient, growth: growth), name: "run.jsonl", growth: growth,
        speed: speed,
        keyframes: Keyframes(leastSpacing: 4 << 10))
      var feed = RecordFeed(source, DashboardModel(source: .replay, pace: speed))
      try body(source, &feed, log.path)
    }
  }

  /// Takes until nothing more comes, at a time far from anything due.
  private func settle(_ source: ReplaySource, _ feed: inout RecordFeed<ReplaySource>) {
    var turns = 0
    repeat {
      _ = feed.takeRecords()
      turns += 1
    } while feed.model.replay?.isSeeking == true && turns < 10_000
  }

  @Test func `records come at their times, and at once at speed 0`() throws {
    let records = Self.records(steps: 20)
    try withFeed(records) { source, _, _ in
      #expect(source.take(at: 5) == [records[0]])
      #expect(source.take(at: 5.05).isEmpty)
      #expect(source.nextTime.map { abs($0 - 5.1) < 1e-9 } == true)
      #expect(source.take(at: 5.25) == Array(records[1...4]))
      source.hold(true, at: 5.25)
      #expect(source.take(at: 9).isEmpty && source.nextTime == nil)
      source.hold(false, at: 9)
      source.setSpeed(10, at: 9)
      #expect(source.take(at: 9.02).count == 4)
      source.setSpeed(0, at: 9.02)
      #expect(source.take(at: 9.02).count == records.count - 9)
      #expect(source.isOver && source.place.share == 1)
    }
  }

  @Test func `wherever keys lead, the model is that of the records up to there`() throws {
    // More than one keyframe, so that going back starts in the middle too.
    let records = Self.records(steps: 300)
    try withFeed(records, speed: 1e-9) { source, feed, path in
      settle(source, &feed)
      var random = SystemRandomNumberGenerator()
      for key in ["E", "<", "<", ">", "r", ">", ">", ">", "E", "<", "<", "<", "<", "<", "<", "r"] {
        _ = feed.handle(.key(.character(Character(key)), time: 0))
        settle(source, &feed)
        if Bool.random(using: &random) { _ = feed.takeRecords() }
        let reached = feed.model.segment?.step ?? 0
        var direct = DashboardModel(source: .replay, pace: 1)
        let before = Array(records.prefix(1 + reached / 10 * 2))
        _ = update(&direct, .records(before, time: 0))
        let (moved, once) = (feed.model.segment, direct.segment)
        #expect(moved?.loss.raw.whole.map(\.lastStep) == once?.loss.raw.whole.map(\.lastStep))
        #expect(
          moved?.loss.raw.recentEntries.map(\.entry.mean)
            == once?.loss.raw.recentEntries.map(\.entry.mean))
        #expect(moved?.layers[0].norms == once?.layers[0].norms)
        #expect(
          moved?.layers[0].distribution.whole.count == once?.layers[0].distribution.whole.count)
      }
      #expect(feed.model.segment?.step == 0)
      let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
      #expect(size > 12 * 4 << 10, "enough for all keyframes")
    }
  }

  @Test func `back and ahead go a twentieth of the log, also several at once`() throws {
    try withFeed(Self.records(steps: 1000), speed: 1e-9) { source, feed, _ in
      settle(source, &feed)
      func share() -> Double { feed.model.replay?.share ?? -1 }
      for key in ">>>>" { _ = feed.handle(.key(.character(key), time: 0)) }
      settle(source, &feed)
      #expect(abs(share() - 0.2) < 0.01)
      for key in "<<" {
        _ = feed.handle(.key(.character(key), time: 0))
        settle(source, &feed)
      }
      #expect(abs(share() - 0.1) < 0.01)
      _ = feed.handle(.key(.character("E"), time: 0))
      settle(source, &feed)
      #expect(share() == 1 && feed.model.stateLabel == "end of the log")
      _ = feed.handle(.key(.character("<"), time: 0))
      settle(source, &feed)
      #expect(abs(share() - 0.95) < 0.01)
    }
  }

  @Test func `single steps go from one step record to the next`() throws {
    try withFeed(Self.records(steps: 5)) { source, feed, _ in
      settle(source, &feed)
      _ = feed.handle(.key(.character(" "), time: 0))
      for step in [10, 20, 30] {
        _ = feed.handle(.key(.character("n"), time: 0))
        settle(source, &feed)
        #expect(feed.model.segment?.step == step && feed.model.segment?.layers[0].normsStep == step)
        #expect(feed.model.phase == .paused && feed.takeRecords().isEmpty)
      }
    }
  }

  @Test func `a followed log is checked a few times a second`() throws {
    let records = Self.records(steps: 4)
    try withFeed(Array(records[..<3]), growth: .appended, speed: 0) { source, _, path in
      #expect(source.take(at: 1) == [records[0]])
      #expect(source.take(at: 1) == Array(records[1..<3]))
      #expect(source.nextTime == 1.25 && !source.isOver && source.place.isAtEnd)
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try file.seekToEnd()
      try file.write(contentsOf: Data(records[3...].flatMap(\.line)))
      #expect(source.take(at: 1.1).isEmpty)
      #expect(source.take(at: 1.3) == Array(records[3...]))
    }
  }

  @Test func `a NaN time holds nothing up`() throws {
    var records = Self.records(steps: 3)
    for index in [1, 3] {
      guard case .step(var step) = records[index] else { continue }
      step.elapsed = index == 1 ? .infinity : .nan
      records[index] = .step(step)
    }
    try withFeed(records) { source, _, _ in
      _ = source.take(at: 0)
      #expect(source.take(at: 0).count == 4)
      #expect(source.nextTime.map { abs($0 - 0.3) < 1e-9 } == true)
    }
  }
}
