// Pictures of the presets, and of a panel that has the whole screen.
import RunRecords
import TerminalUI
import Testing

@testable import Dashboard

@Suite("Pictures of layouts")
struct LayoutPictureTests {
  static let sizes = [(80, 24), (120, 36), (200, 60)]

  private func model(_ preset: LayoutState.Preset) -> DashboardModel {
    var model = Story.model(to: 2000)
    model.layout.preset = preset
    if let first = model.arrangedPanels.first { model.focus = first }
    return model
  }

  @Test
  func `whole screens of presets, and the standard layout on a very large screen`() throws {
    try Pictures.compare(model(.everything), 200, 60, with: "preset-everything")
    try Pictures.compare(model(.presentation), 120, 36, with: "preset-presentation")
    try Pictures.compare(Story.model(to: 2000), 300, 90, with: "story")
  }

  @Test(arguments: sizes)
  func `the losses alone`(columns: Int, rows: Int) throws {
    try Pictures.compare(model(.loss), columns, rows, .body, with: "preset-loss")
  }

  @Test(arguments: sizes)
  func `the norms alone`(columns: Int, rows: Int) throws {
    try Pictures.compare(model(.norms), columns, rows, .body, with: "preset-norms")
  }

  @Test(arguments: [(80, 24), (120, 36), (300, 90)])
  func `everything`(columns: Int, rows: Int) throws {
    try Pictures.compare(model(.everything), columns, rows, .body, with: "preset-everything")
  }

  @Test(arguments: [(120, 36)])
  func `everything of a task with pictures`(columns: Int, rows: Int) throws {
    var model = Tasks.model(.segmentation)
    model.layout.preset = .everything
    try Pictures.compare(model, columns, rows, .body, with: "preset-everything-task")
  }

  @Test(arguments: [(60, 30), (80, 24), (200, 60), (300, 90)])
  func `the presentation`(columns: Int, rows: Int) throws {
    try Pictures.compare(model(.presentation), columns, rows, .body, with: "preset-presentation")
  }

  @Test
  func `the presentation in ASCII, before the first record, and after a divergence`() throws {
    try Pictures.compare(
      model(.presentation), 80, 24, .body, with: "preset-presentation-ascii", glyphs: .ascii)
    var model = Fixture.model(.empty)
    model.layout.preset = .presentation
    try Pictures.compare(model, 80, 24, .body, with: "preset-presentation-empty")
    model = Fixture.model(.diverged)
    model.layout.preset = .presentation
    model.feed([
      .evaluation(
        EvaluationRecord(110) {
          $0.epoch = 11
          $0.trainLoss = .nan
          $0.trainAccuracy = 0.1
          $0.validationLoss = .infinity
          $0.validationAccuracy = 0.1
        })
    ])
    try Pictures.compare(model, 80, 24, .body, with: "preset-presentation-diverged")
  }

  @Test(arguments: [(120, 36)])
  func `sixty layers among the norms alone`(columns: Int, rows: Int) throws {
    var model = Story.model(to: 300, names: (1...60).map { "encoder_block\($0)" })
    model.layout.preset = .norms
    model.focus = .norms
    model.selectedLayer = 40
    try Pictures.compare(
      model, columns, rows, .panels(.norms, .normsOverTime), with: "preset-norms-many-layers")
  }

  @Test(arguments: sizes)
  func `the norms have the whole screen`(columns: Int, rows: Int) throws {
    var model = Story.model(to: 2000)
    model.press("2")
    model.press("z")
    model.notice = nil
    try Pictures.compare(model, columns, rows, .focus, with: "large-norms")
  }

  @Test(arguments: [(120, 36)])
  func `clipping and the metric have the whole screen`(columns: Int, rows: Int) throws {
    var model = Story.model(to: 2000)
    model.layout.isMaximized = true
    model.focus = .clipping
    try Pictures.compare(model, columns, rows, .focus, with: "large-clipping")
    model.focus = .metric
    try Pictures.compare(model, columns, rows, .focus, with: "large-metric")
  }

  @Test(arguments: [(80, 24)])
  func `the border far to the left`(columns: Int, rows: Int) throws {
    var model = Story.model(to: 2000)
    model.layout.split = 0.3
    try Pictures.compare(model, columns, rows, .body, with: "border-left")
  }
}
