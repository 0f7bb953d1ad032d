// Stochastic gradient descent, with momentum in PyTorch's form.

/// One step of SGD; with momentum it keeps one state, the velocity v.
///
/// g += decay·w; v = momentum·v + g; w −= rate·v, or with Nesterov w −= rate·(g + momentum·v).
/// Without momentum w −= rate·g, and no state is touched.
package struct SGDUpdate: TensorUpdate {
  private let rate: Float
  private let momentum: Float
  private let nesterov: Bool
  private let weightDecay: Float

  package init(rate: Double, momentum: Double, nesterov: Bool, weightDecay: Double) {
    self.rate = Float(rate)
    self.momentum = Float(momentum)
    self.nesterov = nesterov
    self.weightDecay = Float(weightDecay)
  }

  package func apply(to tensor: ParameterMemory) -> UpdateSums {
    // Copies: what a loop reads of `self` it would read again for every vector.
    let (rate, momentum, weightDecay) = (rate, momentum, weightDecay)
    guard momentum != 0 else {
      @inline(__always)
      func change(_ lanes: Lanes, _ w: Vector, _ gradient: Vector) -> Vector {
        -rate * (gradient + weightDecay * w)
      }
      return tensor.update(change)
    }
    let velocity = tensor.state(0)
    guard nesterov else {
      @inline(__always)
      func change(_ lanes: Lanes, _ w: Vector, _ gradient: Vector) -> Vector {
        let v = momentum * lanes.load(velocity) + (gradient + weightDecay * w)
        lanes.store(v, velocity)
        return -rate * v
      }
      return tensor.update(change)
    }
    @inline(__always)
    func change(_ lanes: Lanes, _ w: Vector, _ gradient: Vector) -> Vector {
      let g = gradient + weightDecay * w
      let v = momentum * lanes.load(velocity) + g
      lanes.store(v, velocity)
      return -rate * (g + momentum * v)
    }
    return tensor.update(change)
  }
}
