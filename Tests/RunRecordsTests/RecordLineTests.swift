// Records as lines of JSON: the order of keys, exact numbers, and reading back.
import Foundation
import Testing

@testable import RunRecords

@Suite struct RecordLineTests {
  private func text(_ record: Record) -> String { String(decoding: record.line, as: UTF8.self) }

  private func readBack(_ record: Record) throws -> Record? {
    try RecordLineReader(.strict).record(on: record.line.dropLast())
  }

  @Test(arguments: RecordExamples.all)
  func `every record reads back as it was`(record: Record) throws {
    #expect(try readBack(record) == record)
  }

  @Test(arguments: RecordExamples.all)
  func `every line is JSON for other readers too`(record: Record) throws {
    let object = try JSONSerialization.jsonObject(with: Data(record.line))
    #expect(object is [String: Any])
    #expect(record.line.filter { $0 == UInt8(ascii: "\n") }.count == 1)
  }

  @Test func `a step record has its keys in the order of the format`() {
    let line = text(.step(RecordExamples.step))
    #expect(
      line == """
        {"type":"step","step":120,"epoch":10,"steps":10,"loss":0.41,"loss_min":0.3,"loss_max":0.52,\
        "learning_rate":0.1,"gradient_norm":1.9,"gradient_norm_max":2.8,\
        "constraint":{"enabled":true,"max_norm":3.0},"layers":[{"name":"fc1","max_norm":3.0,\
        "norm_min":0.2,"norm_p25":0.8,"norm_median":1.1,"norm_p75":1.9,"norm_max":3.0,\
        "at_ceiling":17,"exceeded":22,"clipped":22,"clipped_total":310,"shrink_mean":0.98,\
        "update_ratio":0.002}],"examples_per_second":51234.0,"elapsed":0.81}

        """)
  }

  @Test func `an event holds what it changed`() {
    let event = EventRecord(
      step: 190, action: .constraint, from: .flag(false), value: .flag(true), clipped: 57)
    #expect(
      text(.event(event)) == """
        {"type":"event","step":190,"action":"constraint","from":false,"value":true,"clipped":57}

        """)
  }

  @Test func `the end of a failed run names its error behind the reason`() throws {
    let end = EndRecord(7, .failed) {
      $0.error = "ValueError: no data"
      $0.elapsed = 1
    }
    let line = text(.end(end))
    #expect(
      line.hasPrefix(#"{"type":"end","step":7,"reason":"failed","error":"ValueError: no data","#))
    // An error that is no text is as good as none.
    let odd = Data(#"{"type":"end","step":7,"reason":"failed","error":3,"elapsed":1}"#.utf8)
    var nameless = end
    nameless.error = nil
    #expect(try RecordLineReader(.lenient).record(on: odd) == .end(nameless))
  }

  @Test func `a twin's record says so, and readers of other runs' names leave them out`() throws {
    let line = text(.twin(.evaluation(RecordExamples.evaluation)))
    #expect(line.hasPrefix(#"{"type":"evaluation","run":"twin","step":130,"#))
    let other = line.replacing("twin", with: "triplet")
    #expect(try RecordLineReader(.strict).record(on: Data(other.utf8)) == nil)
    let norms = #"{"type":"norms","run":"twin","step":130,"layers":{"fc1":[0.5,2.0]}}"#
    let record = NormsRecord(step: 130, layers: [.init(name: "fc1", norms: [0.5, 2])])
    #expect(try RecordLineReader(.strict).record(on: Data(norms.utf8)) == .twin(.norms(record)))
    #expect(text(.twin(.norms(record))) == norms + "\n")
    let sample = #"{"type":"sample","run":"twin","step":130,"kind":"text","title":"","text":""}"#
    #expect(try RecordLineReader(.strict).record(on: Data(sample.utf8)) == nil)
  }

  @Test func `a command repeats every event but pauses and checkpoints`() {
    let commands: [Command] = [
      .set(.constraint, to: false), .set(.maxNorm, to: 2.0), .set(.maxNorm, layer: "fc1", to: 0.5),
      .set(.learningRate, to: 0.1),
      .set(.momentum, to: 0.9), .set(.weightDecay, to: 0.0), .set(.dropout, to: 0.25),
      .set(.batchNormFreeze, to: true), .twin(true), .fork,
      .extend, .undoChange(of: .momentum, layer: nil), .reset, .reseed(7), .stop,
    ]
    let events: [(EventRecord.Action, EventRecord.Value?)] = [
      (.constraint, .flag(false)), (.maxNorm, .number(2)), (.maxNorm, .number(0.5)),
      (.learningRate, .number(0.1)), (.momentum, .number(0.9)), (.weightDecay, .number(0)),
      (.dropout, .number(0.25)), (.batchNormFreeze, .flag(true)), (.twin, .flag(true)),
      (.fork, nil), (.extend, .steps(80)), (.momentum, .number(0.5)), (.reset, nil),
      (.reseed, .seed(7)), (.stop, nil),
    ]
    for (command, (action, value)) in zip(commands, events) {
      var event = EventRecord(step: 1, action: action, value: value)
      if case .set(_, let layer, _) = command { event.layer = layer }
      if case .undoChange = command { event.undo = true }
      #expect(Command(repeating: event) == command)
    }
    for action in [EventRecord.Action.pause, .resume, .checkpoint] {
      #expect(Command(repeating: EventRecord(step: 1, action: action)) == nil)
    }
    #expect(Command(repeating: EventRecord(step: 1, action: .momentum, value: .flag(true))) == nil)
  }

  @Test(
    arguments: [0.1, 1e-30, 3.4028235e38, 1.1754944e-38, 0.33333334, 16_777_216, -0.0] as [Float])
  func `a number is the shortest text that reads back to the same value`(value: Float) throws {
    var record = RecordExamples.step
    record.loss = value
    guard case .step(let read) = try readBack(.step(record)) else {
      Issue.record("expected a step record")
      return
    }
    #expect(read.loss?.bitPattern == value.bitPattern)
    #expect(text(.step(record)).contains("\"loss\":\(value.description),"))
  }

  @Test func `numbers that are not finite are words`() throws {
    var record = RecordExamples.step
    record.loss = .nan
    record.lossMin = -.infinity
    record.lossMax = .infinity
    #expect(
      text(.step(record)).contains(#""loss":"NaN","loss_min":"-Infinity","loss_max":"Infinity""#))
    guard case .step(let read) = try readBack(.step(record)) else {
      Issue.record("expected a step record")
      return
    }
    #expect(read.loss?.isNaN == true && read.lossMin == -.infinity && read.lossMax == .infinity)
  }

  @Test func `text with quotes, line feeds and control characters stays one line`() throws {
    var header = RecordExamples.header
    header.title = "a \"b\" \\ c\nd\u{1B}[31m\u{7F} é 漢"
    let line = text(.header(header))
    #expect(!line.contains("\u{1B}"))
    guard case .header(let read) = try readBack(.header(header)) else {
      Issue.record("expected a header")
      return
    }
    #expect(read.title == header.title)
  }

  @Test func `notes stand last in a header, and only where there are any`() throws {
    var header = RecordExamples.header
    #expect(!text(.header(header)).contains("notes"))
    header.notes = ["labels 1 to 3 are read as classes 0 to 2"]
    #expect(
      text(.header(header)).hasSuffix(
        #"],"notes":["labels 1 to 3 are read as classes 0 to 2"]}"# + "\n"))
    guard case .header(let read) = try readBack(.header(header)) else {
      Issue.record("expected a header")
      return
    }
    #expect(read == header)
  }

  @Test func `unknown types, actions, kinds and other runs are skipped`() throws {
    let reader = RecordLineReader(.strict)
    for line in [
      #"{"type":"weather","step":1}"#, #"{"type":"event","step":1,"action":"dance"}"#,
      #"{"type":"sample","step":1,"kind":"song","title":"x"}"#, "", "  ",
      #"{"type":"sample","run":"twin","step":1,"kind":"text","title":"x","text":""}"#,
    ] {
      #expect(try reader.record(on: Array(line.utf8)) == nil)
    }
  }

  @Test func `unknown keys are skipped`() throws {
    let line = #"{"type":"event","step":1,"mood":"good","action":"pause"}"#
    #expect(
      try RecordLineReader(.strict).record(on: Array(line.utf8))
        == .event(EventRecord(step: 1, action: .pause)))
  }

  @Test func `a line that is not a record is an error`() {
    #expect(throws: (any Error).self) {
      try RecordLineReader(.strict).record(on: Array("hello".utf8))
    }
    #expect(throws: (any Error).self) {
      try RecordLineReader(.strict).record(on: Array(#"{"type":"step","step":1}"#.utf8))
    }
  }
}
