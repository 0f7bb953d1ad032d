// Hundreds of layers: folded by block, opened by key and mouse, searched, and named without what all share.
import RunHistory
import RunRecords
import TerminalUI
import TestSupport
import Testing

@testable import Dashboard

@Suite("Folding of layers")
struct FoldingTests {
  private static let parts = [
    "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj",
    "mlp.up_proj", "mlp.down_proj",
  ]

  /// The layers of a transformer of `blocks` blocks.
  static func layers(blocks: Int) -> [RunHeader.Layer] {
    let inBlocks = (0..<blocks).flatMap { block in
      parts.map { "model.layers.\(block).\($0).weight" }
    }
    return (["model.embed_tokens.weight"] + inBlocks + ["model.lm_head.weight"]).map {
      RunHeader.Layer.sample($0, "linear", shape: [4096, 1024], ceiling: 1)
    }
  }

  static func model(blocks: Int = 32) -> DashboardModel {
    let layers = layers(blocks: blocks)
    var model = Foreign.metrics(layers: layers)
    model.feed([
      .step(
        StepRecord(610) { record in
          (record.steps, record.loss) = (10, 0.5)
          record.constraint = .init(enabled: true, maxNorm: 1)
          record.layers = layers.enumerated().map { index, layer in
            StepRecord.Layer(layer.name, maxNorm: 1) {
              let norm = 0.6 + Float(index * 37 % 41) / 100
              ($0.normMin, $0.normP25, $0.normMedian) = (0.2, norm - 0.2, norm - 0.1)
              ($0.normP75, $0.normMax, $0.atCeiling) = (norm - 0.05, norm, norm >= 1 ? 37 : 0)
              ($0.exceeded, $0.clipped, $0.clippedTotal) = (40, 40, index * 100)
            }
          }
        })
    ])
    model.press("2")
    return model
  }

  private func names(_ model: DashboardModel) -> [String] {
    guard let segment = model.segment else { return [] }
    return model.layerRows.rows.map { row in
      switch row {
      case .layer(let index): segment.layers[index].shownName
      case .block(let index): "+" + segment.blocks[index].name
      }
    }
  }

  @Test(arguments: [(80, 24), (120, 36), (200, 60)])
  func `226 layers, folded and with a block open`(columns: Int, rows: Int) throws {
    var model = Self.model()
    for _ in 0..<8 { model.press(.down) }
    try Pictures.compare(model, columns, rows, with: "folded")
    model.press(.enter)
    for _ in 0..<3 { model.press(.down) }
    try Pictures.compare(model, columns, rows, with: "unfolded")
    for key in "/mlp 7" { model.press(key) }
    try Pictures.compare(model, columns, rows, with: "searched")
  }

  @Test func `enter and b open and close the chosen block, B all of them`() {
    var model = Self.model()
    #expect(model.layerRows.rows.count == 34)
    #expect(names(model).prefix(3) == ["embed_tokens", "+layers.0", "+layers.1"])
    model.press("b")
    #expect(model.refused == "this layer is in no block")
    model.press(.down)
    #expect(model.isOnBlock && model.layer?.name == "model.layers.0.self_attn.q_proj.weight")
    #expect(model.footer.contains { $0.label == "open" })
    model.press(.enter)
    #expect(!model.isDetailOpen && model.layerRows.rows.count == 41 && model.isOnBlock)
    #expect(model.footer.contains { $0.label == "close" })
    for _ in 0..<3 { model.press(.down) }
    #expect(!model.isOnBlock && model.layer?.name == "model.layers.0.self_attn.v_proj.weight")
    model.press(.enter)
    #expect(model.isDetailOpen)
    model.press(.escape)
    model.press("b")
    #expect(model.layerRows.rows.count == 34 && model.isOnBlock && model.selectedRow == 1)
    model.press("B")
    #expect(model.layerRows.rows.count == 226 + 32)
    model.press("B")
    #expect(model.layerRows.rows.count == 34)
    model.press(.end)
    #expect(model.layer?.name == "model.lm_head.weight")
  }

