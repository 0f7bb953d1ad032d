// One optimizer step on one tensor, by PyTorch's definitions (torch.optim), and how far it went.
//
// Each pass also adds up the squares of the gradient, of the update and of the weights it started from,
// for the gradient norm and the update-to-weight ratio. States start at zero.

/// Sums of squares of one tensor's gradient, of its update and of its weights before it.
package struct UpdateSums: Equatable {
  /// Sum of squares of the gradient, before decay.
  package var gradient = 0.0
  /// Sum of squares of the update.
  package var update = 0.0
  /// Sum of squares of the weights before it.
  package var weights = 0.0

  package init() {}

  fileprivate mutating func add(_ other: UpdateSums) {
    gradient += other.gradient
    update += other.update
    weights += other.weights
  }
}

/// A tensor under update: its values, its gradient and the optimizer's two states of the same size.
package struct ParameterMemory {
  /// Values in the tensor.
  package let count: Int
  /// What is updated.
  package let values: UnsafeMutablePointer<Float>
  /// Of the loss by the values.
  package let gradient: UnsafePointer<Float>
  /// Velocity of SGD and RMSprop, first moment of Adam.
  package let first: UnsafeMutablePointer<Float>
  /// Second moment of Adam, mean square of RMSprop.
  package let second: UnsafeMutablePointer<Float>

  package init(
    count: Int, values: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
    first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>
  ) {
    self.count = count
    self.values = values
    self.gradient = gradient
    self.first = first
    self.second = second
  }

  /// w += change, where `change` tells the update of the weights at a place from weights and gradient.
  @inline(__always)
  fileprivate func update(_ change: (Lanes, Vector, Vector) -> Vector) -> UpdateSums {
    let parts = partCount(count, elements: count, unit: partialTerms)
    guard parts > 1 else { return update(0..<count, change) }
    return withUnsafeTemporaryAllocation(of: UpdateSums.self, capacity: parts) { sums in
      divide(count, into: parts, unit: partialTerms) { sums[$0] = update($1, change) }
      return sums.reduce(into: UpdateSums()) { $0.add($1) }
    }
  }

  @inline(__always)
  private func update(
    _ part: Range<Int>, _ change: (Lanes, Vector, Vector) -> Vector
  ) -> UpdateSums {
    var sums = UpdateSums()
    var start = part.lowerBound
    while start < part.upperBound {
      let terms = min(partialTerms, part.upperBound - start)
      var gradients = Vector.zero
      var updates = Vector.zero
      var weights = Vector.zero
      let first = start
      @inline(__always)
      func body(_ part: Lanes) {
        let lanes = Lanes(index: first &+ part.index, count: part.count)
        let w = lanes.load(values)
        let g = lanes.load(gradient)
        let delta = lanes.masked(change(lanes, w, g))
        lanes.store(w + delta, values)
        gradients += g * g
        updates += delta * delta
        weights += w * w
      }
      forEachVector(terms, body)
      sums.gradient += gradients.doubleSum
      sums.update += updates.doubleSum
      sums.weights += weights.doubleSum
      start += terms
    }
    return sums
  }
}

/// Stochastic gradient descent, with momentum in PyTorch's form.
///
/// g += decay·w; v = momentum·v + g; w −= rate·v, or with Nesterov w −= rate·(g + momentum·v).
/// Without momentum v is not touched and w −= rate·g.
package func updateSGD(
  _ tensor: ParameterMemory, rate: Double, momentum: Double, nesterov: Bool, weightDecay: Double
) -> UpdateSums {
  let rate = Float(rate)
  let momentum = Float(momentum)
  let weightDecay = Float(weightDecay)
  let velocity = tensor.first
  guard momentum != 0 else {
    @inline(__always)
    func change(_ lanes: Lanes, _ w: Vector, _ gradient: Vector) -> Vector {
      -rate * (gradient + weightDecay * w)
    }
    return tensor.update(change)
  }
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

/// What Adam's formulas need at one step, prepared once for all tensors.
package struct AdamStep {
  fileprivate let firstShare: Float
  fileprivate let secondDecay: Float
  fileprivate let secondShare: Float
  /// rate / (1 − β₁ᵗ).
  fileprivate let rate: Float
  /// 1 / √(1 − β₂ᵗ).
  fileprivate let correction: Float
  fileprivate let epsilon: Float
  /// Added to the gradient as decay·w (Adam).
  fileprivate let coupledDecay: Float
  /// Taken from the weights as rate·decay·w (AdamW).
  fileprivate let decoupledDecay: Float

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
}

/// Adam (Kingma and Ba 2015), or AdamW (Loshchilov and Hutter 2019) where the decay is decoupled.
///
/// m += (1 − β₁)(g − m); v = β₂v + (1 − β₂)g²; w −= rate·m̂ / (√v̂ + ε).
package func updateAdam(_ tensor: ParameterMemory, _ step: AdamStep) -> UpdateSums {
  let first = tensor.first
  let second = tensor.second
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

/// RMSprop (Hinton 2012), not centred.
///
/// s = αs + (1 − α)g²; u = g / (√s + ε); with momentum b = momentum·b + u, w −= rate·b, else
/// w −= rate·u.
package func updateRMSprop(
  _ tensor: ParameterMemory, rate: Double, alpha: Double, epsilon: Double, momentum: Double,
  weightDecay: Double
) -> UpdateSums {
  let rate = Float(rate)
  let share = Float(1 - alpha)
  let alpha = Float(alpha)
  let epsilon = Float(epsilon)
  let momentum = Float(momentum)
  let weightDecay = Float(weightDecay)
  let velocity = tensor.first
  let meanSquare = tensor.second
  @inline(__always)
  func change(_ lanes: Lanes, _ w: Vector, _ gradient: Vector) -> Vector {
    let g = gradient + weightDecay * w
    let s = alpha * lanes.load(meanSquare) + share * g * g
    lanes.store(s, meanSquare)
    let u = g / (s.roots + epsilon)
    guard momentum != 0 else { return -rate * u }
    let b = momentum * lanes.load(velocity) + u
    lanes.store(b, velocity)
    return -rate * b
  }
  return tensor.update(change)
}
