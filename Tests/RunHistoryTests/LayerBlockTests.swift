// Blocks of layers: found by the numbers in names, with what there is to say of each in a line.
import RunRecords
import Testing

@testable import RunHistory

@Suite struct LayerBlockTests {
  private static let parts = [
    "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj",
    "mlp.up_proj", "mlp.down_proj",
  ]

  /// A transformer of `blocks` blocks, as PyTorch names its parameters.
  static func names(blocks: Int) -> [String] {
    let inBlocks = (0..<blocks).flatMap { block in parts.map { "model.layers.\(block).\($0)" } }
    return ["model.embed_tokens"] + inBlocks + ["lm_head"]
  }

  private func header(_ names: [String]) -> RunHeader {
    RunHeader("x") {
      $0.layers = names.map { name in RunHeader.Layer(name, maxNorm: 1) { $0.units = 10 } }
    }
  }

  @Test func `layers fold by the first number in their names, others stay by themselves`() {
    let segment = RunSegment(header(Self.names(blocks: 32)))
    #expect(segment.layers.count == 226 && segment.blocks.count == 32)
    #expect(segment.blocks[7].name == "layers.7" && segment.blocks[7].layers == Array(50...56))
    #expect(
      segment.layers[56].block == .init(index: 7, name: "mlp.down_proj", shortName: "down_proj"))
    #expect(segment.layers[56].shownName == "layers.7.mlp.down_proj")
    #expect(segment.layers[0].block == nil && segment.layers[0].shownName == "embed_tokens")
  }

  @Test func `a tensor's name that is the same in all goes, one that is not stays`() {
    let names = Self.names(blocks: 2).map { $0 + ".weight" }
    let segment = RunSegment(header(names))
    #expect(segment.layers[1].shownName == "layers.0.self_attn.q_proj")
    #expect(segment.layers[1].shorterNames.last == "0.q_proj")
    #expect(segment.layers[1].name == "model.layers.0.self_attn.q_proj.weight")
    var mixed = names
    mixed[0] = "model.embed_tokens.table"
    #expect(RunSegment(header(mixed)).layers[1].shownName.hasSuffix("self_attn.q_proj.weight"))
  }

  @Test func `a number never goes, though all names have it in front`() {
    let names = Self.parts.map { "model.layers.7.\($0)" }
    let segment = RunSegment(header(names))
    #expect(segment.layers[0].shownName == "7.self_attn.q_proj")
    #expect(
      segment.layers.allSatisfy { layer in layer.shorterNames.allSatisfy { $0.contains("7") } })
  }

  @Test func `numbers behind a name make blocks too, as other frameworks write them`() {
    let names = (0..<4).flatMap { block in
      ["attention.query", "attention.key", "dense", "out"].map { "encoder.block_\(block).\($0)" }
    }
    let segment = RunSegment(header(names))
    #expect(segment.blocks.map(\.name) == ["block_0", "block_1", "block_2", "block_3"])
    #expect(segment.layers[5].block?.name == "attention.key")
  }

  @Test func `few layers, layers without paths, and blocks of one layer do not fold`() {
    #expect(RunSegment(header(Array(Self.names(blocks: 2).prefix(15)))).blocks.isEmpty)
    #expect(RunSegment(header((0..<60).map { "block\($0)" })).blocks.isEmpty)
    #expect(RunSegment(header((0..<60).map(String.init))).blocks.isEmpty)
    #expect(RunSegment(header((0..<60).map { "layers.\($0).fc" })).blocks.isEmpty)
  }

  @Test func `a block tells its units at the ceiling, its largest norm and its counts`() {
    var segment = RunSegment(header(Self.names(blocks: 3)))
    #expect(
      segment.summary(of: segment.blocks[1])
        == {
          var summary = LayerBlockSummary()
          summary.units = 70
          return summary
        }())
    segment.apply(
      Record.step(
        StepRecord(10) { record in
          record.steps = 5
          record.layers = segment.blocks[1].layers.map { index in
            StepRecord.Layer(segment.layers[index].name, maxNorm: 1) {
              ($0.atCeiling, $0.normMax) = (index == 8 ? nil : 2, Float(index) / 10)
              ($0.exceeded, $0.clipped, $0.clippedTotal) = (10, 5, 100)
            }
          }
        }))
    let summary = segment.summary(of: segment.blocks[1])
    #expect(summary.atCeiling == 12 && summary.countedUnits == 60 && summary.shareAtCeiling == 0.2)
    #expect(summary.largest == 1.4 && summary.clippedTotal == 700)
    #expect(summary.clippedPerStep == 7 && summary.exceededPerStep == 14)
    #expect(segment.summary(of: segment.blocks[0]).atCeiling == nil)
  }
}
