// The exponential linear unit (Clevert, Unterthiner and Hochreiter 2015).
import Kernels
import PlainText

/// y = x where x > 0, else alpha·(eˣ − 1): PyTorch's `ELU`.
package struct ELU: ActivationLayer {
  /// Not negative, so that y has x's sign.
  var alpha: Float = 1

  package var kind: LayerKind { .elu }
  package var namesElsewhere: String { "" }
  package static let keys: [LayerKey<Self>] = [
    LayerKey("alpha", .number(\.alpha, within: .zeroOrMore, missing: .takes(\.alpha)))
  ]
  package var asDescription: LayerDescription { .elu(alpha: alpha) }
  var function: ActivationFunction { .elu(alpha: alpha) }

  package func place(in layout: inout ModelLayout, at path: LayerPath) throws(NetworkError)
    -> [Int]
  {
    guard alpha >= 0, alpha.isFinite else {
      throw .misfit(layer: path, "elu: expected an alpha of 0 or more, found \(alpha)")
    }
    return layout.outputShape
  }
}
