// Logs: what may be opened, and what happens when a disk is full.
import Basics
import Foundation
import RunRecords
import Testing

@testable import Training

@Suite struct LogTests {
  private func temporaryPath(_ ending: String) -> String {
    NSTemporaryDirectory() + "maxnorm-\(UUID().uuidString).\(ending)"
  }

  @Test func `a log that is not empty is replaced only on request`() throws {
    let path = temporaryPath("jsonl")
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data("kept\n".utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: ProgramError.self) { try LogDestination(opening: path, overwrite: false) }
    #expect(FileManager.default.contents(atPath: path) == Data("kept\n".utf8))
    // Even then it stays until there is something to put in its place.
    let destination = try LogDestination(opening: path, overwrite: true)
    #expect(FileManager.default.contents(atPath: path) == Data("kept\n".utf8))
    let log = LogFile(destination)
    try log.write(.event(EventRecord(step: 1, action: .pause)))
    try log.flush()
    #expect(
      FileManager.default.contents(atPath: path)
        == Data(Record.event(EventRecord(step: 1, action: .pause)).line))
  }

  @Test(arguments: ["/nowhere/x.jsonl", "x.txt", "x", "/proc/x.csv"])
  func `a path that cannot be a log is an error at once`(path: String) {
    #expect(throws: ProgramError.self) { try LogDestination(opening: path, overwrite: false) }
  }

  @Test(arguments: NormsDetail.allCases)
  func `a log tells digests of norms only where that is asked for`(detail: NormsDetail) throws {
    let path = temporaryPath("jsonl")
    defer { try? FileManager.default.removeItem(atPath: path) }
    let norms = NormsRecord(
      step: 1,
      layers: [
        .init(name: "wide", norms: (0..<200).map { Float($0) }), .init(name: "out", norms: [1, 2]),
      ])
    let log = LogFile(try LogDestination(opening: path, overwrite: false), norms: detail)
    try log.write(.norms(norms))
    try log.flush()
    let written = FileManager.default.contents(atPath: path) ?? Data()
    let told = Record.norms(norms.told(detail, histograms: false))
    #expect(written == Data(detail == .none ? [] : told.line))
    #expect((written == Data(Record.norms(norms).line)) == (detail == .full))
  }

  @Test(arguments: [false, true])
  func `a log tells how weights are distributed only where that is asked for`(isWanted: Bool) throws
  {
    let path = temporaryPath("jsonl")
    defer { try? FileManager.default.removeItem(atPath: path) }
    var options = RunOptions()
    options.logs = [try LogDestination(opening: path, overwrite: false)]
    options.histograms = isWanted
    let run = TrainingRun(
      try RunFixture.experiment(["epochs=2"]), options: options, onNews: {})
    run.start()
    #expect(run.waitUntilDone(seconds: patience))
    let norms = try RecordFile.records(at: path).compactMap { record in
      if case .norms(let norms) = record { norms } else { nil }
    }
    #expect(!norms.isEmpty)
    for record in norms {
      guard isWanted else {
        #expect(record.histograms.isEmpty)
        continue
      }
      #expect(record.histograms.map(\.name) == ["fc1", "fc2"])
      // Digits have 8 x 8 pixels.
      let totals = record.histograms.map { $0.histogram.counts.reduce(0, +) }
      #expect(totals == [64 * 16, 16 * 10])
      for layer in record.histograms {
        #expect(layer.histogram.low < 0 && layer.histogram.high > 0)
        #expect(layer.histogram.counts.count <= WeightHistogram.mostParts)
      }
    }
  }

  @Test func `a full disk ends a run without a screen`() throws {
    var options = RunOptions()
    options.logs = [try LogDestination(opening: "/dev/full", overwrite: false)]
    let run = TrainingRun(try RunFixture.experiment(), options: options, onNews: {})
    run.start()
    #expect(run.waitUntilDone(seconds: patience))
    guard case .failed(let error) = run.outcome else {
      Issue.record("expected a failure")
      return
    }
    #expect("\(error)".contains("No space left on device"))
  }

  @Test func `a log that fails leaves the other one complete`() throws {
    let path = temporaryPath("jsonl")
    defer { try? FileManager.default.removeItem(atPath: path) }
    var options = RunOptions()
    options.logs = [
      try LogDestination(opening: "/dev/full", overwrite: false),
      try LogDestination(opening: path, overwrite: false),
    ]
    // More than a buffer's worth, so that it fails in mid-run.
    let run = TrainingRun(try RunFixture.experiment(["epochs=200"]), options: options, onNews: {})
    run.start()
    #expect(run.waitUntilDone(seconds: patience))
    guard case .failed = run.outcome else {
      Issue.record("expected a failure")
      return
    }
    let records = try RecordFile.records(at: path)
    #expect(records.last?.end?.reason == .interrupted)
    #expect(records.compactMap(\.end).count == 1)
  }

  @Test func `a full disk is shown on the screen, and the run continues`() throws {
    var options = RunOptions()
    options.logs = [try LogDestination(opening: "/dev/full", overwrite: false)]
    options.publishes = true
    options.isInteractive = true
    let run = TrainingRun(try RunFixture.experiment(), options: options, onNews: {})
    run.start()
    let records = run.records { $0.end != nil }
    #expect(records.last?.end?.reason == .finished)
    #expect(run.stopAndWait())
    #expect((run.troubles.last as? ProgramError)?.subject == .log)
  }
}
