// The norms of a recurrent layer by gate: PyTorch stacks the gates' rows one below the other.
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

  /// The gates of a layer with its norms as last told; empty where it has none.
  static func of(_ layer: LayerState) -> [GateNorms] {
    let gates = gates(of: layer.header.kind)
    guard hasGates(layer.header), layer.norms.count == layer.units else { return [] }
    let rows = layer.units / gates.count
    return gates.enumerated().map { index, gate in
      // A norm that is no number comes last, so that it shows in the largest.
      let norms = layer.norms[index * rows..<(index + 1) * rows].sorted {
        $0 < $1 || !$0.isNaN && $1.isNaN
      }
      let limit = layer.ceiling.map { $0 * (1 - 1e-5) } ?? .infinity
      return GateNorms(
        name: gate.name, letter: gate.letter, minimum: norms[0],
        lowerQuartile: quantile(0.25, of: norms), median: quantile(0.5, of: norms),
        upperQuartile: quantile(0.75, of: norms), maximum: norms[norms.count - 1], units: rows,
        atCeiling: norms.count { $0 >= limit })
    }
  }

  /// Between the two nearest, as the quartiles of step records are.
  private static func quantile(_ share: Float, of sorted: [Float]) -> Float {
    let place = share * Float(sorted.count - 1)
    let index = Int(place)
    let next = min(index + 1, sorted.count - 1)
    return sorted[index] + (sorted[next] - sorted[index]) * (place - Float(index))
  }
}
