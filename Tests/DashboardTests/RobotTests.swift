// A robot user: twenty thousand keys, records and sizes, and what holds after each of them.
import RunHistory
import RunRecords
import TerminalUI
import Testing

@testable import Dashboard

@Suite("Robot user")
struct RobotTests {
  /// A run that carries out commands at once.
  private struct Run {
    var step = 0
    var isOn = true
    var ceiling: Float = 1.5
    var layers = ["fc1", "畳み込み", "a_very_long_name_of_a_layer_that_goes_on", "e\u{301}"]
    var hasTwin = false

    var header: RunHeader { Fixture.header(layers: layers) }

    mutating func advance(by steps: Int) -> [Record] {
      step += steps
      var records: [Record] = [
        .step(Fixture.step(step, enabled: isOn, ceiling: ceiling, layers: layers)),
        .norms(
          NormsRecord(
            step: step, layers: layers.map { .init(name: $0, norms: [0.1, 0.7, 1.2, 1.5]) })),
        .evaluation(Fixture.evaluation(step, accuracy: 0.5)), .sample(Fixture.sample),
      ]
      if hasTwin { records.append(.twin(.step(Fixture.step(step, enabled: false)))) }
      return records
    }

    mutating func answer(_ command: Command) -> [Record] {
      switch command {
      case .set(.constraint, _, .flag(let isOn)):
        defer { self.isOn = isOn }
        return event(.constraint, from: .flag(self.isOn), .flag(isOn))
      case .set(.maxNorm, nil, .number(let value)):
        defer { ceiling = value }
        return event(.maxNorm, from: .number(ceiling), .number(value))
      case .set(.learningRate, _, .number(let rate)): return event(.learningRate, .number(rate))
      case .twin(let isOn):
        hasTwin = isOn
        return event(.twin, from: .flag(!isOn), .flag(isOn))
      case .fork:
        hasTwin = true
        return event(.fork, nil)
      case .pause: return event(.pause, nil)
      case .resume: return event(.resume, nil)
      case .singleStep: return advance(by: 1)
      case .reset, .reseed:
        (step, hasTwin) = (0, false)
        return [.header(header)]
      case .extend: return event(.extend, .steps(step * 2))
      case .stop: return [.end(Fixture.end(.stopped, step: step))]
      default: return []
      }
    }

    private func event(
      _ action: EventRecord.Action, from: EventRecord.Value? = nil, _ value: EventRecord.Value?
    ) -> [Record] {
      [.event(EventRecord(step: step, action: action, from: from, value: value))]
    }
  }

  private static let keys: [Key] =
    KeyTable.bindings.flatMap(\.keys).filter { ![.control("c"), .control("z")].contains($0) }
    + [.character("Z"), .character("é"), .character("漢"), .function(3), .insert, .delete]

  private func size(_ numbers: inout SeededNumbers) -> Size {
    switch Int.random(in: 0..<10, using: &numbers) {
    case 0: Size(columns: 1, rows: 1)
    case 1: Size(columns: 300, rows: 90)
    case 2:
      Size(
        columns: .random(in: 1...50, using: &numbers), rows: .random(in: 1...14, using: &numbers))
    default:
      Size(
        columns: .random(in: 40...140, using: &numbers), rows: .random(in: 12...50, using: &numbers)
      )
    }
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `twenty thousand inputs lead nowhere that q does not lead out of`(seed: UInt64) {
    var numbers = SeededNumbers(seed)
    var run = Run()
    let source: DashboardModel.Source = seed == 4 ? .replay : .live
    var model = DashboardModel(source: source, pace: 200, themeNames: ["dark", "light"])
    model.resize(80, 24)
    var time = 0.0
    var reached: Set<ScreenLayer> = []
    for input in 0..<5000 {
      time += 0.02
      let place = Comment("seed \(seed), input \(input)")
      switch Int.random(in: 0..<100, using: &numbers) {
      case 0: model.resize(size(&numbers).columns, size(&numbers).rows)
      case 1 where model.segment == nil: model.feed([.header(run.header)], at: time)
      case 1...9 where model.phase == .training: model.feed(run.advance(by: 10), at: time)
      case 10 where input % 7 == 0:
        model.feed([.end(Fixture.end(.finished, step: run.step))], at: time)
      case 11...14:
        let actions: [MouseEvent.Action] = [.press, .release, .drag, .wheelUp, .wheelDown]
        let point = Point(
          column: .random(in: -1...max(1, model.size.columns), using: &numbers),
          row: .random(in: -1...max(1, model.size.rows), using: &numbers))
        let action = actions[.random(in: 0..<actions.count, using: &numbers)]
        perform(
          update(&model, .mouse(MouseEvent(action, at: point), time: time)), &model, &run, place)
      case 10: _ = update(&model, .tick(time: time))
      case 15 where input % 9 == 0: _ = update(&model, .trouble("\u{1B}[2Jno space"))
      default:
        let key = Self.keys[.random(in: 0..<Self.keys.count, using: &numbers)]
        perform(model.press(key, at: time), &model, &run, place)
      }
      reached.insert(model.topLayer)
      check(model, place)
      if input % 20 == 0 { drawn(model, isASCII: input % 60 == 0, place) }
      if input % 50 == 0 { leads(out: model, place) }
    }
    if source == .live {
      #expect(reached == Set(ScreenLayer.allCases), "seed \(seed): \(reached)")
    }
  }

  /// What the program would do.
  private func perform(
    _ effects: [Effect], _ model: inout DashboardModel, _ run: inout Run, _ place: Comment
  ) {
    for effect in effects {
      switch effect {
      case .wish(.send(let command)): model.feed(run.answer(command), at: model.now)
      case .theme(let index): #expect(model.themeNames.indices.contains(index), place)
      case .export: _ = update(&model, .exported(["a.txt"], time: model.now))
      default: break
      }
    }
  }

  private func check(_ model: DashboardModel, _ place: Comment) {
    #expect(model.panels.contains(model.focus), place)
    #expect(model.themeNames.indices.contains(model.themeIndex), place)
    let layers = model.segment?.layers.count ?? 0
    #expect(model.selectedLayer >= 0 && model.selectedLayer <= max(0, layers - 1), place)
    #expect(model.shownLayers.allSatisfy { $0 < layers }, place)
    #expect(model.pending.count <= 64 && model.eventTexts.count <= 100, place)
    #expect(model.helpScroll >= 0 && model.firstPicture >= 0, place)
    if model.isHelpOpen {
      #expect(model.helpScroll <= max(0, model.helpLines.count - 1), place)
    }
  }

  private func drawn(_ model: DashboardModel, isASCII: Bool, _ place: Comment) {
    var buffer = CellBuffer(size: model.size)
    draw(model, theme: .terminal, glyphs: isASCII ? .ascii : .unicode, into: &buffer)
    expectPrintable(buffer, isASCII: isASCII, place)
  }

  /// From wherever this is, three q leave: a filter that is typed ends with esc first.
  private func leads(out model: DashboardModel, _ place: Comment) {
    var model = model
    var presses = 0
    var way: [ScreenLayer] = []
    while presses < 4 {
      if model.topLayer == .filter { model.press(.escape) }
      presses += 1
      way.append(model.topLayer)
      if model.press("q").contains(.quit) { break }
    }
    // What is open closes at once; then the question, while a run is going, and its answer.
    #expect(presses <= 3, "\(place): \(way)")
  }
}
