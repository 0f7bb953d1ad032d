// The two moments of the gradient that Adam and its variants keep, and the two kinds of decay.

/// What turns gradients into moments at one step.
struct AdamMoments {
  private let firstShare: Float
  private let secondDecay: Float
  private let secondShare: Float
  /// 1 / √(1 − β₂ᵗ).
  private let correction: Float
  private let epsilon: Float
  /// Added to the gradient as decay·w (Adam).
  private let coupledDecay: Float
  /// Taken from the weights as rate·decay·w (AdamW).
  let decoupledDecay: Float

  /// `bias2` is 1 − β₂ᵗ at step t, counted from 1.
  init(
    rate: Double, beta1: Double, beta2: Double, bias2: Double, epsilon: Double,
    weightDecay: Double, decoupled: Bool
  ) {
    firstShare = Float(1 - beta1)
    secondDecay = Float(beta2)
    secondShare = Float(1 - beta2)
    correction = Float(1 / bias2.squareRoot())
    self.epsilon = Float(epsilon)
    coupledDecay = decoupled ? 0 : Float(weightDecay)
    decoupledDecay = decoupled ? Float(rate * weightDecay) : 0
  }

  /// m += (1 − β₁)(g − m); v = β₂v + (1 − β₂)g².
  ///
  /// Returns g with its coupled decay, m, and √v̂ + ε.
  @inline(__always)
  func advance(
    _ lanes: Lanes, _ w: Vector, _ gradient: Vector, first: UnsafeMutablePointer<Float>,
    second: UnsafeMutablePointer<Float>
  ) -> (gradient: Vector, moment: Vector, root: Vector) {
    let g = gradient + coupledDecay * w
    var m = lanes.load(first)
    m += firstShare * (g - m)
    let v = secondDecay * lanes.load(second) + secondShare * g * g
    lanes.store(m, first)
    lanes.store(v, second)
    return (g, m, v.roots * correction + epsilon)
  }
}
