// What holds for every screen: no trap, nothing outside its rectangle, nothing shown by colour
// alone.
import RunRecords
import Testing

@testable import Dashboard
@testable import TerminalUI

@Suite("Views")
struct ViewTests {
  private static let models: [DashboardModel] = {
    var off = Story.model(to: 1400)
    off.press("y")
    var detail = Story.model(to: 300)
    detail.press(.enter)
    var help = Fixture.model(.paused)
    help.press("?")
    var question = Fixture.model(.diverged)
    question.press("r")
    var sample = Story.model(to: 200, names: ["fc"])
    sample.feed([.sample(Story.sample)])
    sample.press("6")
    var layers = Story.model(to: 50, names: (0..<60).map { "畳み\($0)" })
    layers.press(.end)
    layers.press("/")
    layers.press("1")
    var gates = NormsFixture.model([NormsFixture.lstm()], to: 200)
    gates.press(.enter)
    gates.press(.backTab)
    return [gates, Fixture.model(.empty), off, detail, help, question, sample, layers, damaged]
      + Tasks.all.map { Tasks.model($0) } + [Tasks.everything, Tasks.damaged]
  }()

  /// A log that holds nonsense.
  private static let damaged: DashboardModel = {
    var model = Fixture.model(.empty)
    var header = Fixture.header()
    header.totalSteps = .min
    header.stepsPerEpoch = .max
    for index in header.layers.indices { header.layers[index].units = index == 0 ? .max : .min }
    var record = Fixture.step(1, loss: .infinity, ceiling: .nan, exceeded: .max)
    (record.step, record.epoch, record.steps) = (.max, .min, .min)
    for index in record.layers.indices {
      record.layers[index].atCeiling = .min
      record.layers[index].clippedTotal = .max
      record.layers[index].normMin = -.infinity
    }
    model.feed([
      .header(header), .step(record),
      .norms(NormsRecord(step: .max, layers: [.init(name: "fc1", norms: [.nan, .infinity, -1])])),
      .sample(
        SampleRecord(
          step: .min, title: "\u{1B}[2J",
          content: .table(
            columns: [], rows: [[], [.number(.nan)], [.null, .list([.fields([])])]]))),
      .event(EventRecord(step: .min, action: .constraint, value: .flag(false), clipped: .max)),
    ])
    return model
  }()

  @Test(arguments: models.indices)
  func `every size from 0x0 on works`(index: Int) {
    let model = Self.models[index]
    // All models together go through all sizes.
    for columns in 0...130 {
      for rows in 0...45 where (columns + rows) % Self.models.count == index {
        let isPlain = columns % 3 == 0
        let screen = Pictures.screen(model, columns, rows, glyphs: isPlain ? .ascii : .unicode)
        #expect(screen.size == Size(columns: columns, rows: rows))
      }
    }
    for (columns, rows) in [(160, 40), (159, 33), (200, 24), (300, 90)] {
      #expect(Pictures.screen(model, columns, rows).size.columns == columns)
    }
  }

  @Test(arguments: models.indices)
  func `no panel draws outside its rectangle`(index: Int) {
    let model = Self.models[index]
    let look = Appearance(theme: .terminal)
    let outside = Cell("#", Style().bold)
    for size in [
      Size(columns: 1, rows: 1), Size(columns: 9, rows: 4), Size(columns: 23, rows: 7),
      Size(columns: 41, rows: 12), Size(columns: 70, rows: 25),
    ] {
      let rect = Rect(origin: Point(column: 5, row: 3), size: size)
      let views: [(inout CellBuffer) -> Void] = [
        { HeaderView(model: model).draw(in: rect, into: &$0, look) },
        { LossPanel(model: model).draw(in: rect, into: &$0, look) },
        { NormsPanel(model: model).draw(in: rect, into: &$0, look) },
        { NormsOverTimePanel(model: model).draw(in: rect, into: &$0, look) },
        { ClippingPanel(model: model).draw(in: rect, into: &$0, look) },
        { TablePanel(model: model).draw(in: rect, into: &$0, look) },
        { SeriesPanel(model: model).draw(in: rect, into: &$0, look) },
        { TextPanel(model: model).draw(in: rect, into: &$0, look) },
        { ImagePanel(model: model).draw(in: rect, into: &$0, look) },
        { ConfusionPanel(model: model).draw(in: rect, into: &$0, look) },
        { MetricPanel(model: model).draw(in: rect, into: &$0, look) },
        { GradientPanel(model: model).draw(in: rect, into: &$0, look) },
        { ClipRatePanel(model: model).draw(in: rect, into: &$0, look) },
        { LearningRatePanel(model: model).draw(in: rect, into: &$0, look) },
        { MetricsPanel(model: model).draw(in: rect, into: &$0, look) },
        { StatusLine(items: model.status(look)).draw(in: rect, into: &$0, look) },
        {
          FooterLine(items: model.footer, notice: model.lowStatus(look))
            .draw(in: rect, into: &$0, look)
        },
        { model.help.draw(in: rect, into: &$0, look) },
        {
          DialogBox(Question(title: "quit", text: DashboardModel.Dialog.quit.question(nextSeed: 2)))
            .draw(in: rect, into: &$0, look)
        },
        { TooSmallView(state: model.stateLabel, isAsking: false).draw(in: rect, into: &$0, look) },
        { buffer in
          if let layer = model.layer {
            LayerPage(model: model, layer: layer).draw(in: rect, into: &buffer, look)
          }
        },
      ]
      for (number, view) in views.enumerated() {
        var buffer = CellBuffer(size: Size(columns: 80, rows: 32), filling: outside)
        view(&buffer)
        let spoilt = (0..<32).flatMap { row in (0..<80).map { Point(column: $0, row: row) } }
          .first { !rect.contains($0) && buffer[$0] != outside }
        #expect(spoilt == nil, "view \(number) in \(size)")
      }
    }
  }

