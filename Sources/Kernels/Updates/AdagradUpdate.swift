// Adagrad (Duchi, Hazan and Singer 2011), in PyTorch's form.

/// One step of Adagrad, which keeps one state, the sum of squares s.
///
/// g += decay·w; s += g²; w −= rate·g / (√s + ε).
package struct AdagradUpdate: TensorUpdate {
  private let rate: Float
  private let epsilon: Float
  private let weightDecay: Float

  package init(rate: Double, epsilon: Double, weightDecay: Double) {
    self.rate = Float(rate)
    self.epsilon = Float(epsilon)
    self.weightDecay = Float(weightDecay)
  }

  package func apply(to tensor: ParameterMemory) -> UpdateSums {
    let step = self
    let sum = tensor.state(0)
    @inline(__always)
    func change(_ lanes: Lanes, _ w: Vector, _ gradient: Vector) -> Vector {
      let g = gradient + step.weightDecay * w
      let s = lanes.load(sum) + g * g
      lanes.store(s, sum)
      return -step.rate * g / (s.roots + step.epsilon)
    }
    return tensor.update(change)
  }
}
