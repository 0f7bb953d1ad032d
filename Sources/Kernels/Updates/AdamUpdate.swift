// Adam (Kingma and Ba 2015), and AdamW (Loshchilov and Hutter 2019) where the decay is decoupled.

/// One step of Adam or AdamW, which keeps two states, the moments m and v.
///
/// m += (1 − β₁)(g − m); v = β₂v + (1 − β₂)g²; w −= rate·m̂ / (√v̂ + ε).
package struct AdamUpdate: TensorUpdate {
  private let moments: AdamMoments
  /// rate / (1 − β₁ᵗ).
  private let rate: Float

  /// `bias1` and `bias2` are 1 − β₁ᵗ and 1 − β₂ᵗ at step t, counted from 1.
  package init(
    rate: Double, beta1: Double, beta2: Double, bias1: Double, bias2: Double, epsilon: Double,
    weightDecay: Double, decoupled: Bool
  ) {
    moments = AdamMoments(
      rate: rate, beta1: beta1, beta2: beta2, bias2: bias2, epsilon: epsilon,
      weightDecay: weightDecay, decoupled: decoupled)
    self.rate = Float(rate / bias1)
  }

  package func apply(to tensor: ParameterMemory) -> UpdateSums {
    let step = self
    let first = tensor.state(0)
    let second = tensor.state(1)
    @inline(__always)
    func change(_ lanes: Lanes, _ w: Vector, _ gradient: Vector) -> Vector {
      let (_, m, root) = step.moments.advance(lanes, w, gradient, first: first, second: second)
      return -step.moments.decoupledDecay * w - step.rate * m / root
    }
    return tensor.update(change)
  }
}
