// Dropout: some elements are zero, the others larger, while training only.
import Basics
import Kernels
import PlainText

/// While training y = x·m / (1 − rate), each m 0 with probability `rate`, else 1; else y = x: PyTorch's
/// `Dropout`.
package struct Dropout: Layer {
  /// The share of elements set to zero, in 0..<1.
  var rate: Float

  package var kind: LayerKind { .dropout }
  package var namesElsewhere: String { "spatial_dropout dropout2d dropout1d alpha_dropout drop" }
  package static let keys: [LayerKey<Self>] = [
    LayerKey(
      "rate", .number(\.rate, within: .zeroToBelowOne, missing: .isAnError),
      standsAlone: true,
      elsewhere: "p drop prob probability drop_rate dropout_rate drop_prob")
  ]
  package var role: LayerRole { .arrangement }
  package var asDescription: LayerDescription { .dropout(rate: rate) }

  package func place(in layout: inout ModelLayout, at path: LayerPath) throws(NetworkError)
    -> [Int]
  {
    guard rate >= 0, rate < 1 else { throw .rate(layer: path, rate) }
    layout.dropoutRates.append(rate)
    return layout.outputShape
  }

  package func plan(_ placed: PlacedLayer, in builder: inout PlanBuilder) throws(NetworkError) {
    let ordinal = builder.dropouts
    builder.dropouts += 1
    guard builder.mode == .training else { return }
    let size = placed.input.reduce(1, *)
    let output = try builder.place(size)
    let mask = try builder.place(size)
    builder.append(
      .dropout(
        DropoutOperation(
          ordinal: ordinal, input: builder.current, output: output, mask: mask, size: size)),
      output: output)
  }
}

/// A dropout layer's place in a training plan; a plan for inference has none.
struct DropoutOperation {
  /// Which of the model's dropout layers it is: its rate can change in mid-run.
  let ordinal: Int
  let input: Int
  let output: Int
  /// Offset of the mask `[N, size]` among the values.
  let mask: Int
  let size: Int

  func forward(_ memory: Memory, rows: Int, rate: Float, source: inout RandomSource) {
    dropout(
      memory.values + input, rate: rate, mask: memory.values + mask,
      into: memory.values + output, count: rows * size, from: &source)
  }

  func backward(_ memory: Memory, _ gradients: Memory, rows: Int) {
    dropoutBackward(
      mask: memory.values + mask, outputGradient: gradients.values + output,
      into: gradients.values + input, count: rows * size)
  }
}
