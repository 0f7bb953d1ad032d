// The mouse: what lies under it is what is drawn there, and clicks do what keys do.
import RunHistory
import RunRecords
import TerminalUI
import Testing

@testable import Dashboard

@Suite("Mouse")
struct MouseTests {
  private func point(of text: String, in model: DashboardModel) -> Point? {
    let lines = Pictures.screen(model, model.size.columns, model.size.rows).lines
    for (row, line) in lines.enumerated() {
      guard let range = line.firstRange(of: text) else { continue }
      return Point(column: DisplayWidth.of(String(line[..<range.lowerBound])), row: row)
    }
    return nil
  }

  /// The places near both ends, where layouts go wrong, and every third between them.
  private static func telling(_ range: Range<Int>) -> [Int] {
    range.filter { $0 < range.lowerBound + 3 || $0 >= range.upperBound - 3 || $0 % 3 == 0 }
  }

  @Test(arguments: LayoutState.Preset.allCases)
  func `every cell of every panel hits that panel, but for the border`(preset: LayoutState.Preset) {
    for task in [nil, Tasks.segmentation] {
      var model = task.map { Tasks.model($0) } ?? Story.model(to: 600)
      model.layout.preset = preset
      for (columns, rows) in [(40, 12), (70, 14), (80, 24), (160, 34)] {
        model.resize(columns, rows)
        let border = model.border
        for (panel, rect) in PanelLayout(model: model).places(in: ScreenLayout(model.size).body) {
          for row in Self.telling(rect.top..<rect.bottom) {
            for column in Self.telling(rect.left..<rect.right) {
              let target = model.target(at: Point(column: column, row: row))
              if column == border || column + 1 == border {
                if target != .border { Issue.record("\(panel) at \(column), \(row): no border") }
                continue
              }
              switch target {
              case .panel(panel), .layer(_, panel): break
              default: Issue.record("\(panel) at \(column), \(row): \(String(describing: target))")
              }
            }
          }
        }
      }
    }
  }

  @Test
  func `every cell of a layer's page hits the panel it is in`() throws {
    var model = Story.model(to: 600)
    model.press(.enter)
    let layer = try #require(model.layer)
    for (columns, rows) in [(40, 12), (80, 24), (160, 34)] {
      model.resize(columns, rows)
      let border = model.border
      let places = LayerPage(model: model, layer: layer).places(in: ScreenLayout(model.size).body)
      for (panel, rect) in places.panels {
        for row in Self.telling(rect.top..<rect.bottom) {
          for column in Self.telling(rect.left..<rect.right)
          where column != border && column + 1 != border {
            let target = model.target(at: Point(column: column, row: row))
            if target != .pagePanel(panel) { Issue.record("\(panel) at \(column), \(row)") }
          }
        }
      }
    }
  }

  @Test
  func `a click on a layer's rows chooses it, wherever the list has been scrolled to`() {
    var model = Story.model(to: 300, names: (1...60).map { "block\($0)" })
    for preset in [LayoutState.Preset.standard, .norms] {
      model.layout.preset = preset
      for (columns, rows) in [(80, 24), (120, 36), (200, 60)] {
        model.resize(columns, rows)
        for selected in [0, 31, 59] {
          model.selectedLayer = selected
          let buffer = Pictures.screen(model, columns, rows).lines
          var found: Set<Int> = []
          for (row, line) in buffer.enumerated() {
            for column in 0..<columns {
              guard case .layer(let index, _) = model.target(at: Point(column: column, row: row))
              else { continue }
              if line.contains("block\(index + 1) ") { found.insert(index) }
              if line.contains("block\(index + 2) "), !line.contains("block\(index + 1) ") {
                Issue.record("\(index) at row \(row): \(line)")
              }
            }
          }
          #expect(found.count >= 4 && found.contains(selected), "\(columns)x\(rows) \(found)")
        }
      }
    }
  }

  @Test
  func `the first click focuses and chooses, the second opens the layer's page`() throws {
    var model = Story.model(to: 600)
    model.resize(120, 36)
    let place = try #require(point(of: "fc2", in: model))
    model.click(place)
    #expect(model.focus == .norms && model.selectedLayer == 1 && !model.isDetailOpen)
    model.click(place)
    #expect(model.isDetailOpen && model.layer?.name == "fc2")
  }

  @Test(arguments: Situation.allCases)
  func `a click on a key in the footer does what the key does`(situation: Situation) {
    for openers in KeyTests.openers {
      for columns in [80, 200] {
        var model = Fixture.model(situation)
        model.resize(columns, 36)
        for opener in openers { model.press(opener) }
        var keys: Set<Key> = []
        for column in 0..<columns {
          let place = Point(column: column, row: 35)
          guard case .key(let key) = model.target(at: place) else { continue }
          guard keys.insert(key).inserted else { continue }
          var clicked = model
          var pressed = model
          let effects = clicked.click(place)
          #expect(effects == pressed.press(key), "\(key.name)")
          #expect(clicked.notice == pressed.notice && clicked.topLayer == pressed.topLayer)
          #expect(clicked.footer == pressed.footer && clicked.focus == pressed.focus)
        }
        // Each key that stands there can be hit.
        let line = Pictures.screen(model, columns, 36).lines[35]
        for item in model.footer where line.contains(" \(item.names) \(item.label)") {
          #expect(keys.isSuperset(of: item.keys), "\(item.names) in \(line)")
        }
      }
    }
  }

