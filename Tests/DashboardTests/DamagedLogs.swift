// Real logs, and what may have happened to them.
import Foundation
import RunRecords

@testable import Dashboard

/// Seeded damage to a log: to its bytes, to its lines, and to the values in them.
struct LogDamage {
  private var numbers: SeededNumbers

  init(seed: UInt64) { numbers = SeededNumbers(seed) }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

  mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &numbers) }

  /// A log with one to four damages.
  mutating func damaged(_ lines: [[UInt8]]) -> [UInt8] {
    var lines = lines
    for _ in 0...below(3) where !lines.isEmpty { damage(&lines) }
    var bytes = Array(lines.joined(separator: [0x0A])) + [0x0A]
    if below(4) == 0 { bytes.removeLast(below(min(200, bytes.count) + 1)) }
    return bytes
  }

  private mutating func damage(_ lines: inout [[UInt8]]) {
    let place = below(lines.count)
    switch below(14) {
    case 0: lines.remove(at: place)
    case 1: lines.insert(lines[place], at: below(lines.count + 1))
    case 2: lines.swapAt(place, below(lines.count))
    case 3: lines.insert(Array(pick(Self.otherLines).utf8), at: place)
    case 4:
      // Bytes: flipped bits, NUL, invalid UTF-8.
      for _ in 0...below(3) where !lines[place].isEmpty {
        let index = below(lines[place].count)
        lines[place][index] =
          below(2) == 0
          ? lines[place][index] ^ (1 << UInt8(below(8))) : pick([0, 0xC0, 0xFF, 0x1B])
      }
    case 5: lines[place].removeLast(below(lines[place].count + 1))
    default:
      for _ in 0...below(2) { replaceValue(&lines[place]) }
    }
  }

  /// Puts another value in place of one: at a colon, a comma or a bracket up to the next end.
  private mutating func replaceValue(_ line: inout [UInt8]) {
    let starts = line.indices.filter { ":[,".utf8.contains(line[$0]) }
    guard !starts.isEmpty else { return }
    let start = pick(starts) + 1
    let end = line[start...].firstIndex { ",]}".utf8.contains($0) } ?? line.endIndex
    let isNumber = line[start..<end].first.map { "-0123456789".utf8.contains($0) } ?? false
    // Mostly of the same kind, or else all of them would be refused at once.
    let value = below(8) > 0 ? pick(isNumber ? Self.numbers : [Self.text]) : value()
    line.replaceSubrange(start..<end, with: Array(value.utf8))
  }

  private mutating func value() -> String {
    switch below(12) {
    case 0: String(repeating: "[", count: 600) + String(repeating: "]", count: 600)
    case 1:
      String(repeating: "{\"a\":", count: 300) + "1" + String(repeating: "}", count: 300)
    case 2: "\"" + String(repeating: "w", count: 20_000) + "\""
    case 3: "[" + (0..<3000).map(String.init).joined(separator: ",") + "]"
    default: pick(Self.values)
    }
  }

  private static let numbers = [
    "0", "-1", "1", "2", "3", "10", "255", "9223372036854775807", "-9223372036854775808",
    "9223372036854775806", "4611686018427387904", "1000000000000000000", "100000000",
  ]

  private static let values =
    numbers + [
      "1e308", "-1e308", "1e400", "3.4e38", "1e-320", "9223372036854775808", "0.5", "\"NaN\"",
      "\"Infinity\"", "\"-Infinity\"", "null", "true", "\"\"", "[]", "{}", "\"twin\"", text,
      "\"fc2\"", "[[1,2],[3]]",
    ]

  private static let text = "\"\\u001b[2J\\u202e\\u0000漢字\\ud83e\\udd8a\""

  private static let otherLines = [
    "", "null", "[]", "7", "{}", "{\"type\":\"later\",\"x\":1}", "{\"type\":\"step\"}",
    "{\"type\":\"step\",\"run\":\"other\"}", "{\"type\":\"header\"}", "\u{FEFF}{}",
    "{\"type\":\"event\",\"step\":9223372036854775807,\"action\":\"extend\",\"value\":9223372036854775807}",
    "{\"type\":\"event\",\"step\":-9223372036854775808,\"action\":\"fork\"}",
    "{\"type\":\"norms\",\"step\":-1,\"layers\":{\"fc1\":[],\"fc2\":[\"NaN\"]}}",
    "{\"type\":\"event\",\"step\":3,\"action\":\"reset\"}",
  ]
}

extension LogDamage {
  /// Small logs with all kinds of records.
  static var logs: [[[UInt8]]] {
    let samples: [Record] = [
      Fixture.sample, Tasks.segments(1), Tasks.boxed(1), Tasks.coloured(2),
      Tasks.confusions(), Tasks.text, Tasks.series(), Tasks.translations,
    ].map(Record.sample)
    let events: [EventRecord] = [
      .init(step: 20, action: .constraint, from: .flag(true), value: .flag(false)),
      .init(step: 30, action: .maxNorm, from: .number(1.5), value: .number(1.2), clipped: 3),
      .init(step: 40, action: .checkpoint, value: .path("a.safetensors")),
    ]
    let steps = (1...12).flatMap { index -> [Record] in
      [
        .step(Fixture.step(index * 10, loss: 1 / Float(index))),
        .norms(
          NormsRecord(
            step: index * 10,
            layers: ["fc1", "fc2"].map { .init(name: $0, norms: [0.1, 0.7, 1.2, 1.5]) })),
        .evaluation(Fixture.evaluation(index * 10, accuracy: 0.5)),
      ]
    }
    let story =
      [.header(Fixture.header())] + steps + events.map(Record.event) + samples
      + [
        .end(Fixture.end()),
        .event(EventRecord(step: 2000, action: .extend, value: .steps(4000))),
      ]
    let again = story.prefix(6) + [.header(Fixture.header(seed: 2, layers: ["lstm.weight_hh_l0"]))]
    return [
      story, Array(again) + steps, [.header(Fixture.header())] + Story.recordsWithTwin(to: 200),
    ].map { records in
      records.map { Array($0.line.dropLast()) }
    }
  }

  /// Logs from a folder, for a longer search.
  static func logs(in folder: String) throws -> [[[UInt8]]] {
    try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".jsonl") }
      .sorted().map { name in
        let bytes = try Data(contentsOf: URL(fileURLWithPath: folder).appendingPathComponent(name))
        return bytes.split(separator: 0x0A).prefix(60).map { Array($0) }
      }
  }
}
