// Logs of other programs: what a record cannot be without, and what it may leave out.
import Basics
import Foundation
import Testing

@testable import RunRecords

@Suite struct ForeignLogTests {
  private func record(_ line: String, _ rules: RecordLineReader.Rules = .lenient) throws -> Record?
  {
    try RecordLineReader(rules).record(on: Data(line.utf8))
  }

  private func file(_ lines: [String]) throws -> String {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).jsonl").path
    try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  private func read(_ lines: [String]) throws -> (records: [Record], skippedLines: SkippedLines) {
    let path = try file(lines)
    defer { try? FileManager.default.removeItem(atPath: path) }
    var file = try RecordFile(at: path, .lenient)
    var records: [Record] = []
    while let record = try file.next() { records.append(record) }
    return (records, file.skippedLines)
  }

  @Test func `a step needs its number alone, and all else is unknown`() throws {
    #expect(try record(#"{"type":"step","step":3}"#) == .step(StepRecord(3)))
    #expect(
      try record(#"{"type":"step","step":3,"loss":null,"constraint":null,"layers":null}"#)
        == .step(StepRecord(3)))
    #expect(throws: DecodingError.self) { try record(#"{"type":"step","loss":1}"#) }
  }

  @Test func `a header needs its name, an event its action, and every other record its step`()
    throws
  {
    #expect(throws: DecodingError.self) { try record(#"{"type":"header"}"#) }
    #expect(throws: DecodingError.self) { try record(#"{"type":"event","step":1}"#) }
    for type in ["evaluation", "norms", "sample", "end"] {
      #expect(throws: DecodingError.self) { try record(#"{"type":"\#(type)"}"#) }
      guard type != "sample" else { continue }
      #expect(try record(#"{"type":"\#(type)","step":1}"#)?.step == 1)
    }
    guard case .header(let header) = try record(#"{"type":"header","name":"x"}"#) else {
      Issue.record("expected a header")
      return
    }
    #expect(header.layers.isEmpty && header.totalSteps == nil && header.program == nil)
    #expect(header.criterion == ("validation_loss", .minimize))
    #expect(
      try record(#"{"type":"event","step":1,"action":"pause"}"#)
        == .event(EventRecord(step: 1, action: .pause)))
  }

  @Test func `numbers that are not finite are read without quotes as with them`() throws {
    let line = #"{"type":"step","step":1,"loss":NaN,"loss_max":Infinity,"loss_min":-Infinity}"#
    guard case .step(let step) = try record(line) else {
      Issue.record("expected a step")
      return
    }
    #expect(step.loss?.isNaN == true && step.lossMax == .infinity && step.lossMin == -.infinity)
    #expect(throws: DecodingError.self) { try record(line, .strict) }
  }

  @Test func `a value of another kind is as good as none, and the rest of the record stands`()
    throws
  {
    let line = #"{"type":"step","step":10,"epoch":0.5,"loss":0.25,"learning_rate":"high"}"#
    #expect(try record(line) == .step(StepRecord(10) { $0.loss = 0.25 }))
  }

  @Test func `figures under any names are read in steps and evaluations`() throws {
    let metrics = [Metric(name: "bleu", value: 31.5), Metric(name: "tokens/s", value: 1e6)]
    let figures = #""metrics":{"tokens/s":1e6,"bleu":31.5,"note":"x","none":null}"#
    #expect(
      try record(#"{"type":"step","step":1,\#(figures)}"#)
        == .step(StepRecord(1) { $0.metrics = metrics }))
    #expect(
      try record(#"{"type":"evaluation","step":1,\#(figures)}"#)
        == .evaluation(EvaluationRecord(1) { $0.metrics = metrics }))
  }

  @Test func `a layer without a name is left out, and one without norms is unknown`() throws {
    let line = #"{"type":"step","step":1,"layers":[{"norm_max":1},{"name":"a","norm_max":2},7]}"#
    #expect(
      try record(line) == .step(StepRecord(1) { $0.layers = [.init("a") { $0.normMax = 2 }] }))
  }

  @Test func `lines that are not records are skipped, counted, and reported with the first reason`()
    throws
  {
    let (records, skippedLines) = try read([
      #"{"type":"header","name":"x"}"#, "epoch 1 loss 0.5", "", #"{"type":"step","step":1}"#,
      #"{"type":"step"}"#, #"{"type":"telemetry","watts":300}"#, #"{"type":"step","step":2}"#,
    ])
    #expect(records.map(\.step) == [0, 1, 2])
    #expect(skippedLines.count == 2 && skippedLines.first?.line == 2)
    #expect(
      skippedLines.sentence
        == "2 lines are no records and were passed over, the first is line 2: expected a record, "
        + "found other text")
  }

  @Test func `steps before any header are shown under the file's name`() throws {
    let path = try file([#"{"type":"step","step":1,"loss":2}"#, #"{"type":"end","step":1}"#])
    defer { try? FileManager.default.removeItem(atPath: path) }
    let records = try RecordFile.records(at: path, .lenient)
    #expect(records.count == 3)
    guard case .header(let header) = records.first else {
      Issue.record("expected a header")
      return
    }
    #expect(header.name == (path as NSString).lastPathComponent && header.program == nil)
  }

  @Test
  func `only a file without a single record is not a log, and the error names its first line`()
    throws
  {
    let path = try file(["hello", "world"])
    defer { try? FileManager.default.removeItem(atPath: path) }
    let problem = "expected a record, found other text"
    #expect(throws: ProgramError.bad(path: path, line: 1, problem: problem)) {
      try RecordFile.records(at: path, .lenient)
    }
  }

  @Test func `what changes a run or a result reads strictly`() throws {
    #expect(throws: DecodingError.self) { try record(#"{"type":"step","step":3}"#, .strict) }
    #expect(throws: DecodingError.self) { try record(#"{"type":"header","name":"x"}"#, .strict) }
    let path = try file([#"{"type":"header","name":"x"}"#, #"{"type":"step","step":1}"#])
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(throws: ProgramError.self) { try RecordFile.records(at: path, .strict) }
  }

  @Test func `a later version of the format is reported`() {
    let header = RunHeader("x") {
      $0.version = 2
      $0.notes = ["a note"]
    }
    #expect(header.remarks.count == 2 && header.remarks[0].contains("version 2"))
    #expect(RunHeader("x").remarks.isEmpty)
  }

  /// The one declaration of the fields says which columns there are, and in which order.
  @Test func `a record of which nothing is known has all its columns, empty`() {
    var rows = CSVRows()
    let header = rows.rows(for: .header(RunHeader("x") { $0.layers = [.init("a,b")] }))
    let names = header.split(separator: ",", omittingEmptySubsequences: false)
    let row = rows.rows(for: .step(StepRecord(7)))
    #expect(row.hasPrefix("step,7,,"))
    // The comma within the layer's name stands in quotes in the names alone.
    #expect(row.count { $0 == "," } == names.count - 1 - 12)
  }

  @Test func `an event file leaves out what is unknown`() throws {
    let records = EventFileRecords(RunHeader("x") { $0.layers = [.init("a")] })
    let bytes = records.bytes(
      for: .step(StepRecord(1) { $0.layers = [.init("a", maxNorm: 1) { $0.atCeiling = 3 }] }),
      wallTime: 0)
    let values = try EventFileReader.values(try #require(EventFileReader.entries(bytes).first))
    // How many units there are is unknown, and so is their share.
    #expect(values.keys.sorted() == ["norms/a/ceiling"])
  }
}