  @Test func `a search shows the layers it finds, wherever they are, and blocks again after it`() {
    var model = Self.model()
    for key in "/q_proj 31" { model.press(key) }
    #expect(names(model) == ["layers.31.self_attn.q_proj"])
    model.press(.enter)
    model.press("b")
    #expect(model.refused?.contains("esc") == true)
    model.press(.escape)
    #expect(model.layerRows.rows.count == 34 && model.isOnBlock)
    #expect(names(model)[model.selectedRow] == "+layers.31")
  }

  @Test func `on a layer's page the keys go through all layers, under their full names`() {
    var model = Self.model()
    model.press(.enter)
    model.press(.down)
    model.press(.down)
    #expect(model.layer?.name == "model.layers.0.self_attn.k_proj.weight")
    #expect(
      Pictures.screen(model, 120, 36).text.contains("model.layers.0.self_attn.k_proj.weight"))
    model.press(.escape)
    #expect(names(model)[model.selectedRow] == "+layers.0")
  }

  @Test func `a click chooses a block, a second one opens it, the wheel scrolls`() throws {
    var model = Self.model()
    model.resize(120, 36)
    let points = (0..<36).map { Point(column: 90, row: $0) }
    let place = try #require(points.first { model.target(at: $0) == .block(1, in: .norms) })
    _ = update(&model, .mouse(MouseEvent(.press, at: place), time: 0))
    #expect(model.isOnBlock && model.selectedBlock == 1 && model.layerRows.rows.count == 34)
    let again = try #require(points.first { model.target(at: $0) == .block(1, in: .norms) })
    _ = update(&model, .mouse(MouseEvent(.press, at: again), time: 0))
    #expect(model.layerRows.rows.count == 41)
    _ = update(&model, .mouse(MouseEvent(.wheelDown, at: again), time: 0))
    #expect(model.layer?.block?.name == "self_attn.q_proj" && !model.isOnBlock)
  }

  @Test func `what was opened outlives a restart, and no block is left out of the list`() {
    var model = Self.model(blocks: 4)
    model.press(.down)
    model.press("b")
    #expect(model.layerRows.rows.count == 2 + 4 + 7)
    model.feed([.header(Foreign.header(layers: Self.layers(blocks: 3)))])
    #expect(model.layerRows.rows.count == 2 + 3 + 7)
    model.feed([.header(Foreign.header(layers: [RunHeader.Layer.sample("fc", shape: [3, 3])]))])
    #expect(model.layerRows.rows == [.layer(0)] && !model.isOnBlock)
    model.press("b")
    #expect(model.refused?.hasPrefix("no blocks") == true)
  }

  @Test func `numbers stand though names are cut`() {
    let model = Self.model()
    let look = Appearance(theme: .terminal, glyphs: .unicode)
    for layer in model.segment?.layers ?? [] {
      guard let block = layer.block else { continue }
      for columns in 9...40 {
        #expect(look.name(of: layer, to: columns).contains("\(block.index)"), "\(columns)")
        for form in [LayerNameForm.inBlock, .short] {
          #expect(DisplayWidth.of(look.name(of: layer, to: columns, as: form)) <= columns)
        }
      }
    }
  }

  @Test func `keys of blocks yield to what a user has given them to`() throws {
    let keys = try KeyMap([("constraint", ["b"]), ("theme", ["B"])])
    #expect(keys.action(of: .character("b"), on: .main) == .constraint)
    #expect(keys.action(of: .character("B"), on: .main) == .theme)
    #expect(!keys.bindings.contains { $0.action == .block || $0.action == .allBlocks })
    let own = try KeyMap([("block", ["F2"])])
    #expect(own.action(of: .function(2), on: .main) == .block)
  }
}