  @Test(arguments: models.indices)
  func `the panels tile the screen at every size`(index: Int) {
    for columns in stride(from: 40, through: 260, by: 7) {
      for rows in stride(from: 12, through: 90, by: 3) {
        let body = ScreenLayout(Size(columns: columns, rows: rows)).body
        let rects = PanelLayout(model: Self.models[index]).places(in: body).map(\.rect)
        #expect(rects.map(\.size.area).reduce(0, +) == body.size.area, "\(columns)x\(rows)")
        for (number, rect) in rects.enumerated() where !rect.isEmpty {
          #expect(rect.intersection(body) == rect)
          #expect(rects.dropFirst(number + 1).allSatisfy { $0.intersection(rect).isEmpty })
        }
      }
    }
  }

  @Test
  func `the focused panel is always among those shown`() {
    for task in Tasks.all.map({ Tasks.model($0) }) + [Tasks.everything, Story.model(to: 200)] {
      var model = task
      for panel in model.panels {
        model.focus = panel
        for (columns, rows) in [
          (40, 12), (60, 20), (90, 14), (80, 24), (120, 36), (160, 30), (200, 60),
        ] {
          let body = ScreenLayout(Size(columns: columns, rows: rows)).body
          let places = PanelLayout(model: model).places(in: body)
          #expect(places.contains { $0.panel == panel && !$0.rect.isEmpty })
        }
      }
    }
  }

  @Test
  func `without colour and without Unicode every state is shown by words or glyphs`() {
    let theme = Theme.terminal.reduced(to: .monochrome)
    for glyphs in [GlyphSet.unicode, .ascii] {
      let on = Pictures.screen(Story.model(to: 800), 120, 36, theme: theme, glyphs: glyphs).text
      let off = Pictures.screen(Story.model(to: 1400), 120, 36, theme: theme, glyphs: glyphs).text
      #expect(on.contains("r 1.50 ON") && on.contains(" active") && on.contains("per step"))
      #expect(off.contains("r 1.50 OFF") && off.contains("off (observing)"))
      #expect(off.contains("exceeded") && off.contains("(") && off.contains("only counted"))
      #expect(on.contains("train") && on.contains("validation"))
      let hatched = String(Character(glyphs.hatchedBar))
      #expect(off.contains(String(repeating: hatched, count: 3)))
    }
  }

  @Test
  func `nothing a log says can reach the terminal as a command`() {
    let header = Story.header(names: ["\u{1B}[31mfc\u{9B}1"], name: "a\u{7}b", title: "t\u{202E}x")
    var model = Story.model(to: 100, names: ["\u{1B}[31mfc\u{9B}1"], header: header)
    model.press(.enter)
    for glyphs in [GlyphSet.unicode, .ascii] {
      let text = Pictures.screen(model, 120, 36, glyphs: glyphs).text
      #expect(
        text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
    }
  }

  @Test
  func `a debug build says so`() {
    let model = Story.model(to: 100, header: Story.header(build: "debug"))
    #expect(Pictures.screen(model, 120, 36).text.contains("debug build"))
    #expect(Pictures.screen(model, 80, 24).text.contains("debug build"))
  }

  @Test
  func `what a frame changes in steady state is little`() {
    var model = Story.model(to: 2000)
    let before = Pictures.screen(model, 120, 36)
    model.feed(Array(Story.records(to: 2010).suffix(1)), at: 100)
    let changed = Pictures.screen(model, 120, 36).changes(since: before).map(\.cells.count)
    #expect(changed.reduce(0, +) < 200)
  }

  @Test
  func `what the program takes of the machine stands in the header where there is room`() {
    var model = Fixture.model(.training)
    let header = { (model: DashboardModel, columns: Int) in
      Pictures.screen(model, columns, 40).lines[1]
    }
    #expect(!header(model, 200).contains("cpu"))
    let revision = model.revision
    _ = update(&model, .usage(ProcessUsage(processors: 0.97, memory: 33.4e6)))
    #expect(model.revision == revision)
    #expect(header(model, 200).contains("cpu  97 %  memory 33 MB"))
    #expect(!header(model, 80).contains("cpu"))
    _ = update(&model, .usage(ProcessUsage(processors: 1.99, memory: 2.34e9)))
    #expect(header(model, 200).contains("cpu 199 %  memory 2.3 GB"))
    model.feed([.event(EventRecord(step: 100, action: .pause))])
    #expect(!header(model, 200).contains("cpu"))
  }
}
