// What a task's records say on the screen: figures in words, names of layers, panels, pictures.
import PlainText
import RunHistory
import RunRecords
import TerminalUI
import TestSupport
import Testing

@testable import Dashboard

@Suite("Tasks")
struct TaskTests {
  private func text(_ model: DashboardModel, _ columns: Int = 120, _ rows: Int = 36) -> String {
    Pictures.screen(model, columns, rows).text
  }

  // MARK: Samples

  @Test
  func `which panels there are follows from the samples seen, whatever the experiment's name`() {
    var model = Fixture.model(.training)
    let always: [DashboardModel.PanelKind] = [.loss, .norms, .normsOverTime, .clipping, .gradient]
    let further: [DashboardModel.PanelKind] = [.metric, .learningRate, .clipRate]
    #expect(model.panels == always + further)
    model.feed([.sample(Tasks.confusions()), .sample(Tasks.text)])
    #expect(model.panels == always + [.text, .confusion] + further)
    model.feed([.sample(Tasks.segments(1)), .sample(Tasks.series()), .sample(Story.sample)])
    #expect(model.panels == always + [.table, .series, .text, .images, .confusion] + further)
    model.press("9")
    #expect(model.focus == .images)
    model.feed([.header(Fixture.header())])
    #expect(model.panels.count == 8 && model.focus == .loss)
  }

  @Test
  func `the newest sample of a kind and title is shown, and other kinds of that title too`() throws
  {
    var model = Fixture.model(.training)
    let sample = { (content: SampleRecord.Content) in
      Record.sample(SampleRecord(step: 1, title: "same", content: content))
    }
    model.feed([
      sample(.text("first words")), sample(.confusion(classes: ["a"], counts: [[3]])),
      sample(.text("second words")),
    ])
    let segment = try #require(model.segment)
    #expect(segment.samples(for: .text).map(\.content) == [.text("second words")])
    #expect(segment.samples(for: .confusion).count == 1)
    #expect(text(model).contains("second words") && !text(model).contains("first words"))
  }

  @Test
  func `at first the layer is selected that has a ceiling, after a restart the one that was`()
    throws
  {
    var header = try #require(Tasks.model(.language, to: 0).segment?.header)
    header.layers[0].maxNorm = nil
    var model = DashboardModel(source: .live, pace: 0)
    model.feed([.header(header)])
    #expect(model.selectedLayer == 1)
    model.press(.up)
    model.feed([.header(header)])
    #expect(model.selectedLayer == 0)
  }

  @Test
  func `a log with any number of titles is held within bounds`() {
    var model = Fixture.model(.training)
    model.feed(
      (0..<1000).map { .sample(SampleRecord(step: 1, title: "\($0)", content: .text("x"))) })
    #expect(model.segment?.samples.count == 32)
  }

  // MARK: Figures

  @Test
  func `figures of a task read as people write them`() {
    #expect(MetricName.words("validation_mean_iou") == "validation mean IoU")
    #expect(Wording.figure("validation_exact_match") == "exact match")
    #expect(Wording.figure("rmse") == "rmse" && Wording.figure("validation_") == "validation")
    #expect(Wording.value(0.713, of: "validation_mean_iou") == "71.3 %")
    #expect(Wording.value(0.35, of: "validation_rmse") == "0.35")
    #expect(Wording.steadyValue(1, of: "validation_exact_match") == " 100 %")
    #expect(Wording.steadyValue(nil, of: "validation_exact_match").count == 6)
    #expect(Wording.steadyValue(.nan, of: "validation_rmse") == "  NaN")
  }

  @Test
  func `a figure stands beside what needs no training, in the header and in the loss panel`() throws
  {
    let model = Tasks.model(.forecast)
    let figures = try #require(model.segment?.taskFigures)
    #expect(figures.map(\.name) == ["validation_rmse"])
    #expect(figures[0].baselines.map(\.name) == ["last value", "seasonal"])
    for columns in [80, 120] {
      let header = text(model, columns, columns == 80 ? 24 : 36).split(separator: "\n")[1]
      #expect(header.contains("rmse 0.570 · last value 0.38"))
    }
    #expect(text(model, 200, 60).contains("best rmse 0.57 at step 600"))
    #expect(text(model, 200, 60).contains("seasonal 0.412"))
  }