  @Test
  func `questions are answered by a click on the answer, and by nothing else`() throws {
    var model = Fixture.model(.training)
    model.press("q")
    let yes = try #require(point(of: "y yes", in: model))
    let no = try #require(point(of: "n no", in: model))
    model.click(Point(column: yes.column - 2, row: yes.row))
    model.click(Point(column: 3, row: 5))
    #expect(model.dialog == .quit)
    var other = model
    #expect(other.click(Point(column: yes.column + 4, row: yes.row)) == [.quit])
    #expect(model.click(no).isEmpty && model.dialog == nil)
  }

  @Test
  func `in the settings a click chooses a row, the second changes or types, one beside closes`()
    throws
  {
    var model = Fixture.model(.training)
    model.press("v")
    let rate = try #require(point(of: "learning rate  ", in: model))
    let switchRow = try #require(point(of: "constraint  ", in: model))
    model.click(rate)
    #expect(model.settingsPanel?.row.setting == .learningRate && model.settingsPanel?.entry == nil)
    model.click(rate)
    #expect(model.settingsPanel?.entry?.isEmpty == true)
    model.press(.escape)
    model.click(switchRow)
    #expect(model.click(switchRow) == [.send(.set(.constraint, to: false))])
    model.wheel(switchRow, up: true)
    #expect(model.settingsPanel?.row.setting != .constraint)
    model.click(Point(column: 78, row: 3))
    #expect(model.settingsPanel == nil)
  }

  @Test
  func `the wheel scrolls the help and the layers, and zooms the chart under it`() throws {
    var model = Story.model(to: 600)
    model.resize(120, 36)
    model.press("?")
    model.wheel(Point(column: 60, row: 20), up: false)
    #expect(model.helpScroll == 3)
    model.wheel(Point(column: 60, row: 20), up: true)
    #expect(model.helpScroll == 0)
    model.click(Point(column: 1, row: 5))
    #expect(!model.isHelpOpen)
    let layer = try #require(point(of: "fc2", in: model))
    model.wheel(layer, up: false)
    #expect(model.selectedLayer == 1 && model.charts.zoom == nil)
    model.wheel(layer, up: true)
    #expect(model.selectedLayer == 0)
    model.wheel(Point(column: 40, row: 10), up: true)
    #expect(model.charts.zoom != nil)
    var pictures = Tasks.model(.segmentation)
    pictures.resize(80, 24)
    pictures.press("6")
    pictures.press("1")
    let body = ScreenLayout(pictures.size).body
    let places = PanelLayout(model: pictures).places(in: body)
    let page = try #require(places.first { $0.panel == .images }?.rect.origin)
    pictures.wheel(page, up: false)
    #expect(pictures.firstPicture == 1 && pictures.focus == .loss)
  }

  @Test
  func `the border follows the mouse, and stays where it is let go`() throws {
    var model = Story.model(to: 600)
    model.resize(120, 36)
    let border = try #require(model.border)
    model.click(Point(column: border, row: 12), releases: false)
    for column in [border - 10, 3, 50] {
      model.drag(to: Point(column: column, row: 30))
      #expect(model.border == max(LayoutState.leastColumns, column))
    }
    model.release()
    model.drag(to: Point(column: 90, row: 12))
    #expect(model.border == 50)
    // Only the border is dragged.
    model.click(Point(column: 10, row: 12), releases: false)
    model.drag(to: Point(column: 70, row: 12))
    #expect(model.border == 50)
  }

  @Test
  func `a click on the chart in focus puts the cursor there, and it follows the mouse`() {
    var model = Story.model(to: 600)
    model.resize(120, 36)
    model.press("2")
    model.click(Point(column: 30, row: 10))
    #expect(model.focus == .loss && model.charts.cursor == nil)
    model.click(Point(column: 30, row: 10), releases: false)
    let first = model.charts.cursor
    model.drag(to: Point(column: 50, row: 10))
    #expect(first != nil && (model.charts.cursor ?? 0) > (first ?? 0))
  }

  @Test
  func `m leaves the mouse to the terminal, and takes it back`() {
    var model = Story.model(to: 600)
    model.resize(120, 36)
    #expect(model.press("m") == [.mouse(false)])
    #expect(model.notice?.text.contains("the terminal selects text") == true)
    let before = Pictures.screen(model, 120, 36).lines
    for row in 0..<36 {
      for column in stride(from: 0, to: 120, by: 7) {
        #expect(model.click(Point(column: column, row: row)).isEmpty)
        model.wheel(Point(column: column, row: row), up: true)
      }
    }
    #expect(Pictures.screen(model, 120, 36).lines == before)
    #expect(model.press("m") == [.mouse(true)])
  }

  @Test
  func `on a screen too small for anything a click does nothing`() {
    var model = Story.model(to: 600)
    for (columns, rows) in [(1, 1), (39, 12), (40, 11), (300, 2)] {
      model.resize(columns, rows)
      for row in 0..<rows {
        for column in 0..<columns {
          let place = Point(column: column, row: row)
          #expect(model.target(at: place) == nil)
          model.click(place)
        }
      }
    }
    #expect(model.focus == .loss && model.topLayer == .main)
  }
}

extension DashboardModel {
  @discardableResult
  mutating func click(_ point: Point, releases: Bool = true) -> [Effect] {
    let effects = update(&self, .mouse(MouseEvent(.press, at: point), time: 0))
    if releases { release(at: point) }
    return effects
  }

  mutating func release(at point: Point = .zero) {
    _ = update(&self, .mouse(MouseEvent(.release, at: point), time: 0))
  }

  mutating func drag(to point: Point) {
    _ = update(&self, .mouse(MouseEvent(.drag, at: point), time: 0))
  }

  mutating func wheel(_ point: Point, up: Bool) {
    _ = update(&self, .mouse(MouseEvent(up ? .wheelUp : .wheelDown, at: point), time: 0))
  }
}
