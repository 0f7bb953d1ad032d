// Runs of other programs on the screen: what is unknown is not told as 0, what is told has a panel.
import RunHistory
import RunRecords
import TerminalUI
import TestSupport
import Testing

@testable import Dashboard

@Suite("Runs of other programs")
struct ForeignRunTests {
  private static let sizes = [(80, 24), (120, 36), (200, 60)]

  private func header(_ model: DashboardModel, columns: Int = 120) -> String {
    Pictures.screen(model, columns, 36).lines.prefix(2).joined(separator: "\n")
  }

  @Test(arguments: sizes)
  func `a run that tells its loss alone has the whole screen for it`(columns: Int, rows: Int) throws
  {
    let model = Foreign.lossOnly()
    #expect(model.panels == [.loss])
    try Pictures.compare(model, columns, rows, with: "foreign-loss")
  }

  @Test func `without a planned end the header tells steps a second and the time that has passed`()
  {
    let text = header(Foreign.metrics())
    #expect(text.contains("step 600") && text.contains("8 steps/s") && text.contains("ran 1:15"))
    for word in ["%", "left", "examples/s", "train -", "validation", "no ceiling", "gradient"] {
      #expect(!text.contains(word), "\(word) in \(text)")
    }
    #expect(text.contains("loss 0.5"))
  }

  @Test func `an unknown batch is no 0 examples a second, also where the end is known`() {
    var model = Foreign.model([.header(Foreign.header { $0.totalSteps = 1200 })])
    model.feed(Foreign.records(to: 600))
    let text = header(model, columns: 200)
    #expect(text.contains("50 %") && text.contains("8 steps/s") && !text.contains("examples/s"))
  }

  @Test func `of training and validation only what evaluations tell is in the header`() {
    var model = Foreign.lossOnly()
    model.feed([.evaluation(EvaluationRecord(490) { $0.validationLoss = 0.75 })])
    let text = header(model)
    #expect(text.contains("validation 0.750") && text.contains("loss batch 0.002"))
    #expect(!text.contains("train -"))
    model.feed([.evaluation(EvaluationRecord(490) { $0.trainLoss = 0.5 })])
    #expect(header(model).contains("train 0.500"))
  }

  @Test func `a panel comes with the first record that has something for it, and the focus stays`()
  {
    var model = Foreign.model([.header(Foreign.header())])
    #expect(model.panels == [.loss, .gradient, .learningRate])
    model.press("2")
    #expect(model.focus == .gradient)
    model.feed([.step(StepRecord(1) { $0.loss = 1 })])
    #expect(model.panels == [.loss] && model.focus == .loss)
    model.feed([.step(StepRecord(2) { ($0.gradientNorm, $0.learningRate) = (1, 0.1) })])
    #expect(model.panels == [.loss, .gradient, .learningRate])
    model.feed([.evaluation(EvaluationRecord(2) { $0.metrics = [Metric(name: "f1", value: 0.5)] })])
    #expect(model.panels.last == .metrics)
  }

  @Test func `a layout of norms is passed over where there is no layer`() {
    var model = Foreign.lossOnly()
    model.layout.preset = .norms
    #expect(model.arrangedPanels == [.loss])
    model.layout.preset = .loss
    model.press("p")
    #expect(model.layout.preset == .everything)
  }

  @Test(arguments: LayoutState.Preset.allCases)
  func `at every size panels use each cell once`(preset: LayoutState.Preset) {
    let layer = RunHeader.Layer.sample("fc", shape: [4, 4], ceiling: 1)
    for var model in [Foreign.lossOnly(), Foreign.metrics(), Foreign.metrics(layers: [layer])] {
      model.layout.preset = preset
      for (columns, rows) in LayoutTests.sizes {
        model.resize(columns, rows)
        let body = ScreenLayout(model.size).body
        for focus in model.arrangedPanels {
          model.focus = focus
          let places = PanelLayout(model: model).places(in: body)
          let figures = PanelLayout(model: model).figures(in: body)
          let area = places.map(\.rect.size.area).reduce(figures.size.area, +)
          #expect(area == body.size.area, "\(preset) \(focus) \(columns)x\(rows)")
          #expect(places.contains { $0.panel == focus })
        }
      }
    }
  }

  @Test func `zeros in a header hold no mark back and part no step`() throws {
    let segment = try #require(Foreign.metrics().segment)
    #expect(segment.loss.raw.whole.count == 60 && segment.progress == nil)
  }
}
