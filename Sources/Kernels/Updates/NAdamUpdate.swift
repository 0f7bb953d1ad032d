// NAdam (Dozat 2016): Adam with Nesterov's momentum, in PyTorch's form.

/// One step of NAdam, which keeps two states, the moments m and v.
///
/// m += (1 − β₁)(g − m); v = β₂v + (1 − β₂)g²; w −= (gradientRate·g + momentRate·m) / (√v̂ + ε).
package struct NAdamUpdate: TensorUpdate {
  private let moments: AdamMoments
  private let gradientRate: Float
  private let momentRate: Float

  /// `gradientRate` and `momentRate` are the learning rate times the shares that the gradient and the
  /// first moment have in step t, counted from 1; `bias2` is 1 − β₂ᵗ.
  package init(
    rate: Double, gradientRate: Double, momentRate: Double, beta1: Double, beta2: Double,
    bias2: Double, epsilon: Double, weightDecay: Double, decoupled: Bool
  ) {
    moments = AdamMoments(
      rate: rate, beta1: beta1, beta2: beta2, bias2: bias2, epsilon: epsilon,
      weightDecay: weightDecay, decoupled: decoupled)
    self.gradientRate = Float(gradientRate)
    self.momentRate = Float(momentRate)
  }

  package func apply(to tensor: ParameterMemory) -> UpdateSums {
    let step = self
    let first = tensor.state(0)
    let second = tensor.state(1)
    @inline(__always)
    func change(_ lanes: Lanes, _ w: Vector, _ gradient: Vector) -> Vector {
      let (g, m, root) = step.moments.advance(lanes, w, gradient, first: first, second: second)
      return -step.moments.decoupledDecay * w
        - (step.gradientRate * g + step.momentRate * m) / root
    }
    return tensor.update(change)
  }
}
