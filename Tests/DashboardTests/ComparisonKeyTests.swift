// Every key of a comparison's screen, and what it refuses.
import Comparisons
import TerminalUI
import Testing

@testable import Dashboard

@Suite("Keys of comparisons")
struct ComparisonKeyTests {
  static let states = [
    Versus.state(), Versus.state(over: 6), Versus.state(over: 12), Versus.troubled,
    Versus.sweep(over: 0), Versus.sweep(over: 24), Versus.grid(over: 64),
    Versus.state(over: 1, ["only"], seeds: 1),
  ]
  static let openers: [[Key]] = [
    [], [.enter], [.character("?")], [.character("q")], [.character("z")],
    [.enter, .character("?")],
  ]

  @Test(arguments: states.indices)
  func `every key in every situation does something or says why not`(index: Int) {
    let others: [Key] = [.character("c"), .character("é"), .function(5), .insert, .delete]
    for openers in Self.openers {
      var before = Versus.model(Self.states[index])
      for opener in openers { before.press(opener) }
      let layer = before.topLayer
      for key in ComparisonKeys.bindings.flatMap(\.keys) + others {
        var model = before
        let effects = model.press(key)
        let isIdle =
          effects.isEmpty && model.notice == before.notice
          && model.selectedArm == before.selectedArm
          && model.focus == before.focus && model.topLayer == before.topLayer
          && model.isMaximized == before.isMaximized && model.chart == before.chart
          && model.isLogarithmic == before.isLogarithmic && model.showsAll == before.showsAll
          && model.helpScroll == before.helpScroll
          && model.firstRun == before.firstRun
        // At the end of a list a key may do nothing; elsewhere it must say so.
        let mayRest: Set<KeyAction?> = [
          .up, .down, .first, .last, .panel, .nextPanel, .previousPanel, .scrollUp, .scrollDown,
          .pageUp, .pageDown, .scrollToStart, .scrollToEnd,
        ]
        let action = ComparisonKeys.bindings.action(of: key, on: layer)
        if isIdle, [.main, .detail].contains(layer) {
          #expect(mayRest.contains(action), "\(key) on \(layer) in \(index)")
        }
        if model.refused != nil { #expect(effects.isEmpty) }
        #expect(model.panels.contains(model.focus))
        #expect(model.charts.contains(model.chart))
      }
    }
  }

  @Test
  func `space pauses and resumes all runs; at the end there is nothing to pause`() {
    var model = Versus.model(Versus.state(over: 6))
    #expect(model.press(" ") == [.pause(true)])
    #expect(model.stateLabel == "paused")
    #expect(model.footer.first?.label == "go on")
    #expect(model.press(" ") == [.pause(false)])
    var over = Versus.model(Versus.state(over: 12))
    #expect(over.press(" ").isEmpty)
    #expect(over.refused?.contains("nothing to hold") == true)
  }

  @Test
  func `while held, no time passes`() {
    var model = Versus.model(Versus.state(over: 6), at: 42)
    #expect(model.clock.elapsed == 42)
    model.press(.character(" "), at: 50)
    model.press(.character(" "), at: 70)
    _ = update(&model, .tick(time: 71))
    #expect(model.clock.elapsed == 51)
    let left = model.clock.left(model.state.share)
    #expect(left.map { abs($0 - 51 * (1 - model.state.share) / model.state.share) < 1e-6 } == true)
  }

  @Test
  func `what earlier sessions did says nothing of this one's speed`() {
    var clock = ComparisonClock()
    clock.begin(at: 0.5)
    clock.advance(to: 0, isGoing: true)
    clock.advance(to: 10, isGoing: true)
    #expect(clock.left(0.5) == nil)
    #expect(clock.left(0.75) == 10)
  }

  @Test
  func `q asks while runs are in progress, and a second one leaves; n stays`() {
    var model = Versus.model(Versus.state(over: 6))
    #expect(model.press("q").isEmpty)
    #expect(model.topLayer == .dialog)
    #expect(model.press("n").isEmpty && model.topLayer == .main)
    model.press("q")
    #expect(model.press("q") == [.quit])
    var asked = Versus.model(Versus.state(over: 6))
    asked.press("q")
    _ = update(&asked, .state(Versus.state(over: 12), isOver: true, time: 60))
    #expect(asked.topLayer == .main, "nothing is left to ask about")
    #expect(asked.press("q") == [.quit])
    #expect(asked.press(.control("c")) == [.interrupt])
  }

  @Test func `runs that go on elsewhere are cancelled or left, as q asks`() {
    var model = Versus.model(Versus.state(over: 6))
    model.isElsewhere = true
    #expect(model.press(" ").isEmpty && !model.isPaused)
    #expect(model.shell.notice?.text.contains("not held from here") == true)
    let answers: [(Character, [ComparisonEffect])] = [
      ("y", [.cancel, .quit]), ("n", [.quit]), ("q", [.quit]),
    ]
    for (key, effects) in answers {
      var asked = model
      #expect(asked.press("q").isEmpty && asked.question?.text.hasPrefix("Cancel the jobs") == true)
      #expect(asked.press(key) == effects, "\(key)")
    }
    model.press("q")
    #expect(model.press(.escape).isEmpty && model.topLayer == .main)
  }

  @Test
  func `q closes what is open first`() {
    var model = Versus.model(Versus.state(over: 12))
    model.press(.enter)
    model.press("?")
    #expect(model.press("q").isEmpty && model.topLayer == .detail)
    #expect(model.press("q").isEmpty && model.topLayer == .main)
    #expect(model.press("q") == [.quit])
  }

  @Test
  func `p goes through all that the chart can show`() {
    var model = Versus.model(Versus.grid(over: 64))
    let charts = model.charts
    #expect(charts.first == .heat)
    #expect(charts.contains(.overKey(1)) && charts.contains(.curves(.trainLoss)))
    var seen = [model.chart]
    for _ in 1..<charts.count {
      model.press("p")
      seen.append(model.chart)
    }
    #expect(seen == charts)
    model.press("p")
    #expect(model.chart == charts[0])
  }

  @Test
  func `keys that users have chosen hold here too, and words name them`() throws {
    let map = try KeyMap([(action: "pause", keys: ["F5"]), (action: "preset", keys: ["P"])])
    var model = ComparisonModel(state: Versus.state(over: 6), keys: map)
    model.resize(120, 36)
    #expect(model.press(.function(5)) == [.pause(true)])
    #expect(model.footer.first?.names == "F5")
    #expect(model.notice?.text.contains("F5 lets all runs go on") == true)
    model.press(" ")
    #expect(model.refused?.contains("does nothing here") == true)
    #expect(model.helpLines.contains { if case .binding("P", _) = $0 { true } else { false } })
  }

  @Test
  func `shares have no logarithmic scale, losses have`() {
    var model = Versus.model(Versus.state(over: 12))
    model.press("y")
    #expect(model.refused != nil && !model.isLogarithmic)
    model.press("p")
    model.press("y")
    #expect(model.isLogarithmic)
  }

  @Test
  func `a selected arm stays selected when candidates go`() {
    var model = Versus.model(Versus.sweep(over: 24))
    for _ in 0..<4 { model.press(.down) }
    let chosen = model.arm
    let full = Versus.sweep(over: 24)
    guard case .sweep(let keys, let candidates) = full.kind else { return }
    let left = Array(candidates[3..<6])
    let next = ComparisonState(
      name: full.name, title: full.title, kind: .sweep(keys: keys, candidates: left),
      arms: left.map(\.arm), runs: left.map { ($0.arm, 1) })
    _ = update(&model, .state(next, isOver: false, time: 60))
    #expect(model.arm == chosen && model.selectedArm == 1)
  }

  @Test
  func `clicks select arms, open their page, and press what stands in the footer`() {
    var model = Versus.model(Versus.state(over: 6))
    model.resize(120, 36)
    let body = ScreenLayout(model.size).body
    let places = ComparisonLayout(model: model).places(in: body)
    guard let table = places.first(where: { $0.panel == .table })?.rect else {
      Issue.record("no table")
      return
    }
    // Frame and titles first.
    model.mouse(.press, table.left + 4, table.top + 4)
    #expect(model.focus == .table && model.selectedArm == 2)
    model.mouse(.press, table.left + 4, table.top + 4)
    #expect(model.isDetailOpen)
    model.press(.escape)
    model.mouse(.wheelUp, table.left + 4, table.top + 4)
    #expect(model.selectedArm == 1)
    let footer = Pictures.screen(model, 120, 36).lines[35]
    let help = footer.distance(
      from: footer.startIndex, to: footer.firstRange(of: "? help")?.lowerBound ?? footer.endIndex)
    model.mouse(.press, help, 35)
    #expect(model.isHelpOpen)
    model.mouse(.press, 0, 34)
    #expect(!model.isHelpOpen)
    model.press("m")
    model.mouse(.press, table.left + 4, table.top + 2)
    #expect(model.selectedArm == 1)
  }

  @Test
  func `a click on a row of the table hits the arm that is drawn there`() {
    let arms = (0..<24).map { "arm\($0)x" }
    var model = Versus.model(Versus.state(over: 40, arms, seeds: 2))
    model.resize(120, 36)
    for _ in 0..<15 { model.press(.down) }
    let rect = ComparisonLayout(model: model).places(in: ScreenLayout(model.size).body)
      .first { $0.panel == .table }?.rect
    guard let rect else {
      Issue.record("no table")
      return
    }
    let lines = Pictures.screen(model, 120, 36).lines
    for row in rect.top..<rect.bottom {
      let index = ArmTable(model: model).arm(
        at: Point(column: rect.left + 5, row: row), in: rect)
      if let index { #expect(lines[row].contains("arm\(index)x")) }
    }
  }
}
