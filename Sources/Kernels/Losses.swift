// Losses of single outputs and their gradients, as means over the batch: PyTorch's functions of
// these names.
//
// The gradient is written where a pointer is given for it; evaluation passes nil.

/// Sigmoid and binary cross-entropy on logits; the loss is the mean over all elements.
///
/// max(x, 0) − x·t + log(1 + exp(−|x|)): PyTorch's `binary_cross_entropy_with_logits`.
package func binaryCrossEntropy(
  logits: UnsafePointer<Float>, targets: UnsafePointer<Float>, count: Int,
  gradient: UnsafeMutablePointer<Float>?
) -> Double {
  var losses = SIMD8<Double>.zero
  let share = 1 / Float(count)
  @inline(__always)
  func body(_ lanes: Lanes) {
    let x = lanes.load(logits)
    let target = lanes.load(targets)
    let power = exponential(x.replacing(with: -x, where: x .> 0))
    let linear = x.replacing(with: 0, where: x .< 0) - x * target
    // log(1 + power): what the sum loses to rounding is added again to first order.
    let sum = 1 + power
    let rest = logarithm(sum) + (power - (sum - 1)) / sum
    losses += lanes.masked(linear).doubles + lanes.masked(rest).doubles
    if let gradient { lanes.store((logistic(x) - target) * share, gradient) }
  }
  forEachVector(count, body)
  return losses.sum() / Double(count)
}

/// Mean of the squared differences over all elements: PyTorch's `mse_loss`.
package func meanSquaredError(
  outputs: UnsafePointer<Float>, targets: UnsafePointer<Float>, count: Int,
  gradient: UnsafeMutablePointer<Float>?
) -> Double {
  var total = 0.0
  let share = 2 / Float(count)
  let block = 256
  var start = 0
  while start < count {
    var sum = Vector.zero
    let y = outputs + start
    let t = targets + start
    if let gradient {
      let g = gradient + start
      @inline(__always)
      func body(_ lanes: Lanes) {
        let difference = lanes.load(y) - lanes.load(t)
        lanes.store(share * difference, g)
        sum += difference * difference
      }
      forEachVector(min(block, count - start), body)
    } else {
      @inline(__always)
      func body(_ lanes: Lanes) {
        let difference = lanes.load(y) - lanes.load(t)
        sum += difference * difference
      }
      forEachVector(min(block, count - start), body)
    }
    total += sum.doubleSum
    start += block
  }
  return total / Double(count)
}
