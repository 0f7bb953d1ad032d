// RMSprop (Hinton 2012), not centred.

/// One step of RMSprop, which keeps the mean square s, and with momentum the velocity b behind it.
///
/// s = αs + (1 − α)g²; u = g / (√s + ε); with momentum b = momentum·b + u, w −= rate·b, else
/// w −= rate·u.
package struct RMSpropUpdate: TensorUpdate {
  private let rate: Float
  private let alpha: Float
  private let share: Float
  private let epsilon: Float
  private let momentum: Float
  private let weightDecay: Float

  package init(
    rate: Double, alpha: Double, epsilon: Double, momentum: Double, weightDecay: Double
  ) {
    self.rate = Float(rate)
    self.alpha = Float(alpha)
    share = Float(1 - alpha)
    self.epsilon = Float(epsilon)
    self.momentum = Float(momentum)
    self.weightDecay = Float(weightDecay)
  }

  package func apply(to tensor: ParameterMemory) -> UpdateSums {
    let step = self
    let meanSquare = tensor.state(0)
    let velocity = tensor.state(step.momentum == 0 ? 0 : 1)
    @inline(__always)
    func change(_ lanes: Lanes, _ w: Vector, _ gradient: Vector) -> Vector {
      let g = gradient + step.weightDecay * w
      let s = step.alpha * lanes.load(meanSquare) + step.share * g * g
      lanes.store(s, meanSquare)
      let u = g / (s.roots + step.epsilon)
      guard step.momentum != 0 else { return -step.rate * u }
      let b = step.momentum * lanes.load(velocity) + u
      lanes.store(b, velocity)
      return -step.rate * b
    }
    return tensor.update(change)
  }
}
