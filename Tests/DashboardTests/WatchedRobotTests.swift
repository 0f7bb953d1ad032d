// A robot at runs of other processes and programs: metrics that come and go, blocks of layers, a console,
// a run that falls silent, vanishes and comes back.
import RunHistory
import RunRecords
import TerminalUI
import TestSupport
import Testing

@testable import Dashboard

@Suite("Robot at watched runs")
struct WatchedRobotTests {
  private static let layers = (0..<6).flatMap { block in
    ["self_attn.q_proj", "mlp.up_proj", "mlp.down_proj"].map {
      "model.layers.\(block).\($0).weight"
    }
  }

  /// What a run of another program tells next: each time other figures, norms or digests, or nothing.
  private struct Writer {
    var step = 0

    mutating func header(_ numbers: inout SeededNumbers) -> Record {
      step = 0
      let hasLayers = Bool.random(using: &numbers)
      return .header(
        Foreign.header(
          layers: hasLayers
            ? WatchedRobotTests.layers.map { .sample($0, shape: [4, 4], ceiling: 1.5) } : []
        ) { header in
          if Bool.random(using: &numbers) { header.network = NetworkPanelTests.layers }
          if Bool.random(using: &numbers) { header.totalSteps = 500 }
        })
    }

    mutating func records(_ numbers: inout SeededNumbers) -> [Record] {
      step += 10
      var records = Foreign.records(to: step).suffix(2).map { $0 }
      let name = WatchedRobotTests.layers[.random(in: 0..<18, using: &numbers)]
      switch Int.random(in: 0..<6, using: &numbers) {
      case 0:
        let names = (0..<40).map { "group\($0 % 7)/\u{1B}[2Jfigure \($0)" }
        records.append(
          .step(StepRecord(step) { $0.metrics = names.map { Metric(name: $0, value: .nan) } }))
      case 1:
        records.append(
          .norms(
            NormsRecord(
              step: step, layers: [.init(name: name, norms: [0.1, 1, 1.5, .infinity])],
              histograms: [
                .init(name: name, histogram: NormsFixture.histogram(at: step))
              ])))
      case 2: records.append(.step(Fixture.step(step, layers: WatchedRobotTests.layers)))
      case 3: records.append(.event(EventRecord(step: step, action: .pause)))
      case 4: records.append(.event(EventRecord(step: step, action: .resume)))
      default: break
      }
      return records
    }
  }

  private static func keys(_ source: DashboardModel.Source) -> [Key] {
    KeyMap().holding(in: source).bindings.flatMap(\.keys).filter {
      ![.control("c"), .control("z")].contains($0)
    } + [.character("Z"), .character("漢"), .function(3), .insert, .delete]
  }

  private static let lives: [RunAttachment.Life] = [
    .living, .silent(seconds: 90), .gone(status: 137), .gone(status: nil), .hostRestarted,
    .unreachable(seconds: 40, reason: "\u{1B}[31mno route"),
  ]

  @Test(arguments: 1...3 as ClosedRange<UInt64>, [DashboardModel.Source.attached, .replay])
  func `thousands of inputs lead nowhere that q does not lead out of`(
    seed: UInt64, source: DashboardModel.Source
  ) {
    var numbers = SeededNumbers(seed)
    var writer = Writer()
    var model = DashboardModel(source: source, pace: 0, themeNames: ["dark", "light"])
    model.resize(120, 36)
    var attachment = RunAttachment(name: "me")
    let keys = Self.keys(source)
    var time = 0.0
    var focused: Set<DashboardModel.PanelKind> = []
    for input in 0..<3000 {
      time += 0.02
      let place = Comment("\(source), seed \(seed), input \(input)")
      switch Int.random(in: 0..<100, using: &numbers) {
      case 0...1:
        model.resize(
          .random(in: 40...220, using: &numbers), .random(in: 12...70, using: &numbers))
      case 2 where input % 5 == 0 || model.segment == nil:
        model.feed([writer.header(&numbers)], at: time)
      case 3...12 where model.segment != nil: model.feed(writer.records(&numbers), at: time)
      case 13 where source == .attached:
        attachment.life = Self.lives[.random(in: 0..<Self.lives.count, using: &numbers)]
        attachment.refusal = Bool.random(using: &numbers) ? nil : "it takes no commands"
        attachment.pastShare = Bool.random(using: &numbers) ? nil : 0.5
        _ = update(&model, .attached(attachment))
      case 14 where source == .attached:
        let lines = (0..<Int.random(in: 0...200, using: &numbers)).map { "line \($0) \u{7}漢" }
        _ = update(&model, .console(ConsoleLines(lines)))
      case 15...18:
        let actions: [MouseEvent.Action] = [.press, .release, .drag, .wheelUp, .wheelDown]
        let point = Point(
          column: .random(in: -1...max(1, model.size.columns), using: &numbers),
          row: .random(in: -1...max(1, model.size.rows), using: &numbers))
        let action = actions[.random(in: 0..<actions.count, using: &numbers)]
        _ = update(&model, .mouse(MouseEvent(action, at: point), time: time))
      case 19 where input % 20 == 0:
        model.feed([.end(EndRecord(writer.step, .failed))], at: time)
      default: model.press(keys[.random(in: 0..<keys.count, using: &numbers)], at: time)
      }
      focused.insert(model.focus)
      check(model, place)
      if input % 10 == 0 { drawn(model, isASCII: input % 30 == 0, place) }
      if input % 50 == 0 { leads(out: model, place) }
    }
    #expect(focused.contains(.metrics) && focused.count > 5, "\(source), \(seed): \(focused)")
  }

  private func check(_ model: DashboardModel, _ place: Comment) {
    #expect(model.arrangedPanels.contains(model.focus), place)
    #expect(model.shownPanels.count >= 1, place)
    let keys = model.segment?.metrics.keys ?? []
    #expect(model.selectedMetric.map(keys.contains) ?? keys.isEmpty, place)
    #expect(model.metricChoice.pinned.count <= MetricChoice.mostPinned, place)
    #expect(
      model.layerRows.rows.isEmpty || model.layerRows.rows.indices.contains(model.selectedRow),
      place)
  }

  private func drawn(_ model: DashboardModel, isASCII: Bool, _ place: Comment) {
    var buffer = CellBuffer(size: model.size)
    draw(model, theme: .terminal, glyphs: isASCII ? .ascii : .unicode, into: &buffer)
    expectPrintable(buffer, isASCII: isASCII, place)
  }

  private func leads(out model: DashboardModel, _ place: Comment) {
    var model = model
    var presses = 0
    while presses < 5 {
      if model.topLayer == .filter { model.press(.escape) }
      presses += 1
      if model.press("q").contains(.quit) { break }
    }
    #expect(presses <= 4, place)
  }
}