  @Test func `where the loss counts, a figure of the task leads, with what it compares to`() throws
  {
    var model = Tasks.model(.forecast)
    var header = try #require(model.segment?.header)
    let evaluation = try #require(model.segment?.evaluation)
    for (metric, start) in [
      ("validation_loss", " rmse 0.570 · last value 0.38"),
      ("validation_accuracy", " accuracy train"),
    ] {
      header.metric = metric
      model.feed([.header(header), .evaluation(evaluation)])
      for (columns, rows) in [(80, 24), (120, 36)] {
        let line = text(model, columns, rows).split(separator: "\n")[1]
        #expect(line.hasPrefix(start), "\(line)")
      }
    }
    #expect(text(model, 80, 24).contains("accuracy train"))
  }

  @Test
  func `a title is cut where a thought ends, never in a number, or else left out`() throws {
    var model = Tasks.model(.detection, to: 0)
    var header = try #require(model.segment?.header)
    header.name = "fashion"
    for (title, shown) in [
      (
        "Fashion-MNIST, 2,500 images, a small convolutional net",
        "fashion Fashion-MNIST, 2,500 images  "
      ),
      (
        "Discs, squares and triangles, pixel by pixel, a small U-Net, and what it tells",
        "fashion  "
      ),
    ] {
      header.title = title
      model.feed([.header(header)])
      let cut = [100, 120, 130, 140, 150].map { String(text(model, $0, 36).prefix { $0 != "\n" }) }
      #expect(cut.contains { $0.contains(shown) }, "\(cut)")
      #expect(cut.allSatisfy { !$0.contains("2  ") && !$0.contains("Discs  ") })
    }
  }

