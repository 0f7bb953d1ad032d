// Softmax and cross-entropy, PyTorch's `cross_entropy` with its layout and its label smoothing.
import CVectors

/// Softmax and cross-entropy on logits `[rows, classes, positions]` with labels
/// `[rows, positions]`; the loss is the mean over all labels.
///
/// Each label costs (1 − smoothing)·(−log p of the label) + smoothing / classes·Σ −log p, with the
/// smoothing in 0…1. Stable for any finite logits: the largest of each position is subtracted
/// first. The gradient is written where a pointer is given for it; it may be the logits' own memory.
package func softmaxCrossEntropy(
  logits: UnsafePointer<Float>, labels: UnsafePointer<Int32>, rows: Int, classes: Int,
  positions: Int = 1, smoothing: Double = 0, gradient: UnsafeMutablePointer<Float>?
) -> Double {
  let share = 1 / Float(rows * positions)
  let softened = LabelSmoothing(smoothing: smoothing, classes: classes, share: share)
  var total = 0.0
  for row in 0..<rows {
    let x = logits + row * classes * positions
    let g = gradient.map { $0 + row * classes * positions }
    let t = labels + row * positions
    if positions == 1 {
      total += rowLoss(x, label: Int(t[0]), classes: classes, softened, gradient: g)
    } else {
      @inline(__always)
      func body(_ lanes: Lanes) {
        total += positionLosses(
          x, lanes, labels: t, classes: classes, positions: positions, softened, gradient: g)
      }
      forEachVector(positions, body)
    }
  }
  return total / Double(rows * positions)
}

/// What label smoothing makes of the loss and its gradient.
private struct LabelSmoothing {
  let isNone: Bool
  /// Of the loss: the label's part, and each class's.
  let labelWeight: Double
  let classWeight: Double
  /// Of one label in the mean.
  let share: Float
  /// Subtracted from the gradient at the label, and at each class.
  let labelShare: Float
  let classShare: Float

  init(smoothing: Double, classes: Int, share: Float) {
    isNone = smoothing == 0
    labelWeight = 1 - smoothing
    classWeight = smoothing / Double(max(classes, 1))
    self.share = share
    labelShare = Float(labelWeight) * share
    classShare = Float(classWeight) * share
  }
}

/// One row of logits beside each other.
@inline(__always)
private func rowLoss(
  _ x: UnsafePointer<Float>, label: Int, classes: Int, _ softened: LabelSmoothing,
  gradient: UnsafeMutablePointer<Float>?
) -> Double {
  let largest = largestValue(x, count: classes)
  let labelDistance = Double(x[label]) - Double(largest)
  var loss = 0.0
  if !softened.isNone {
    var distances = 0.0
    for index in 0..<classes { distances += Double(x[index]) - Double(largest) }
    loss -= softened.classWeight * distances
  }
  var sums = Vector.zero
  if let gradient {
    maxnorm_exponentials(x, largest, gradient, classes)
    @inline(__always)
    func add(_ lanes: Lanes) { sums += lanes.load(gradient) }
    forEachVector(classes, add)
    let factor = softened.share / sums.sum()
    @inline(__always)
    func scaled(_ lanes: Lanes) {
      lanes.store(lanes.load(gradient) * factor - softened.classShare, gradient)
    }
    forEachVector(classes, scaled)
    gradient[label] -= softened.labelShare
  } else {
    @inline(__always)
    func powers(_ lanes: Lanes) {
      sums += lanes.masked(exponential(lanes.load(x) - largest))
    }
    forEachVector(classes, powers)
  }
  loss += Double(logarithm(Vector(repeating: sums.sum()))[0])
  return loss - softened.labelWeight * labelDistance
}

/// One vector of positions; the classes of a position lie `positions` apart.
@inline(__always)
private func positionLosses(
  _ x: UnsafePointer<Float>, _ lanes: Lanes, labels: UnsafePointer<Int32>, classes: Int,
  positions: Int, _ softened: LabelSmoothing, gradient: UnsafeMutablePointer<Float>?
) -> Double {
  var largest = lanes.load(x)
  for index in 1..<max(classes, 1) {
    let value = lanes.load(x + index * positions)
    largest.replace(with: value, where: value .> largest)
  }
  var labelDistances = 0.0
  for lane in 0..<lanes.count {
    let place = lanes.index + lane
    labelDistances +=
      Double(x[Int(labels[place]) * positions + place]) - Double(largest[lane])
  }
  var distances = SIMD8<Double>.zero
  if !softened.isNone {
    for index in 0..<classes {
      distances += lanes.load(x + index * positions).doubles - largest.doubles
    }
  }
  var sums = Vector.zero
  if let gradient {
    for index in 0..<classes {
      let power = exponential(lanes.load(x + index * positions) - largest)
      lanes.store(power, gradient + index * positions)
      sums += power
    }
    let factors = softened.share / sums
    for index in 0..<classes {
      let plane = gradient + index * positions
      lanes.store(lanes.load(plane) * factors - softened.classShare, plane)
    }
    for lane in 0..<lanes.count {
      let place = lanes.index + lane
      gradient[Int(labels[place]) * positions + place] -= softened.labelShare
    }
  } else {
    for index in 0..<classes {
      sums += exponential(lanes.load(x + index * positions) - largest)
    }
  }
  let logarithms = lanes.masked(logarithm(sums)).doubleSum
  var loss = logarithms - softened.labelWeight * labelDistances
  if !softened.isNone { loss -= softened.classWeight * distances.sum() }
  return loss
}

/// The largest of at least one value, by comparisons that are false for NaN.
@inline(__always)
private func largestValue(_ values: UnsafePointer<Float>, count: Int) -> Float {
  var largest = values[0]
  var index = 0
  if count >= 2 * Vector.scalarCount {
    var vector = values.vector(at: 0)
    index = Vector.scalarCount
    while index + Vector.scalarCount <= count {
      let next = values.vector(at: index)
      vector.replace(with: next, where: next .> vector)
      index += Vector.scalarCount
    }
    for lane in vector.indices where vector[lane] > largest { largest = vector[lane] }
  }
  while index < count {
    if values[index] > largest { largest = values[index] }
    index += 1
  }
  return largest
}
