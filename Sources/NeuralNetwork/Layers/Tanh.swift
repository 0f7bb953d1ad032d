// The hyperbolic tangent.
import Kernels

/// y = tanh(x): PyTorch's `Tanh`.
package struct Tanh: ActivationLayer {
  package var kind: LayerKind { .tanh }
  package var namesElsewhere: String { "" }
  package static let keys: [LayerKey<Self>] = []
  package var asDescription: LayerDescription { .tanh }
  var function: ActivationFunction { .tanh }
}
