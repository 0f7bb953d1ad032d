// The run in sentences: what is said, how often, and that nothing in it is a command to a terminal.
import PlainText
import RunRecords
import Testing

@testable import Dashboard
@testable import TerminalUI

@Suite("Narrator")
struct NarratorTests {
  private func narrate(
    _ records: [Record], _ model: inout DashboardModel, _ narrator: inout Narrator,
    at time: Double = 0
  ) -> [String] {
    model.feed(records, at: time)
    return narrator.narrate(records, model, at: time)
  }

  @Test
  func `the start, events and the end are reported, each once`() {
    var model = DashboardModel(source: .live, pace: 200)
    var narrator = Narrator()
    #expect(
      narrate([.header(Fixture.header())], &model, &narrator) == [
        "Digits, Digits: 320 training examples, 100 parameters, 2000 steps, seed 1. "
          + "Max-norm on, r 1.50."
      ])
    let off = EventRecord(step: 100, action: .constraint, from: .flag(true), value: .flag(false))
    #expect(
      narrate([.step(Fixture.step(100)), .event(off)], &model, &narrator) == [
        "Step 100: constraint off, observing."
      ])
    let told = narrate([.end(Fixture.end())], &model, &narrator)
    #expect(told.count == 2)
    #expect(told.last?.hasPrefix("Step 2000: finished, in 1:38, best validation accuracy") == true)
    #expect(told.last?.hasSuffix("89.0 percent at step 1 020.") == true)
  }

  @Test
  func `a failed run is told with its error, in sentences, header and status line`() {
    var model = DashboardModel(source: .attached, pace: 0)
    var narrator = Narrator()
    _ = narrate([.header(Fixture.header()), .step(Fixture.step(10))], &model, &narrator)
    let end = EndRecord(10, .failed) {
      $0.error = "RuntimeError: \u{1B}[31mno more data"
      $0.elapsed = 4
    }
    let told = narrate([.end(end)], &model, &narrator)
    #expect(told.last == "Step 10: failed, RuntimeError: [31mno more data, in 0:04.")
    #expect(model.stateLabel == "failed" && model.phase == .ended(.failed))
    model.resize(80, 24)
    let lines = Pictures.screen(model, 80, 24).lines
    #expect(lines[0].contains("✗ failed"))
    #expect(lines.contains { $0.contains("failed  RuntimeError: [31mno more data, in 0:04") })
  }

  @Test
  func `notes of the header follow the start`() {
    var model = DashboardModel(source: .live, pace: 200)
    var narrator = Narrator()
    var header = Fixture.header()
    header.notes = ["12 rows without a label are left out"]
    #expect(
      narrate([.header(header)], &model, &narrator).last
        == "Note: 12 rows without a label are left out.")
  }

  @Test
  func `a report comes every few seconds and only if there is something new`() {
    var model = DashboardModel(source: .live, pace: 200)
    var narrator = Narrator(interval: 5)
    _ = narrate([.header(Fixture.header())], &model, &narrator)
    for second in 1...4 {
      let told = narrate([.step(Fixture.step(second * 10))], &model, &narrator, at: Double(second))
      #expect(told.isEmpty)
    }
    let records: [Record] = [
      .step(Fixture.step(50)), .evaluation(Fixture.evaluation(50, accuracy: 0.7)),
    ]
    let told = narrate(records, &model, &narrator, at: 5)
    #expect(told.count == 1)
    #expect(
      told.first?.hasSuffix(
        "Training loss 0.4, validation loss 0.6, validation accuracy 70.0 percent. "
          + "2 of 8 units at the ceiling.") == true, "\(told)")
    #expect(narrate([.sample(Fixture.sample)], &model, &narrator, at: 20).isEmpty)
    #expect(narrate([.step(Fixture.step(60))], &model, &narrator, at: 21).count == 1)
  }

  @Test
  func `answers to keys and questions appear once`() {
    var model = Fixture.model(.training)
    var narrator = Narrator()
    model.press("n")
    #expect(
      narrator.answers(model) == ["Single steps are for a paused run: space pauses."])
    #expect(narrator.answers(model).isEmpty)
    model.press("q")
    #expect(
      narrator.answers(model) == [
        "The run is still going. Stop it and quit? y is yes, n is no."
      ])
    model.press("n")
    #expect(narrator.answers(model) == ["The question is answered."])
    #expect(model.press(",") == [.send(.pace(100))])
    #expect(narrator.answers(model) == ["Pace 100 steps a second."])
  }

  @Test
  func `keys for pictures alone mean nothing, and the help names none of them`() {
    let model = Fixture.model(.training)
    for key in " cnu+-<>f,.xXrREWa?q" { #expect(PlainKeys.key(key, model) != nil, "\(key)") }
    for key in "vtyswjk1e/M" { #expect(PlainKeys.key(key, model) == nil, "\(key)") }
    let help = PlainKeys.help(KeyMap().holding(in: .live))
    #expect(help.contains { $0.hasPrefix("space: ") } && help.contains { $0.hasPrefix("q: ") })
    #expect(!help.contains { $0.hasPrefix("t: ") })
    #expect(help.allSatisfy { $0.utf8.allSatisfy { (0x20..<0x7F).contains($0) } })
  }

  @Test(arguments: Situation.allCases)
  func `whatever a log says, a sentence is one printable line`(situation: Situation) {
    var model = Fixture.model(situation)
    var header = Fixture.header()
    header.name = "\u{1B}]52;c;YQ==\u{7}\ndigits"
    header.title = "\u{9B}2J\u{202E}title\u{1B}P"
    var narrator = Narrator(interval: 0)
    var records: [Record] = [.header(header), .step(Fixture.step(10, loss: .nan))]
    var event = EventRecord(step: .min, action: .maxNorm, value: .number(.nan), clipped: .max)
    event.layer = "\u{1B}[31m"
    records += [.event(event), .end(Fixture.end(.diverged, step: .max))]
    for line in narrate(records, &model, &narrator) + [narrator.report(model, at: 0)] {
      #expect(!line.unicodeScalars.contains { ScreenText.isForbidden($0) }, "\(line)")
      #expect(!line.contains("\u{1B}") && !line.isEmpty)
    }
  }
}
