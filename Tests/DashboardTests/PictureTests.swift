// The screen as pictures: the empty state first, then the story, then what goes wrong.
import RunRecords
import Testing
import TerminalUI

@testable import Dashboard

@Suite("Pictures of the screen")
struct PictureTests {
  @Test
  func `before the first record there is a complete frame`() throws {
    try Pictures.compare(Fixture.model(.empty), 80, 24, with: "empty")
    try Pictures.compare(Fixture.model(.empty), 120, 36, .body, with: "empty")
  }

  @Test
  func `one point is seen`() throws {
    try Pictures.compare(Fixture.model(.training), 80, 24, .body, with: "one-point")
  }

  @Test(arguments: [(80, 24), (120, 36), (200, 60), (60, 20), (40, 12)])
  func `the whole story`(columns: Int, rows: Int) throws {
    try Pictures.compare(Story.model(to: 2000), columns, rows, with: "story")
  }

  @Test(arguments: [(80, 24), (120, 36)])
  func `while the constraint is off, counts are drawn in another style`(columns: Int, rows: Int)
    throws
  {
    try Pictures.compare(
      Story.model(to: 1400), columns, rows, .header, .panels(.norms, .clipping), with: "off")
  }

  @Test
  func `a run that diverged says where`() throws {
    var model = Story.model(to: 700)
    var record = Fixture.step(710, loss: .nan)
    record.gradientNorm = .infinity
    for index in record.layers.indices { record.layers[index].normMax = .nan }
    model.feed([
      .step(record),
      .evaluation(
        EvaluationRecord(710) {
          $0.epoch = 36
          $0.trainLoss = .nan
          $0.trainAccuracy = 0.1
          $0.validationLoss = .infinity
          $0.validationAccuracy = 0.1
        }),
      Story.end(.diverged, step: 710),
    ])
    try Pictures.compare(model, 120, 36, with: "diverged")
  }

  @Test
  func `a finished run stays on the screen`() throws {
    var model = Story.model(to: 3000)
    model.feed([Story.end(.finished, step: 3000)])
    try Pictures.compare(model, 80, 24, with: "finished")
  }

  @Test
  func `without Unicode everything is ASCII`() throws {
    let model = Story.model(to: 1400)
    try Pictures.compare(model, 120, 36, with: "ascii", glyphs: .ascii)
    let screen = Pictures.screen(model, 120, 36, glyphs: .ascii)
    #expect(screen.text.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test
  func `a layer's own page`() throws {
    var model = Story.model(to: 1400)
    model.press(.enter)
    try Pictures.compare(model, 120, 36, with: "layer")
    try Pictures.compare(model, 80, 24, .body, with: "layer")
    try Pictures.compare(model, 60, 20, .body, with: "layer")
  }

  @Test
  func `the help lies over all`() throws {
    var model = Story.model(to: 600)
    model.press("?")
    try Pictures.compare(model, 80, 24, with: "help")
    try Pictures.compare(model, 120, 60, .help, with: "help")
  }

  @Test
  func `questions stand in the middle`() throws {
    var model = Story.model(to: 600)
    model.press("q")
    try Pictures.compare(model, 80, 24, with: "quit")
    model.press("n")
    model.press("r")
    try Pictures.compare(model, 80, 24, .dialog, with: "restart")
  }

  @Test(arguments: [(80, 24), (120, 36)])
  func `a sample is shown at the top right`(columns: Int, rows: Int) throws {
    var model = Story.model(to: 600, names: ["fc"])
    model.feed([.sample(Story.sample)])
    try Pictures.compare(model, columns, rows, .panels(.table), with: "sample")
  }

  @Test
  func `sixty layers are scrolled`() throws {
    var model = Story.model(to: 300, names: (1...60).map { "encoder_block\($0)" })
    for _ in 0..<30 { model.press(.down) }
    try Pictures.compare(model, 120, 36, .panels(.norms, .clipping), with: "many-layers")
  }

  @Test
  func `long and wide names are cut, not the figures`() throws {
    let names = ["畳み込み層の重み行列", "a_very_long_name_for_a_layer_of_weights", "out"]
    let header = Story.header(
      names: names, name: "手書き数字", title: "とても長い題名、小さなデータ、雑音の多い\u{1B}[31mラベル")
    try Pictures.compare(
      Story.model(to: 600, names: names, header: header), 120, 36, .header,
      .panels(.norms, .normsOverTime, .clipping), with: "names")
  }

  @Test(arguments: [(80, 24), (120, 36)])
  func `wide, combining and hostile names of figures in header, legend and captions`(
    columns: Int, rows: Int
  ) throws {
    let figure = "validation_誤差e\u{301}\u{1B}[31m"
    var header = Story.header(name: "e\u{301}tude手", title: "題e\u{301}\u{1B}[31m、続き")
    header.metric = figure
    header.goal = .minimize
    var model = DashboardModel(source: .live, pace: 200)
    model.feed([.header(header)])
    for record in Story.records(to: 800) {
      guard case .evaluation(var evaluation) = record else {
        model.feed([record])
        continue
      }
      evaluation.metrics = [
        .init(name: figure, value: evaluation.validationLoss ?? .nan),
        .init(name: "昨日の値\u{202E}" + figure.dropFirst("validation".count), value: 1.2),
      ]
      model.feed([.evaluation(evaluation)])
    }
    try Pictures.compare(model, columns, rows, .header, .charts, with: "names-figures")
    let text = Pictures.screen(model, columns, rows).text
    #expect(text.contains("誤差") && !text.contains("\u{1B}") && !text.contains("\u{202E}"))
  }

  @Test
  func `a terminal too small says what it has and what is needed`() throws {
    try Pictures.compare(Story.model(to: 300), 30, 8, with: "too-small")
    try Pictures.compare(Story.model(to: 300), 12, 2, with: "too-small")
  }
}