  @Test
  func `the figure that the header names comes first, the others by name, live and from a log`()
    throws
  {
    var model = Tasks.model(.segmentation)
    var evaluation = try #require(model.segment?.evaluation)
    evaluation.metrics += [
      .init(name: "validation_box_iou", value: 0.5), .init(name: "train_box_iou", value: 0.6),
      .init(name: "words", value: 3),
    ]
    var shown: [[TaskFigure]] = []
    for metrics in [evaluation.metrics, evaluation.metrics.reversed()] {
      evaluation.metrics = metrics
      model.feed([.evaluation(evaluation)])
      shown.append(model.segment?.taskFigures ?? [])
    }
    #expect(shown[0] == shown[1])
    #expect(
      shown[0].map(\.name) == [
        "validation_mean_iou", "validation_box_iou", "validation_pixel_accuracy", "words",
      ])
    #expect(shown[0][1].trainValue == 0.6)
  }

  @Test
  func `the best is kept by the figure that the header names, which way it improves`() {
    #expect(Tasks.model(.segmentation).segment?.best?.metric == "validation_mean_iou")
    #expect(Tasks.model(.language).segment?.best?.step == 600)
    #expect(text(Tasks.model(.language)).contains("best perplexity 18 at step 600"))
    #expect(text(Tasks.model(.segmentation), 200, 60).contains("best mean IoU 54.0 %"))
  }

  @Test
  func `a schedule's learning rate is the current one, in a fixed width`() {
    var model = Tasks.model(.language)
    for (index, rate) in ([0.05, 0.0123, 4e-5] as [Float]).enumerated() {
      var record = Fixture.step(700 + index * 10, rate: rate)
      record.layers = []
      model.feed([.step(record)])
      let line = text(model).split(separator: "\n")[1]
      let padded = NumberText.leading(Wording.short(rate), to: 7)
      #expect(
        line.contains("lr \(padded)  r 1.50") || line.contains("learning rate \(padded)  r 1.50"))
    }
  }

  // MARK: Layers

  @Test
  func `units are named in the words of the layer's kind`() {
    let wording = { (kind: String, tensor: String, axis: String) in
      LayerWording(
        layer: RunHeader.Layer.sample("l", kind, tensor, shape: [4, 4], axis: axis, ceiling: 1))
    }
    #expect(wording("dense", "weight", "incoming").axis[0] == "L2 of each unit's incoming weights")
    #expect(wording("conv2d", "weight", "incoming").axis[0] == "L2 of each filter's weights")
    #expect(wording("conv2d", "weight", "incoming").count(64) == "64 filters")
    #expect(wording("embedding", "weight", "incoming").count(1) == "1 vector")
    #expect(
      wording("lstm", "weight_ih_l0", "incoming").axis[0] == "L2 of each row of the input weights")
    #expect(
      wording("gru", "weight_hh_l1_reverse", "incoming").axis[0]
        == "L2 of each row of the recurrent weights")
    #expect(wording("rnn", "weight_hh_l0", "tensor").axis[0] == "L2 of the whole weight tensor")
    #expect(wording("", "", "").axis[0] == "L2 of each unit's weights")
    #expect(wording("dense", "weight", "\u{1B}x").axis == ["L2 along x"])
  }

  @Test
  func `the tensors of a recurrent layer stay apart in the narrowest column`() {
    let look = Appearance(theme: .terminal)
    let names = ["weight_ih_l0", "weight_hh_l0", "weight_ih_l0_reverse", "weight_hh_l0_reverse"]
    let layers = names.map { tensor in
      LayerState(.sample("lstm." + tensor, "lstm", tensor, shape: [4, 4], ceiling: 1))
    }
    for columns in 6...30 {
      let shown = layers.map { look.name(of: $0, to: columns) }
      #expect(Set(shown).count == 4, "\(columns)")
      #expect(shown.allSatisfy { DisplayWidth.of($0) <= columns })
    }
    #expect(look.name(of: layers[3], to: 30) == "lstm.weight_hh_l0_reverse")
    #expect(look.name(of: layers[3], to: 15) == "lstm.hh_l0_rev")
    // An encoder and a decoder have tensors of the same names.
    for (layer, shown) in [("encoder", "en…ih0"), ("decoder", "de…ih0"), ("lstm", "ls…ih0")] {
      var header = layers[0].header
      header.name = layer + ".weight_ih_l0"
      #expect(look.name(of: LayerState(header), to: 6) == shown)
    }
  }

  @Test
  func `totals that have no room in full are shortened, never cut`() throws {
    var model = Fixture.model(.training)
    var step = try #require(model.segment?.latest)
    for index in step.layers.indices { step.layers[index].clippedTotal = 1_060_663 }
    model.feed([.step(step)])
    #expect(text(model, 80, 24).contains("1.06M") && !text(model, 80, 24).contains("1 060"))
    #expect(text(model, 200, 60).contains("1 060 663"))
  }

  // MARK: Gradients

  @Test
  func `gradients stand on the screen without a key where they are clipped or recurrent`() {
    let shows = { (model: DashboardModel) in
      PanelLayout(model: model).places(in: ScreenLayout(Size(columns: 120, rows: 36)).body)
        .contains { $0.panel == .gradient }
    }
    #expect(shows(Tasks.model(.language)) && shows(Tasks.model(.forecast)))
    #expect(!shows(Tasks.model(.segmentation)))
    let screen = text(Tasks.model(.language), 200, 60)
    #expect(screen.contains("clipped at 2") && screen.contains("logarithmic"))
    #expect(!text(Tasks.model(.forecast), 200, 60).contains("mean and largest · logarithmic"))
  }

  // MARK: Confusions

  @Test
  func `counts give recalls and the largest confusions, whatever the log holds`() throws {
    let counts = try #require(ConfusionCounts(Tasks.confusions().content))
    #expect(counts.recall(0).map { $0 > 0.8 && $0 < 1 } == true)
    let largest = counts.largest(3)
    #expect(largest.map(\.count) == largest.map(\.count).sorted(by: >) && largest.count == 2)
    let odd = try #require(
      ConfusionCounts(.confusion(classes: ["a", "b"], counts: [[.min, .max], []])))
    #expect(odd.recall(1) == nil && odd.largest(9).map(\.count) == [.max] && odd.accuracy == 0)
    #expect(ConfusionCounts(.text("")) == nil)
  }

  @Test
  func `classes that begin alike are distinguished by what follows, across and down`() {
    var model = Tasks.model(.classification)
    model.feed([.sample(Tasks.confusions((1...9).map { "speaker \($0)" }))])
    model.press("7")
    let screen = text(model)
    #expect(
      screen.contains("truth      1  2  3  4  5  6  7  8  9")
        || screen.contains(" 1  2  3  4  5  6  7  8  9"))
    #expect(screen.contains("speaker 9") && screen.contains("taken for"))
  }

  @Test
  func `confusions wait for a key where they would take the place of the norms over time`() {
    var model = Tasks.model(.classification, to: 300)
    model.feed([.header(Fixture.header()), .sample(Tasks.confusions())])
    for (columns, rows) in [(80, 24), (120, 36), (180, 30)] {
      #expect(text(model, columns, rows).contains("norms over time"))
      #expect(!text(model, columns, rows).contains("confusions"))
    }
    let large = text(model, 200, 60)
    #expect(large.contains("norms over time") && large.contains("confusions"))
    model.press("6")
    #expect(text(model, 80, 24).contains("confusions"))
  }

  // MARK: Pictures

  @Test
  func `pictures are as many and as large as can be made out`() {
    for samples in 1...12 {
      for columns in stride(from: 1, through: 160, by: 9) {
        for rows in stride(from: 1, through: 60, by: 7) {
          let size = Size(columns: columns, rows: rows)
          let grid = ImageGrid(
            samples: samples, pictures: 3, width: 32, height: 24, captionRows: 1, in: size)
          guard grid.shown > 0 else { continue }
          #expect(grid.shown <= samples && grid.columns * grid.rows >= grid.shown)
          let area = Rect(origin: Point(column: 3, row: 2), size: size)
          let places = (0..<grid.shown).map { grid.place(of: $0, in: area) }
          #expect(
            places.allSatisfy {
              $0.size == Size(columns: grid.sampleColumns, rows: grid.sampleRows)
            })
          for (index, place) in places.enumerated() {
            #expect(places.dropFirst(index + 1).allSatisfy { $0.intersection(place).isEmpty })
          }
        }
      }
    }
    let large = ImageGrid(
      samples: 1, pictures: 1, width: 8, height: 8, captionRows: 0,
      in: Size(columns: 80, rows: 40))
    #expect(large.pixelColumns == 32 && large.pixelRows == 32)
  }

  @Test
  func `classes have distinct letters, and the background has none`() {
    let letters = ClassLetters(["background", "disc", "Dash", "1", "漢", "disc"])
    #expect((0..<6).map { letters[$0] } == [".", "d", "a", "1", "b", "i"])
    #expect(letters[99] == "?")
    #expect(Set((1...6).map(ClassLetters.role)).count == 6)
  }

  @Test
  func `boxes are distinguishable without colour, and labels by a mark`() {
    for (glyphs, mark) in [(GlyphSet.unicode, "✗"), (.ascii, "x")] {
      let theme = Theme.terminal.reduced(to: .monochrome)
      let screen = Pictures.screen(
        Tasks.model(.detection), 120, 36, theme: theme, glyphs: glyphs
      ).text
      #expect(screen.contains("t box: truth") && screen.contains("p dashed: prediction"))
      #expect(screen.contains("\(mark) square") && screen.contains("3 of 4 right"))
    }
  }
}
