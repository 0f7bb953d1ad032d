// The layers of a network as the boxes of its drawing: what keeps its shape goes with what comes before.
import RunHistory
import RunRecords

/// A box of the drawing: a layer with weights, or one that changes the shape, and what follows it.
struct NetworkBox: Equatable {
  /// What its weights go by; empty without weights.
  var name: String
  /// The words of its layers, in their order.
  var kinds: [String]
  var part: String
  /// What comes out of it, of one example.
  var output: [Int]
  /// The weight tensors of it, as indices of the segment's layers.
  var layers: [Int]
  /// Whether nothing of the network comes before it: what the data brings, not a layer.
  var isInput: Bool { kinds == ["input"] }

  /// The boxes of a run's network.
  static func boxes(of segment: RunSegment) -> [NetworkBox] {
    var boxes: [NetworkBox] = []
    for layer in segment.header.network {
      let isJoin = ["keep", "concatenate", "add"].contains(layer.kind)
      let weights =
        layer.name.isEmpty || isJoin
        ? []
        : segment.layers.indices.filter {
          let name = segment.layers[$0].name
          return name == layer.name || name.hasPrefix(layer.name + ".")
        }
      let kind = isJoin ? "\(layer.kind) \(layer.name)" : layer.kind
      if let last = boxes.last, !last.isInput, layer.kind != "input", weights.isEmpty,
        layer.output == last.output, layer.part == last.part
      {
        boxes[boxes.count - 1].kinds.append(kind)
      } else {
        boxes.append(
          NetworkBox(
            name: weights.isEmpty ? "" : layer.name, kinds: [kind], part: layer.part,
            output: layer.output, layers: weights))
      }
    }
    return boxes
  }

  /// "16 x 28 x 28"; empty if it is unknown.
  var shape: String { output.map(String.init).joined(separator: " x ") }
}
