// The sigmoid linear unit, or swish (Elfwing, Uchibe and Doya 2017).
import Kernels

/// y = x / (1 + e⁻ˣ): PyTorch's `SiLU`.
package struct SiLU: ActivationLayer {
  package var kind: LayerKind { .silu }
  package var namesElsewhere: String { "swish" }
  package static let keys: [LayerKey<Self>] = []
  package var asDescription: LayerDescription { .silu }
  var function: ActivationFunction { .silu }
}
