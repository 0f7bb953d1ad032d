// The Gaussian error linear unit (Hendrycks and Gimpel 2016).
import Kernels

/// y = x·Φ(x), Φ the standard normal distribution; the exact form: PyTorch's `GELU`.
package struct GELU: ActivationLayer {
  package var kind: LayerKind { .gelu }
  package var namesElsewhere: String { "" }
  package static let keys: [LayerKey<Self>] = []
  package var asDescription: LayerDescription { .gelu }
  var function: ActivationFunction { .gelu }
}
