// One optimizer step on one tensor, whatever its formula, and how far it went.
//
// Each pass also adds up the squares of the gradient, of the update and of the weights it started from,
// for the gradient norm and the update-to-weight ratio. Formulas are PyTorch's (torch.optim).

/// An optimizer's formula with its numbers at one step, prepared once for all tensors.
package protocol TensorUpdate {
  /// Brings one tensor, and its states with it, one step on.
  func apply(to tensor: ParameterMemory) -> UpdateSums
}

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

/// A tensor under update: its values, its gradient and the optimizer's states of the same size.
package struct ParameterMemory {
  /// Values in the tensor.
  package let count: Int
  /// What is updated.
  package let values: UnsafeMutablePointer<Float>
  /// Of the loss by the values.
  package let gradient: UnsafePointer<Float>
  private let states: UnsafeMutablePointer<Float>
  private let stateStride: Int

  /// The first state begins at `states`, each further one `stateStride` values behind the one before.
  package init(
    count: Int, values: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
    states: UnsafeMutablePointer<Float>, stateStride: Int
  ) {
    self.count = count
    self.values = values
    self.gradient = gradient
    self.states = states
    self.stateStride = stateStride
  }

  /// One of the states, counted from 0; the optimizer's settings say how many there are.
  @inline(__always)
  func state(_ index: Int) -> UnsafeMutablePointer<Float> { states + index * stateStride }

  /// w += change, where `change` returns the update at a place from weight and gradient.
  @inline(__always)
  func update(_ change: (Lanes, Vector, Vector) -> Vector) -> UpdateSums {
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
