// Losses and their gradients, as means over the batch; each is PyTorch's function of that name.
//
// The gradient is written where a pointer is given for it; evaluation passes nil.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Softmax and cross-entropy on logits `[rows, classes]`; the loss is the mean over the rows.
///
/// Stable for any finite logits: each row's maximum is subtracted first. PyTorch's
/// `cross_entropy`.
package func softmaxCrossEntropy(
  logits: UnsafePointer<Float>, labels: UnsafePointer<Int32>, rows: Int, classes: Int,
  gradient: UnsafeMutablePointer<Float>?
) -> Double {
  var total = 0.0
  let share = 1 / Float(rows)
  for row in 0..<rows {
    let x = logits + row * classes
    let label = Int(labels[row])
    var largest = x[0]
    for index in 1..<max(classes, 1) where x[index] > largest { largest = x[index] }
    var sum: Float = 0
    if let gradient {
      let g = gradient + row * classes
      for index in 0..<classes {
        let power = expf(x[index] - largest)
        g[index] = power
        sum += power
      }
      let factor = share / sum
      for index in 0..<classes { g[index] *= factor }
      g[label] -= share
    } else {
      for index in 0..<classes { sum += expf(x[index] - largest) }
    }
    total += Double(logf(sum)) + Double(largest) - Double(x[label])
  }
  return total / Double(rows)
}

/// Sigmoid and binary cross-entropy on logits; the loss is the mean over all elements.
///
/// max(x, 0) − x·t + log(1 + exp(−|x|)): PyTorch's `binary_cross_entropy_with_logits`.
package func binaryCrossEntropy(
  logits: UnsafePointer<Float>, targets: UnsafePointer<Float>, count: Int,
  gradient: UnsafeMutablePointer<Float>?
) -> Double {
  var total = 0.0
  let share = 1 / Float(count)
  for index in 0..<count {
    let x = logits[index]
    let target = targets[index]
    total += Double((x < 0 ? 0 : x) - x * target + log1pf(expf(-abs(x))))
    if let gradient { gradient[index] = (logistic(x) - target) * share }
  }
  return total / Double(count)
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
