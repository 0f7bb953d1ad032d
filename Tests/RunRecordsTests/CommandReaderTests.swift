// What counts of the bytes in a file of commands, however they come and whatever they hold.
import Foundation
import RunRecords
import Testing

@Suite struct CommandReaderTests {
  private static let runID = "5c0e7a1b92d4f386"
  private let now = WallTime(milliseconds: 1_800_000_000_000)

  private func items(
    _ text: String, _ reader: inout CommandReader, at seconds: Double = 0
  ) -> [CommandReader.Item] {
    reader.take(Array(text.utf8), seconds: seconds, now: now)
  }

  /// What the lines of a text come to, read at once.
  private func items(_ text: String) -> [CommandReader.Item] {
    var reader = CommandReader(runID: Self.runID)
    return items(text, &reader)
  }

  private func command(_ text: String) -> Command? {
    guard case .command(let command, _, _)? = items(text + "\n").first else { return nil }
    return command
  }

  private func reason(_ text: String) -> String {
    guard case .refusal(let record)? = items(text + "\n").first else { return "" }
    return record.reason
  }

  @Test(
    arguments: [
      (#"{"action":"constraint","value":false}"#, .set(.constraint, to: false)),
      (#"{"action":"max_norm","value":2}"#, .set(.maxNorm, to: 2.0)),
      (#"{"action":"max_norm","layer":"fc1","value":2.5}"#, .set(.maxNorm, layer: "fc1", to: 2.5)),
      (#"{"action":"learning_rate","value":1e-3,"layer":null}"#, .set(.learningRate, to: 0.001)),
      (#"{"action":"momentum","value":0}"#, .set(.momentum, to: 0.0)),
      (#"{"action":"weight_decay","value":0.1}"#, .set(.weightDecay, to: 0.1)),
      (#"{"action":"dropout","value":0.5}"#, .set(.dropout, to: 0.5)),
      (#"{"action":"batch_norm_freeze","value":true}"#, .set(.batchNormFreeze, to: true)),
      (#"{"action":"twin","value":true}"#, .twin(true)), (#"{"action":"fork"}"#, .fork),
      (#"{"action":"undo"}"#, .undo), (#"{"action":"pause","value":null}"#, .pause),
      (#"{"action":"resume"}"#, .resume), (#"{"action":"step"}"#, .singleStep),
      (#"{"action":"pace","value":50}"#, .pace(50)), (#"{"action":"checkpoint"}"#, .checkpoint),
      (#"{"action":"reset"}"#, .reset), (#" {"action":"stop"} "#, .stop),
      (#"{"action":"reseed","value":9223372036854775807}"#, .reseed(UInt64(Int.max))),
    ] as [(String, Command)])
  func `each action is read as the manual has it, and written so that it reads back`(
    line: String, expected: Command
  ) throws {
    #expect(command(line) == expected)
    let written = try #require(CommandRequest(.command(expected), id: "a.1").line)
    var reader = CommandReader(runID: Self.runID)
    #expect(
      reader.take(written, seconds: 0, now: now) == [.command(expected, id: "a.1", expires: nil)])
  }

  @Test(arguments: [
    ("garbage", "expected a JSON object on a line"), ("[1,2]", "expected a JSON object"),
    ("{}", "expected an action, found none"), (#"{"action":7}"#, "action: expected text, found 7"),
    (#"{"action":"explode"}"#, "action: expected one of the manual's, found explode"),
    (#"{"action":"extend"}"#, "extend: expected an action of the manual's"),
    (#"{"action":"pause","value":1}"#, "pause: expected no value, found 1"),
    (#"{"action":"pause","layer":"fc1"}"#, "pause: expected no layer, found fc1"),
    (#"{"action":"constraint","value":"off"}"#, "constraint: expected true or false, found off"),
    (#"{"action":"max_norm","value":-2}"#, "max_norm: expected a number above 0, found -2"),
    (#"{"action":"max_norm","value":1e300}"#, "max_norm: expected a number above 0"),
    (#"{"action":"max_norm"}"#, "max_norm: expected a number above 0, found none"),
    (#"{"action":"momentum","value":1}"#, "momentum: expected a number from 0 to below 1, found 1"),
    (#"{"action":"weight_decay","value":-1}"#, "weight_decay: expected a number of 0 or more"),
    (#"{"action":"learning_rate","layer":"fc1","value":1}"#, "learning_rate: expected no layer"),
    (#"{"action":"pace","value":-1}"#, "pace: expected a number of 0 or more, found -1"),
    (#"{"action":"reseed","value":1.5}"#, "reseed: expected a whole number"),
    (#"{"action":"pause","vlaue":1}"#, "expected only id, run_id, action"),
    (#"{"action":"pause","id":""}"#, "id: expected 1 to 128 of A-Z"),
    (#"{"action":"pause","id":"a b"}"#, "id: expected 1 to 128 of A-Z"),
    (#"{"action":"pause","id":7}"#, "id: expected text, found 7"),
    (#"{"action":"pause","expires":"soon"}"#, "expires: expected a time such as"),
    (#"{"action":"pause","run_id":"0000"}"#, "run_id: expected \(runID), found 0000"),
  ])
  func `an invalid command is refused, never guessed at`(line: String, expected: String) {
    #expect(reason(line).hasPrefix(expected), "\(reason(line))")
  }

  @Test func `a refusal carries the id, and nothing that a terminal obeys`() throws {
    let line = #"{"id":"v.7","action":"\u001b[2J\u202e\u0007"}"# + "\n"
    guard case .refusal(let record)? = items(line).first else {
      Issue.record("expected a refusal")
      return
    }
    #expect(record.id == "v.7")
    let text = String(decoding: Record.refused(record).line.dropLast(), as: UTF8.self)
    #expect(text.hasPrefix(#"{"type":"refused","id":"v.7","reason":"#))
    #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E })
    #expect(try RecordLineReader(.strict).record(on: Data(text.utf8)) == .refused(record))
    #expect(reason(#"{"action":""# + String(repeating: "x", count: 9000) + #""}"#).count < 200)
  }

  @Test(
    arguments: [
      [0x00, 0xFF, 0xFE], Array(String(repeating: "[", count: 60_000).utf8),
      Array(#"{"action":"pause","action":{"a":{"b":{}}}}"#.utf8), [0xC3], Array("nul\0nul".utf8),
    ] as [[UInt8]])
  func `bytes of any kind are survived and refused`(bytes: [UInt8]) {
    var reader = CommandReader(runID: Self.runID)
    for item in reader.take(bytes + [0x0A], seconds: 0, now: now) {
      if case .command(let command, _, _) = item { #expect(command == .pause) }
    }
    #expect(items("{\"action\":\"pause\"}\n", &reader, at: 2).count == 1)
  }

  @Test func `only whole lines count, in whatever pieces they come`() {
    var reader = CommandReader(runID: Self.runID)
    let text = "{\"action\":\"pause\"}\n\n \r\n{\"action\":\"resume\"}\r\n{\"action\":\"stop\"}"
    var all: [CommandReader.Item] = []
    for byte in text.utf8 { all += reader.take([byte], seconds: 0, now: now) }
    #expect(
      all == [
        .command(.pause, id: nil, expires: nil), .command(.resume, id: nil, expires: nil),
      ])
    #expect(items("\n", &reader) == [.command(.stop, id: nil, expires: nil)])
  }

  @Test func `a line that began before anybody listened is passed over`() {
    var reader = CommandReader(runID: Self.runID, beginsInLine: true)
    #expect(items("\"action\":\"stop\"}\n{\"action\":\"pause\"}\n", &reader).count == 1)
  }

  @Test func `a line is refused from 65,537 bytes on, and what follows counts`() {
    func line(_ count: Int) -> String {
      let start = #"{"action":"pause"}"#
      return start + String(repeating: " ", count: count - start.utf8.count) + "\n"
    }
    #expect(items(line(65_536)) == [.command(.pause, id: nil, expires: nil)])
    let items = items(line(65_537) + line(20))
    guard case .refusal(let record)? = items.first else {
      Issue.record("expected a refusal")
      return
    }
    #expect(record.reason.hasPrefix("expected a line of 65536 bytes at most"))
    #expect(items.count == 2)
  }

  @Test func `a hundred lines a second count, and one refusal covers the rest`() {
    var reader = CommandReader(runID: Self.runID)
    let lines = String(repeating: "{\"action\":\"pause\"}\n", count: 150)
    let first = items(lines, &reader, at: 10)
    #expect(first.count == 101)
    guard case .refusal(let record)? = first.last else {
      Issue.record("expected a refusal")
      return
    }
    #expect(record.reason.hasPrefix("expected 100 lines a second at most"))
    #expect(items(lines, &reader, at: 10.9).isEmpty)
    #expect(items("{\"action\":\"pause\"}\n", &reader, at: 11).count == 1)
  }

  @Test func `an id acts once, and the last four thousand are known`() {
    var reader = CommandReader(runID: Self.runID)
    func line(_ id: Int) -> String { "{\"id\":\"v.\(id)\",\"action\":\"pause\"}\n" }
    #expect(items(line(0) + line(0), &reader).count == 1)
    // What was refused under an id is not answered twice either.
    let bad = "{\"id\":\"v.bad\",\"action\":\"explode\"}\n"
    #expect(items(bad + bad, &reader).count == 1)
    for id in 1...4000 { #expect(items(line(id), &reader, at: Double(id)).count == 1) }
    #expect(items(line(0), &reader, at: 5000).isEmpty)
    for id in 4001...9000 { _ = items(line(id), &reader, at: Double(id + 2000)) }
    #expect(items(line(8999), &reader, at: 20_000).isEmpty)
  }

  @Test func `a command that has expired is refused, and a heartbeat then is nothing`() {
    func line(_ action: String, _ time: Int) -> String {
      "{\"action\":\"\(action)\",\"expires\":\"\(WallTime(milliseconds: time).text)\"}"
    }
    #expect(command(line("pause", now.milliseconds)) == .pause)
    #expect(reason(line("pause", now.milliseconds - 1)).hasPrefix("expires: the command was worth"))
    #expect(items(line("watch", now.milliseconds - 1) + "\n").isEmpty)
    #expect(items("{\"action\":\"watch\",\"run_id\":\"other\"}\n").isEmpty)
    #expect(items("{\"action\":\"watch\",\"run_id\":\"\(Self.runID)\"}\n") == [.watch])
  }

  @Test(arguments: [
    ("2026-11-30T10:00:00Z", 1_796_032_800_000), ("2026-11-30T10:00:00.250Z", 1_796_032_800_250),
  ])
  func `times are read with and without fractions`(text: String, milliseconds: Int) {
    #expect(WallTime(text)?.milliseconds == milliseconds)
    #expect(WallTime(WallTime(milliseconds: milliseconds).text)?.milliseconds == milliseconds)
    #expect(WallTime("yesterday") == nil && WallTime("2026-11-30T10:00:00") == nil)
  }
}
