// The leaky rectified linear unit (Maas, Hannun and Ng 2013).
import Kernels
import PlainText

/// y = x where x > 0, else slope·x: PyTorch's `LeakyReLU`.
package struct LeakyReLU: ActivationLayer {
  /// Not negative, so that y has x's sign.
  var slope: Float = 0.01

  package var kind: LayerKind { .leakyReLU }
  package var namesElsewhere: String { "" }
  package static let keys: [LayerKey<Self>] = [
    LayerKey(
      "slope", .number(\.slope, within: .zeroOrMore, missing: .takes(\.slope)),
      elsewhere: "negative_slope alpha")
  ]
  package var asDescription: LayerDescription { .leakyReLU(slope: slope) }
  var function: ActivationFunction { .leakyReLU(slope: slope) }

  package func place(in layout: inout ModelLayout, at path: LayerPath) throws(NetworkError)
    -> [Int]
  {
    guard slope >= 0, slope.isFinite else { throw .slope(layer: path, slope) }
    return layout.outputShape
  }
}
