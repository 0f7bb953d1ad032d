// A robot at a comparison's screen: thousands of keys, clicks, states and sizes; hostile names.
import Comparisons
import RunRecords
import TerminalUI
import Testing

@testable import Dashboard

@Suite("Robot at comparisons")
struct ComparisonRobotTests {
  private static let keys: [Key] =
    ComparisonKeys.bindings.flatMap(\.keys).filter {
      ![.control("c"), .control("z")].contains($0)
    } + [.character("Z"), .character("漢"), .function(3), .insert, .delete]

  private static let states = [
    Versus.state(), Versus.state(over: 3), Versus.state(over: 12), Versus.troubled,
    Versus.state(over: 40, (0..<24).map { "arm-\($0)" }, seeds: 2),
    Versus.state(over: 4, hostile, seeds: 2), Versus.sweep(over: 0), Versus.sweep(over: 24),
    Versus.grid(over: 30), Versus.grid(over: 64), Versus.state(over: 1, ["only"], seeds: 1),
    Versus.state([], seeds: 1),
  ]

  static let hostile = [
    "none\u{1B}[2J\u{1B}]0;owned\u{7}", "\u{202E}desrever\u{202C}", "\u{9B}31m red\u{9D}",
    "a\tb\nc\r\u{0}\u{8}", "正則化" + String(repeating: "長", count: 200), "",
  ]

  private func size(_ numbers: inout SeededNumbers) -> Size {
    switch Int.random(in: 0..<8, using: &numbers) {
    case 0: Size(columns: 1, rows: 1)
    case 1: Size(columns: 300, rows: 90)
    case 2:
      Size(
        columns: .random(in: 1...60, using: &numbers), rows: .random(in: 1...20, using: &numbers))
    default:
      Size(
        columns: .random(in: 40...220, using: &numbers), rows: .random(in: 12...70, using: &numbers)
      )
    }
  }

  @Test(arguments: 1...3)
  func `thousands of inputs lead nowhere that q does not lead out of`(seed: UInt64) {
    var numbers = SeededNumbers(seed)
    var model = ComparisonModel(state: Self.states[0], themeNames: ["dark", "light"])
    model.resize(80, 24)
    var time = 0.0
    var reached: Set<ScreenLayer> = []
    for input in 0..<3000 {
      time += 0.02
      let place = Comment("seed \(seed), input \(input)")
      switch Int.random(in: 0..<100, using: &numbers) {
      case 0...1:
        let size = size(&numbers)
        model.resize(size.columns, size.rows)
      case 2...4:
        let state = Self.states[.random(in: 0..<Self.states.count, using: &numbers)]
        _ = update(
          &model, .state(state, isOver: .random(using: &numbers), time: time))
      case 5...12:
        let actions: [MouseEvent.Action] = [.press, .release, .drag, .wheelUp, .wheelDown]
        let action = actions[.random(in: 0..<actions.count, using: &numbers)]
        model.mouse(
          action, .random(in: -1...max(1, model.size.columns), using: &numbers),
          .random(in: -1...max(1, model.size.rows), using: &numbers))
      case 13: _ = update(&model, .tick(time: time))
      case 14 where input % 9 == 0: _ = update(&model, .trouble("\u{1B}[2Jno space"))
      default:
        let key = Self.keys[.random(in: 0..<Self.keys.count, using: &numbers)]
        for effect in model.press(key, at: time) {
          if case .theme(let index) = effect { #expect(model.themeNames.indices.contains(index)) }
        }
      }
      reached.insert(model.topLayer)
      check(model, place)
      if input % 10 == 0 { drawn(model, isASCII: input % 30 == 0, place) }
      if input % 50 == 0 { leads(out: model, place) }
    }
    #expect(reached == [.main, .detail, .help, .dialog], "seed \(seed): \(reached)")
  }

  private func check(_ model: ComparisonModel, _ place: Comment) {
    #expect(model.charts.contains(model.chart), place)
    #expect(model.selectedArm >= 0, place)
    #expect(model.state.arms.isEmpty || model.arm != nil, place)
    #expect(model.firstRun >= 0 && model.helpScroll >= 0, place)
    #expect(!(model.isDetailOpen && model.state.arms.isEmpty), place)
  }

  private func drawn(_ model: ComparisonModel, isASCII: Bool, _ place: Comment) {
    var buffer = CellBuffer(size: model.size)
    draw(model, theme: .terminal, glyphs: isASCII ? .ascii : .unicode, into: &buffer)
    expectPrintable(buffer, isASCII: isASCII, place)
  }

  private func leads(out model: ComparisonModel, _ place: Comment) {
    var model = model
    var presses = 1
    while presses < 6, !model.press("q").contains(.quit) { presses += 1 }
    // The help over a page over runs in progress.
    #expect(presses <= 4, place)
  }

  @Test
  func `names never reach the terminal as commands, on no panel and no page`() {
    var state = Versus.state(over: 4, Self.hostile, seeds: 2)
    state.update(5) { $0.phase = .failed("\u{1B}[31mno\u{202E} space\u{7}\nleft") }
    for size in [(80, 24), (200, 60)] {
      for opener: [Key] in [[], [.enter], [.down, .enter], [.character("z")], [.character("?")]] {
        for panel: Key in [.character("1"), .character("3"), .character("4"), .character("5")] {
          var model = Versus.model(state)
          model.press(panel)
          for key in opener { model.press(key) }
          let screen = Pictures.screen(model, size.0, size.1)
          expectPrintable(screen, isASCII: false, "\(size) \(opener) \(panel)")
        }
      }
    }
    var narrator = ComparisonNarrator()
    let sentences = narrator.narrate(state) + ComparisonNarrator.report(state, isPaused: false)
    #expect(!sentences.isEmpty)
    for sentence in sentences {
      #expect(!sentence.unicodeScalars.contains { $0.value < 0x20 || $0 == "\u{202E}" })
    }
  }
}
