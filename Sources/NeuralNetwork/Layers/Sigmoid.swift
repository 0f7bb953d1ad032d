// The logistic function.
import Kernels

/// y = 1 / (1 + e⁻ˣ): PyTorch's `Sigmoid`.
package struct Sigmoid: ActivationLayer {
  package var kind: LayerKind { .sigmoid }
  package var namesElsewhere: String { "logistic" }
  package static let keys: [LayerKey<Self>] = []
  package var asDescription: LayerDescription { .sigmoid }
  var function: ActivationFunction { .sigmoid }
}
