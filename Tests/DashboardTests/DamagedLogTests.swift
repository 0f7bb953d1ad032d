// Whatever happened to a log: it is shown, or refused with the number of the line at fault.
import Basics
import Foundation
import RunHistory
import RunRecords
import TerminalUI
import Testing

@testable import Dashboard

@Suite("Damaged logs")
struct DamagedLogTests {
  /// `MAXNORM_FUZZ_ROUNDS`, `MAXNORM_FUZZ_SEED` and `MAXNORM_FUZZ_LOGS`, a folder, make the search
  /// longer and wider.
  private static let environment = ProcessInfo.processInfo.environment
  private static let rounds = environment["MAXNORM_FUZZ_ROUNDS"].flatMap(Int.init) ?? 20
  private static let firstSeed = environment["MAXNORM_FUZZ_SEED"].flatMap(UInt64.init) ?? 0

  private static let keys: [Key] =
    [
      .enter, .escape, .tab, .left, .right, .up, .down, .home, .end, .control("l"),
    ] + "12345678zpyswio[]{}/?vj()aM".map(Key.character)

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `a damaged log is shown as far as it is one`(seed: UInt64) throws {
    var damage = LogDamage(seed: Self.firstSeed &+ seed)
    let logs =
      try LogDamage.logs + (Self.environment["MAXNORM_FUZZ_LOGS"].map(LogDamage.logs(in:)) ?? [])
    let path = NSTemporaryDirectory() + "maxnorm-\(UUID().uuidString).jsonl"
    defer { try? FileManager.default.removeItem(atPath: path) }
    var refused = 0
    for round in 0..<Self.rounds {
      let bytes = damage.damaged(damage.pick(logs))
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      let place = Comment("seed \(seed), round \(round)")
      var model = DashboardModel(source: .replay, pace: 0, themeNames: ["dark"])
      model.resize(80 + damage.below(80), 24 + damage.below(30))
      var narrator = Narrator(interval: 0)
      do throws(ProgramError) {
        var file = try RecordFile(at: path, .strict)
        while let record = try file.next() {
          _ = update(&model, .records([record], time: model.now + 0.1))
          _ = narrator.narrate([record], model, at: model.now)
          if damage.below(8) == 0 { model.press(damage.pick(Self.keys), at: model.now) }
        }
      } catch {
        refused += 1
        // The temporary path has no line feed.
        #expect("\(error)".contains(": line ") && !"\(error)".contains("\n"), place)
      }
      draw(&model, &damage, place)
    }
    // Both happen, or this damages too little or too much.
    #expect(refused > Self.rounds / 5 && refused < Self.rounds * 9 / 10, "\(refused)")
  }

  private func draw(_ model: inout DashboardModel, _ damage: inout LogDamage, _ place: Comment) {
    for turn in 0..<4 {
      if turn > 0 { model.press(damage.pick(Self.keys), at: model.now) }
      var buffer = CellBuffer(size: model.size)
      Dashboard.draw(
        model, theme: .terminal, glyphs: turn == 1 ? .ascii : .unicode, into: &buffer)
      let isClean = buffer.cells.allSatisfy { cell in
        cell.glyph.scalars.allSatisfy { $0.properties.generalCategory != .control }
      }
      #expect(isClean, place)
    }
  }

  @Test(arguments: [Int.min, -1, .max])
  func `a twin and an estimate beyond all numbers are drawn`(step: Int) {
    var model = DashboardModel(source: .replay, pace: 0)
    model.resize(120, 36)
    model.feed([
      .header(Fixture.header()), .step(Fixture.step(.max - 1)), .twin(.step(Fixture.step(step))),
    ])
    var damage = LogDamage(seed: 1)
    draw(&model, &damage, "twin at \(step)")
    #expect(!Wording.about(.max).isEmpty)
  }

  @Test
  func `a line of thousands of values, and one without an end, take no more than their size`()
    throws
  {
    let path = NSTemporaryDirectory() + "maxnorm-\(UUID().uuidString).jsonl"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let header = Record.header(Fixture.header()).line
    let norms = "{\"type\":\"norms\",\"step\":1,\"layers\":{\"fc1\":["
    let long = norms + String(repeating: "0.5,", count: 20_000) + "1]}}\n"
    let torn = String(repeating: "x", count: 3_000_000)
    try Data(header + Array((long + torn).utf8)).write(to: URL(fileURLWithPath: path))
    let records = try RecordFile.records(at: path)
    #expect(records.count == 2)
    var model = DashboardModel(source: .replay, pace: 0)
    model.resize(120, 36)
    model.feed(records)
    #expect(model.segment?.layers[0].norms.count == 20_001)
    var damage = LogDamage(seed: 9)
    draw(&model, &damage, "long")
  }
}
