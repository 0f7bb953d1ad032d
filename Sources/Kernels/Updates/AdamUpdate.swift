// Adam (Kingma and Ba 2015), and AdamW (Loshchilov and Hutter 2019) where the decay is decoupled.

/// One step of Adam or AdamW, which keeps two states, the moments m and v.
///
/// m += (1 − β₁)(g − m); v = β₂v + (1 − β₂)g²; w −= rate·m̂ / (√v̂ + ε).
package struct AdamUpdate: TensorUpdate {
  private let firstShare: Float
  private let secondDecay: Float
  private let secondShare: Float
  /// rate / (1 − β₁ᵗ).
  private let rate: Float
  /// 1 / √(1 − β₂ᵗ).
  private let correction: Float
  private let epsilon: Float
  /// Added to the gradient as decay·w (Adam).
  private let coupledDecay: Float
  /// Taken from the weights as rate·decay·w (AdamW).
  private let decoupledDecay: Float

  /// `bias1` and `bias2` are 1 − β₁ᵗ and 1 − β₂ᵗ at step t, counted from 1.
  package init(
    rate: Double, beta1: Double, beta2: Double, bias1: Double, bias2: Double, epsilon: Double,
    weightDecay: Double, decoupled: Bool
  ) {
    firstShare = Float(1 - beta1)
    secondDecay = Float(beta2)
    secondShare = Float(1 - beta2)
    self.rate = Float(rate / bias1)
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
        - step.rate * m / (v.roots * step.correction + step.epsilon)
    }
    return tensor.update(change)
  }
}
