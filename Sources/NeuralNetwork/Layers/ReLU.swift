// The rectified linear unit.
import Kernels

/// y = max(x, 0): PyTorch's `ReLU`.
package struct ReLU: ActivationLayer {
  package var kind: LayerKind { .relu }
  package var namesElsewhere: String { "" }
  package static let keys: [LayerKey<Self>] = []
  package var asDescription: LayerDescription { .relu }
  var function: ActivationFunction { .relu }
}
