// The tables of panels: what each of them says of itself is whole, and what keys, help and layouts need.
import RunHistory
import RunRecords
import TerminalUI
import Testing

@testable import Dashboard

@Suite("Tables of panels")
struct PanelTableTests {
  private typealias Kind = DashboardModel.PanelKind

  @Test func `each panel has a distinct title and an explanation that the help lists`() {
    let titles = Kind.allCases.map(\.description.title)
    #expect(titles.allSatisfy { !$0.isEmpty } && Set(titles).count == titles.count)
    for panel in Kind.allCases {
      let explanation = panel.description.explanation
      #expect(Glossary.all.contains(explanation) && !explanation.brief.isEmpty, "\(panel)")
    }
    for panel in PagePanel.allCases {
      let explanation = panel.description.explanation
      #expect(Glossary.all.contains(explanation) && !explanation.brief.isEmpty, "\(panel)")
    }
  }

  @Test func `each key that a panel names means something on the main screen`() {
    let known = Set(KeyTable.bindings.filter { $0.layers.contains(.main) }.map(\.action))
    for panel in Kind.allCases {
      #expect(panel.description.keys.isSubset(of: known), "\(panel)")
      #expect(
        panel.description.keys.contains(.logScale) == (panel.description.logarithmicScale != nil))
      let turns = panel.isChart || panel.description.list == .lines
      #expect(panel.description.keys.contains(.left) == turns)
    }
    #expect(
      Kind.loss.description.keys == [
        .left, .right, .zoomOut, .zoomIn, .panBack, .panForward, .window, .axisUnit, .logScale,
        .smoothing, .outliers,
      ])
    #expect(
      Kind.norms.description.keys == [
        .up, .down, .first, .last, .details, .filter, .suggestion,
      ])
    #expect(Kind.images.description.keys == [.up, .down, .first, .last])
    #expect(Kind.series.description.keys == [.window] && Kind.table.description.keys == [])
  }

  @Test func `the help begins with the panel in focus and its keys`() {
    var model = Tasks.everything
    for panel in Kind.allCases {
      model.focus = panel
      let subject = model.helpSubject
      #expect(subject.title == "In focus: \(panel.description.title)")
      #expect(subject.actions == panel.description.keys)
    }
  }

  @Test func `no two panels have the same digit, and each digit focuses its panel`() {
    var model = Tasks.everything
    let look = Appearance(theme: .terminal, glyphs: .ascii)
    #expect(Set(model.panels).isSubset(of: Kind.allCases))
    let digits = model.panels.indices.map { PanelNumber.text($0, look) }.filter { !$0.isEmpty }
    #expect(digits.count == min(9, model.panels.count) && Set(digits).count == digits.count)
    for (digit, panel) in zip(digits, model.panels) {
      model.press(digit.first ?? "0")
      #expect(model.focus == panel)
    }
  }

  @Test func `each kind of sample has a panel that is there with the first of them`() {
    let samples = Tasks.everything.segment?.samples ?? []
    let panels = Set(samples.map { Kind($0.content.kind) })
    #expect(panels == Set(Kind.allCases.filter(\.showsSamples)))
    #expect(Fixture.model(.training).panels.allSatisfy { !$0.showsSamples })
    #expect(panels.isSubset(of: Tasks.everything.panels))
  }

  @Test func `each panel draws in its place alone, and says something in the fewest rows it takes`()
  {
    let model = Tasks.everything
    let look = Appearance(theme: .terminal, glyphs: .unicode)
    for panel in Kind.allCases {
      let rect = Rect(column: 3, row: 2, columns: 60, rows: panel.description.leastRows)
      var buffer = CellBuffer(size: Size(columns: 66, rows: rect.bottom + 2))
      panel.description.draw(model, rect, &buffer, look)
      let lines = buffer.lines
      #expect(lines.prefix(2).allSatisfy(\.isBlank) && lines.suffix(2).allSatisfy(\.isBlank))
      #expect(lines.allSatisfy { $0.prefix(3).isBlank && $0.dropFirst(63).isBlank }, "\(panel)")
      let inside = lines[(rect.top + 1)..<(rect.bottom - 1)].map { $0.dropFirst(4).prefix(58) }
      #expect(inside.contains { !$0.isBlank }, "\(panel)")
    }
  }

  @Test func `the refusal of a logarithmic scale names all charts that can have one`() {
    var model = Story.model(to: 300)
    model.focus = .norms
    model.press("y")
    #expect(
      model.refused
        == "only for losses, gradient norm, learning rate, curves of metrics and metrics other than "
        + "shares")
    for panel in Kind.allCases where model.canBeLogarithmic(panel) {
      let words = panel.description.logarithmicScale?.values ?? ""
      model.focus = panel
      model.press("y")
      #expect(model.notice?.text.hasPrefix("\(words) on a ") == true, "\(panel)")
    }
  }

  @Test func `each panel of a comparison has a title, words that the help lists, and a digit`() {
    for state in [Versus.state(over: 6), Versus.sweep(over: 6)] {
      var model = Versus.model(state)
      model.resize(120, 36)
      let panels = model.panels
      #expect(panels == ComparisonModel.Panel.allCases)
      #expect(Set(panels.map { model.title(of: $0) }).count == panels.count)
      for (index, panel) in panels.enumerated() {
        #expect(ComparisonGlossary.all.contains(model.explanation(of: panel)))
        #expect(ComparisonGlossary.all.contains(panel.description.explanation))
        #expect(panel.description.wantedRows(model, ScreenLayout(model.size).body) > 2)
        model.press(Character("\(index + 1)"))
        #expect(model.focus == panel)
      }
    }
  }
}

extension StringProtocol {
  fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
