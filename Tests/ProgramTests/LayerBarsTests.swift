// The bars of layers on the normal screen when the dashboard is left.
import RunHistory
import RunRecords
import TerminalUI
import Testing

@testable import maxnorm

@Suite("Bars of layers")
struct LayerBarsTests {
  private func layer(_ name: String, r: Float?, norm: Float, held: Int, clipped: Int) -> LayerState
  {
    var layer = LayerState(RunHeader.Layer(name, maxNorm: r) { $0.units = 4 })
    layer.latest = StepRecord.Layer(name, maxNorm: r) {
      ($0.normMin, $0.normMax) = (0.1, norm)
      ($0.atCeiling, $0.clippedTotal) = (held, clipped)
    }
    return layer
  }

  @Test func `norms are measured against the largest of all, clips as a share of all updates`() {
    let layers = [
      layer("fc1", r: 2, norm: 2, held: 3, clipped: 100),
      layer("fc2", r: nil, norm: 1, held: 0, clipped: 0),
    ]
    let lines = LayerBars(layers, steps: 50).lines(.unicode)
    #expect(
      lines == [
        "  layer            largest norm              at the ceiling  updates clipped",
        "  fc1              ██████████████████  2.00  3 of 4          █████       50.0 %",
        "  fc2              █████████           1.00",
      ])
  }

  @Test func `in ASCII there are bars too, and without a ceiling norms alone`() {
    let lines = LayerBars([layer("fc2", r: nil, norm: 1, held: 0, clipped: 0)], steps: 5)
      .lines(.ascii)
    #expect(
      lines == ["  layer            largest norm", "  fc2              ##################  1.00"])
  }

  @Test func `what is not finite has no bar, and layers that no record told of no line`() {
    let broken = layer("fc1", r: 2, norm: .infinity, held: 0, clipped: 0)
    let lines = LayerBars([broken, LayerState(RunHeader.Layer("fc2"))], steps: 0).lines(.unicode)
    #expect(lines.count == 2)
    #expect(lines[1].contains("fc1") && !lines[1].contains("█"))
    #expect(LayerBars([], steps: 0).lines(.unicode).isEmpty)
  }

  @Test func `every line fits into 80 columns`() {
    let name = String(repeating: "encoder.", count: 9)
    let lines = LayerBars([layer(name, r: 1000, norm: 999, held: 4, clipped: 40)], steps: 10)
      .lines(.unicode)
    for line in lines { #expect(DisplayWidth.of(line) <= 80, "\(line)") }
  }
}
