// A robot at the screen of many runs: thousands of keys, clicks, lists and sizes; hostile names.
import RunIndex
import RunRecords
import TerminalUI
import Testing

@testable import Dashboard

@Suite("Robot at many runs")
struct RunsRobotTests {
  private static let keys: [Key] =
    RunsKeys.bindings.flatMap(\.keys).filter { ![.control("c"), .control("z")].contains($0) }
    + "lr>0.0state:live*\" ".map(Key.character) + [.function(3), .insert, .delete]

  private static let snapshots: [RunIndex.Snapshot] = [
    RunIndex.Snapshot(), ManyRuns.snapshot(1), ManyRuns.snapshot(), ManyRuns.snapshot(60),
    ManyRuns.snapshot(6, names: ComparisonRobotTests.hostile.map { "x\($0)" }),
  ]

  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func `thousands of inputs lead nowhere that q does not lead out of`(seed: UInt64) {
    var numbers = SeededNumbers(seed)
    var model = ManyRuns.model(Self.snapshots[2])
    var time = 60.0
    var reached: Set<ScreenLayer> = []
    for input in 0..<3000 {
      time += 0.02
      let place = Comment("seed \(seed), input \(input)")
      switch Int.random(in: 0..<100, using: &numbers) {
      case 0...1:
        _ = update(
          &model,
          .resize(
            Size(
              columns: .random(in: 1...220, using: &numbers),
              rows: .random(in: 1...70, using: &numbers))))
      case 2...3:
        model.take(Self.snapshots[.random(in: 0..<Self.snapshots.count, using: &numbers)], at: time)
      case 4...10:
        let actions: [MouseEvent.Action] = [.press, .release, .drag, .wheelUp, .wheelDown]
        let point = Point(
          column: .random(in: -1...max(1, model.size.columns), using: &numbers),
          row: .random(in: -1...max(1, model.size.rows), using: &numbers))
        let action = actions[.random(in: 0..<actions.count, using: &numbers)]
        wishes(update(&model, .mouse(MouseEvent(action, at: point), time: time)), model, place)
      case 11: _ = update(&model, .tick(time: time))
      case 12: _ = update(&model, .paste("a\u{1B}[2J\nb", time: time))
      case 13 where input % 9 == 0: _ = update(&model, .trouble("\u{1B}[2Jno space"))
      default:
        let key = Self.keys[.random(in: 0..<Self.keys.count, using: &numbers)]
        wishes(model.press(key, at: time), model, place)
      }
      reached.insert(model.topLayer)
      check(model, place)
      if input % 10 == 0 { drawn(model, isASCII: input % 30 == 0, place) }
      if input % 50 == 0 { leads(out: model, place) }
    }
    #expect(reached == [.main, .filter, .entry, .help], "seed \(seed): \(reached)")
  }

  /// What is opened and compared are runs that are there.
  private func wishes(_ effects: [RunsEffect], _ model: RunsModel, _ place: Comment) {
    let paths = Set(model.runs.map(\.path))
    for effect in effects {
      switch effect {
      case .wish(.open(let path)): #expect(paths.contains(path), place)
      case .wish(.compare(let marked)): #expect(marked.allSatisfy(paths.contains), place)
      case .theme(let index): #expect(model.themeNames.indices.contains(index), place)
      case .redraw, .suspend, .mouse, .export, .quit, .interrupt: break
      }
    }
  }

  private func check(_ model: RunsModel, _ place: Comment) {
    #expect(model.shown.allSatisfy(model.runs.indices.contains), place)
    #expect(Set(model.shown).count == model.shown.count, place)
    #expect(model.shown.isEmpty == (model.selectedRow == nil), place)
    #expect(model.marks.count <= RunsModel.mostMarks, place)
    #expect(Set(model.marks.values).count == model.marks.count, place)
    #expect(model.firstSetting >= 0 && model.helpScroll >= 0, place)
    #expect(model.filter.count <= RunsModel.longestNote, place)
  }

  private func drawn(_ model: RunsModel, isASCII: Bool, _ place: Comment) {
    var buffer = CellBuffer(size: model.size)
    draw(model, theme: .terminal, glyphs: isASCII ? .ascii : .unicode, into: &buffer)
    expectPrintable(buffer, isASCII: isASCII, place)
  }

  private func leads(out model: RunsModel, _ place: Comment) {
    var model = model
    var presses = 0
    while presses < 5 {
      if [.filter, .entry].contains(model.topLayer) { model.press(.escape) }
      presses += 1
      if model.press("q").contains(.quit) { break }
    }
    #expect(presses <= 2, place)
  }
}
