// Lion (Chen et al. 2023, algorithm 2): the sign of a mean of gradients, without its size.

/// One step of Lion, which keeps one state, the momentum m.
///
/// w −= rate·(sign(β₁m + (1 − β₁)g) + decay·w); m = β₂m + (1 − β₂)g. The sign of 0 is 0.
package struct LionUpdate: TensorUpdate {
  private let rate: Float
  private let signDecay: Float
  private let signShare: Float
  private let decay: Float
  private let share: Float
  private let weightDecay: Float

  package init(rate: Double, beta1: Double, beta2: Double, weightDecay: Double) {
    self.rate = Float(rate)
    signDecay = Float(beta1)
    signShare = Float(1 - beta1)
    decay = Float(beta2)
    share = Float(1 - beta2)
    self.weightDecay = Float(weightDecay)
  }

  package func apply(to tensor: ParameterMemory) -> UpdateSums {
    let step = self
    let momentum = tensor.state(0)
    @inline(__always)
    func change(_ lanes: Lanes, _ w: Vector, _ gradient: Vector) -> Vector {
      let m = lanes.load(momentum)
      let mean = step.signDecay * m + step.signShare * gradient
      lanes.store(step.decay * m + step.share * gradient, momentum)
      // What is neither above nor below 0 stays what it is: 0, or NaN, which must not go unseen.
      let sign = mean.replacing(with: 1, where: mean .> 0).replacing(with: -1, where: mean .< 0)
      return -step.rate * (sign + step.weightDecay * w)
    }
    return tensor.update(change)
  }
}
