// Batch normalization of x `[rows, channels, inner]` per channel (Ioffe and Szegedy 2015), by
// PyTorch's definitions.
//
// With inner = 1 (`[rows, features]`) a vector holds neighbouring channels, else neighbouring
// values of one channel. Sums are taken in Double over short float32 sums. In all functions the
// output may be the memory of an input of the same shape.

/// y = (x − mean) / √(variance + ε)·scale + shift, with the mean and biased variance of this batch.
///
/// Writes each channel's mean and 1 / √(variance + ε) for `batchNormBackward`, and the variance
/// where a pointer is given for it.
package func batchNorm(
  _ x: UnsafePointer<Float>, rows: Int, channels: Int, inner: Int,
  scale: UnsafePointer<Float>, shift: UnsafePointer<Float>, epsilon: Float,
  into y: UnsafeMutablePointer<Float>, mean: UnsafeMutablePointer<Float>,
  inverseDeviation: UnsafeMutablePointer<Float>, variance: UnsafeMutablePointer<Float>? = nil
) {
  let planes = Planes(rows: rows, channels: channels, inner: inner)
  let count = Double(rows * inner)
  @inline(__always)
  func normalize(_ part: Planes.Part) {
    let average = part.sums { $0.load(x) } / count
    let center = Vector(nearest: average)
    let squares = part.sums { values in
      let distance = values.load(x) - center
      return distance * distance
    }
    // The center is rounded to float32; what that adds to the squares is taken off again.
    let offset = average - center.doubles
    var spread = squares / count - offset * offset
    spread.replace(with: 0, where: spread .< 0)
    let inverse = Vector(nearest: 1 / (spread + Double(epsilon)).roots)
    part.store(center, mean)
    part.store(inverse, inverseDeviation)
    if let variance { part.store(Vector(nearest: spread), variance) }
    let factor = inverse * part.load(scale)
    let base = part.load(shift)
    part.forEach { values in
      values.store((values.load(x) - center) * factor + base, y)
    }
  }
  planes.forEachPart(normalize)
}

/// running += momentum·(batch − running) for mean and variance, the batch's variance unbiased
/// (biased where count is 1).
///
/// `count` is the number of values of each channel in the batch; `variance` is the biased one that
/// `batchNorm` wrote.
package func updateRunningStatistics(
  mean: UnsafePointer<Float>, variance: UnsafePointer<Float>, count: Int, channels: Int,
  momentum: Float, runningMean: UnsafeMutablePointer<Float>,
  runningVariance: UnsafeMutablePointer<Float>
) {
  let correction = count > 1 ? Double(count) / Double(count - 1) : 1
  let keep = 1 - momentum
  for channel in 0..<channels {
    let unbiased = Float(Double(variance[channel]) * correction)
    runningMean[channel] = keep * runningMean[channel] + momentum * mean[channel]
    runningVariance[channel] = keep * runningVariance[channel] + momentum * unbiased
  }
}

/// The gradients of `batchNorm`, through the batch's statistics too.
///
/// dx = scale / σ·(dy − mean of dy − x̂·mean of dy·x̂) with x̂ = (x − mean) / σ; the scale's gradient
/// is the sum of dy·x̂, the shift's that of dy.
package func batchNormBackward(
  _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, rows: Int, channels: Int, inner: Int,
  scale: UnsafePointer<Float>, mean: UnsafePointer<Float>,
  inverseDeviation: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>,
  scaleGradient: UnsafeMutablePointer<Float>, shiftGradient: UnsafeMutablePointer<Float>
) {
  let planes = Planes(rows: rows, channels: channels, inner: inner)
  let count = Double(rows * inner)
  @inline(__always)
  func backward(_ part: Planes.Part) {
    let center = part.load(mean)
    let inverse = part.load(inverseDeviation)
    let (sums, products) = part.gradientSums(x, dy, center)
    let inDouble = inverse.doubles
    part.store(Vector(nearest: sums), shiftGradient)
    part.store(Vector(nearest: products * inDouble), scaleGradient)
    let factor = inverse * part.load(scale)
    let average = Vector(nearest: sums / count)
    let slope = Vector(nearest: products * inDouble * inDouble / count)
    part.forEach { values in
      let distance = values.load(x) - center
      values.store((values.load(dy) - average - distance * slope) * factor, dx)
    }
  }
  planes.forEachPart(backward)
}

/// The gradients of `batchNormInference`, whose statistics are constants.
///
/// dx = scale / √(running variance + ε)·dy; the scale's gradient is the sum of dy·x̂, the shift's that
/// of dy.
package func batchNormInferenceBackward(
  _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, rows: Int, channels: Int, inner: Int,
  scale: UnsafePointer<Float>, runningMean: UnsafePointer<Float>,
  runningVariance: UnsafePointer<Float>, epsilon: Float, into dx: UnsafeMutablePointer<Float>,
  scaleGradient: UnsafeMutablePointer<Float>, shiftGradient: UnsafeMutablePointer<Float>
) {
  let planes = Planes(rows: rows, channels: channels, inner: inner)
  @inline(__always)
  func backward(_ part: Planes.Part) {
    let inverse = 1 / (part.load(runningVariance) + epsilon).roots
    let (sums, products) = part.gradientSums(x, dy, part.load(runningMean))
    part.store(Vector(nearest: sums), shiftGradient)
    part.store(Vector(nearest: products * inverse.doubles), scaleGradient)
    let factor = inverse * part.load(scale)
    part.forEach { values in values.store(values.load(dy) * factor, dx) }
  }
  planes.forEachPart(backward)
}

/// y = (x − running mean) / √(running variance + ε)·scale + shift.
package func batchNormInference(
  _ x: UnsafePointer<Float>, rows: Int, channels: Int, inner: Int,
  scale: UnsafePointer<Float>, shift: UnsafePointer<Float>, runningMean: UnsafePointer<Float>,
  runningVariance: UnsafePointer<Float>, epsilon: Float, into y: UnsafeMutablePointer<Float>
) {
  let planes = Planes(rows: rows, channels: channels, inner: inner)
  @inline(__always)
  func normalize(_ part: Planes.Part) {
    let center = part.load(runningMean)
    let factor = part.load(scale) / (part.load(runningVariance) + epsilon).roots
    let base = part.load(shift)
    part.forEach { values in
      values.store((values.load(x) - center) * factor + base, y)
    }
  }
  planes.forEachPart(normalize)
}
