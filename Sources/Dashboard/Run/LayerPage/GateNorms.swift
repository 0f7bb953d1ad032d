// The norms of a recurrent layer by gate: PyTorch stacks the gates' rows one below the other.
import RunHistory
import RunRecords

/// The norms of the rows that belong to one gate.
package struct GateNorms: Sendable, Equatable {
  /// "input", "forget": what the gate does.
  package var name: String
  /// The letter that PyTorch has for it.
  package var letter: String
  package var minimum, lowerQuartile, median, upperQuartile, maximum: Float
  package var units: Int
  /// Rows at the ceiling.
  package var atCeiling: Int

  /// The gates of a kind of layer, in PyTorch's order.
  private static func gates(of kind: String) -> [(letter: String, name: String)] {
    switch kind {
    case "lstm": [("i", "input"), ("f", "forget"), ("g", "cell"), ("o", "output")]
    case "gru": [("r", "reset"), ("z", "update"), ("n", "new")]
    default: []
    }
  }

  /// Whether the layer's rows are those of gates.
  static func hasGates(_ header: RunHeader.Layer) -> Bool {
    let count = gates(of: header.kind).count
    guard count > 0, header.axis == "incoming", let units = header.units else { return false }
    return units >= count && units % count == 0
  }

  /// The gates of a layer with its latest norms; empty for a layer without gates.
  static func of(_ layer: LayerState) -> [GateNorms] {
    let gates = gates(of: layer.header.kind)
    guard hasGates(layer.header), layer.norms.count == layer.units else { return [] }
    let rows = layer.units / gates.count
    return gates.enumerated().map { index, gate in
      var norms = Array(layer.norms[index * rows..<(index + 1) * rows])
      Quantile.sort(&norms)
      let limit = layer.ceiling.map(layer.band.lower) ?? .infinity
      return GateNorms(
        name: gate.name, letter: gate.letter, minimum: norms[0],
        lowerQuartile: Quantile.of(norms, 0.25), median: Quantile.of(norms, 0.5),
        upperQuartile: Quantile.of(norms, 0.75), maximum: norms[norms.count - 1], units: rows,
        atCeiling: norms.count { $0 >= limit })
    }
  }
}
