// NAdam (Dozat 2016): Adam with Nesterov's momentum, in PyTorch's form.

/// One step of NAdam, which keeps two states, the moments m and v.
///
/// m += (1 − β₁)(g − m); v = β₂v + (1 − β₂)g²; w −= (gradientRate·g + momentRate·m) / (√v̂ + ε).
package struct NAdamUpdate: TensorUpdate {
  private let firstShare: Float
  private let secondDecay: Float
  private let secondShare: Float
  private let gradientRate: Float
  private let momentRate: Float
  /// 1 / √(1 − β₂ᵗ).
  private let correction: Float
  private let epsilon: Float
  /// Added to the gradient as decay·w.
  private let coupledDecay: Float
  /// Taken from the weights as rate·decay·w.
  private let decoupledDecay: Float

  /// `gradientRate` and `momentRate` are the learning rate times the shares that the gradient and the
  /// first moment have in step t, counted from 1; `bias2` is 1 − β₂ᵗ.
  package init(
    rate: Double, gradientRate: Double, momentRate: Double, beta1: Double, beta2: Double,
    bias2: Double, epsilon: Double, weightDecay: Double, decoupled: Bool
  ) {
    firstShare = Float(1 - beta1)
    secondDecay = Float(beta2)
    secondShare = Float(1 - beta2)
    self.gradientRate = Float(gradientRate)
    self.momentRate = Float(momentRate)
    correction = Float(1 / bias2.squareRoot())
    self.epsilon = Float(epsilon)
    coupledDecay = decoupled ? 0 : Float(weightDecay)
    decoupledDecay = decoupled ? Float(rate * weightDecay) : 0
  }

  package func apply(to tensor: ParameterMemory) -> UpdateSums {
    let step = self
    let first = tensor.state(0)
    let second = tensor.state(1)
    @inline(__always)
    func change(_ lanes: Lanes, _ w: Vector, _ gradient: Vector) -> Vector {
      let g = gradient + step.coupledDecay * w
      var m = lanes.load(first)
      m += step.firstShare * (g - m)
      let v = step.secondDecay * lanes.load(second) + step.secondShare * g * g
      lanes.store(m, first)
      lanes.store(v, second)
      return -step.decoupledDecay * w
        - (step.gradientRate * g + step.momentRate * m)
        / (v.roots * step.correction + step.epsilon)
    }
    return tensor.update(change)
  }
}
