// Batch normalization of images or features per channel (Ioffe and Szegedy 2015), by PyTorch's
// definitions, with the ReLU that often follows.
//
// Memory is passed through in order, and as seldom as can be: the sums of small tiles, which are in
// the cache the second time, are put together in Double. In all functions the output may be the
// memory of an input of the same shape.

extension Planes {
  /// Floats that `batchNorm` and `batchNormBackward` need to work in, aligned as Doubles are.
  package var scratchCount: Int { 2 * TileSums.count(self) + 2 * channels }

  fileprivate func tileSums(_ scratch: UnsafeMutablePointer<Float>) -> TileSums {
    let count = TileSums.count(self)
    return TileSums(
      self, in: UnsafeMutableRawPointer(scratch).bindMemory(to: Double.self, capacity: count))
  }

  /// What the tile sums leave room for: two arrays with one value a channel.
  fileprivate func channelValues(
    _ scratch: UnsafeMutablePointer<Float>
  ) -> (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) {
    let start = scratch + 2 * TileSums.count(self)
    return (start, start + channels)
  }
}

/// y = (x − mean) / √(variance + ε)·scale + shift, with the mean and biased variance of this batch;
/// `rectified`: and 0 if that is negative.
///
/// Writes each channel's mean and 1 / √(variance + ε) for `batchNormBackward`, and the variance
/// where a pointer is given for it.
package func batchNorm(
  _ x: UnsafePointer<Float>, _ planes: Planes, scale: UnsafePointer<Float>,
  shift: UnsafePointer<Float>, epsilon: Float, rectified: Bool = false,
  into y: UnsafeMutablePointer<Float>, mean: UnsafeMutablePointer<Float>,
  inverseDeviation: UnsafeMutablePointer<Float>, variance: UnsafeMutablePointer<Float>? = nil,
  scratch: UnsafeMutablePointer<Float>
) {
  let sums = planes.tileSums(scratch)
  // Of each tile the sum, and the squares of the distances from its own mean. They are taken from a
  // point nearby: the mean of 16 of its 256 values lies no farther than 4 deviations off, because
  // those 16 deviate too.
  @inline(__always)
  func measure(_ part: Planes.Part) {
    let some = part.first(16)
    let count = Double(part.count)
    let center = Vector(nearest: some.sums(of: x) / Double(some.count))
    let (distances, squares) = part.distances(of: x, from: center)
    sums.store(
      center.doubles * count + distances, squares - distances * distances / count, of: part)
  }
  planes.forEachPart(measure)
  let count = Double(planes.rows * planes.inner)
  for channel in 0..<planes.channels {
    var total = 0.0
    for tile in 0..<planes.tiles { total += sums(tile, channel).0 }
    let average = total / count
    var squares = 0.0
    for tile in 0..<planes.tiles {
      let (sum, spread) = sums(tile, channel)
      let values = Double(planes.values(inTile: tile))
      let distance = sum / values - average
      squares += spread + values * distance * distance
    }
    let spread = squares > 0 || squares.isNaN ? squares / count : 0
    mean[channel] = Float(average)
    inverseDeviation[channel] = Float(1 / (spread + Double(epsilon)).squareRoot())
    variance?[channel] = Float(spread)
  }
  @inline(__always)
  func normalize(_ part: Planes.Part) {
    part.normalize(
      x, part.load(mean), factor: part.load(inverseDeviation) * part.load(scale),
      base: part.load(shift), rectified: rectified, into: y)
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
/// is the sum of dy·x̂, the shift's that of dy. Rectified, dy counts where y > 0.
package func batchNormBackward(
  _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, _ planes: Planes,
  scale: UnsafePointer<Float>, shift: UnsafePointer<Float>, mean: UnsafePointer<Float>,
  inverseDeviation: UnsafePointer<Float>, rectified: Bool = false,
  into dx: UnsafeMutablePointer<Float>, scaleGradient: UnsafeMutablePointer<Float>,
  shiftGradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
) {
  let sums = planes.tileSums(scratch)
  let (averages, slopes) = planes.channelValues(scratch)
  @inline(__always)
  func slope(_ part: Planes.Part) -> Slope {
    Slope(
      x: x, dy: dy, center: part.load(mean),
      factor: part.load(inverseDeviation) * part.load(scale), base: part.load(shift))
  }
  @inline(__always)
  func measure(_ part: Planes.Part) {
    let (total, product) = part.sums(slope(part), rectified: rectified)
    sums.store(total, product, of: part)
  }
  planes.forEachPart(measure)
  let count = Double(planes.rows * planes.inner)
  for channel in 0..<planes.channels {
    let (total, product) = sums.totals(channel)
    let inverse = Double(inverseDeviation[channel])
    shiftGradient[channel] = Float(total)
    scaleGradient[channel] = Float(product * inverse)
    averages[channel] = Float(total / count)
    slopes[channel] = Float(product * inverse * inverse / count)
  }
  @inline(__always)
  func differentiate(_ part: Planes.Part) {
    part.differentiate(
      slope(part), average: part.load(averages), slope: part.load(slopes), rectified: rectified,
      into: dx)
  }
  planes.forEachPart(differentiate)
}

/// The gradients of `batchNormInference`, whose statistics are constants.
///
/// dx = scale / √(running variance + ε)·dy; the scale's gradient is the sum of dy·x̂, the shift's that
/// of dy. Rectified, dy counts where y > 0.
package func batchNormInferenceBackward(
  _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, _ planes: Planes,
  scale: UnsafePointer<Float>, shift: UnsafePointer<Float>, runningMean: UnsafePointer<Float>,
  runningVariance: UnsafePointer<Float>, epsilon: Float, rectified: Bool = false,
  into dx: UnsafeMutablePointer<Float>, scaleGradient: UnsafeMutablePointer<Float>,
  shiftGradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
) {
  let sums = planes.tileSums(scratch)
  @inline(__always)
  func slope(_ part: Planes.Part) -> Slope {
    Slope(
      x: x, dy: dy, center: part.load(runningMean),
      factor: part.load(scale) / (part.load(runningVariance) + epsilon).roots,
      base: part.load(shift))
  }
  @inline(__always)
  func measure(_ part: Planes.Part) {
    let (total, product) = part.sums(slope(part), rectified: rectified)
    sums.store(total, product, of: part)
  }
  planes.forEachPart(measure)
  for channel in 0..<planes.channels {
    let (total, product) = sums.totals(channel)
    shiftGradient[channel] = Float(total)
    scaleGradient[channel] = Float(
      product / Double(runningVariance[channel] + epsilon).squareRoot())
  }
  @inline(__always)
  func differentiate(_ part: Planes.Part) {
    part.differentiate(slope(part), average: .zero, slope: .zero, rectified: rectified, into: dx)
  }
  planes.forEachPart(differentiate)
}

/// y = (x − running mean) / √(running variance + ε)·scale + shift; `rectified`: and 0 if that is
/// negative.
package func batchNormInference(
  _ x: UnsafePointer<Float>, _ planes: Planes, scale: UnsafePointer<Float>,
  shift: UnsafePointer<Float>, runningMean: UnsafePointer<Float>,
  runningVariance: UnsafePointer<Float>, epsilon: Float, rectified: Bool = false,
  into y: UnsafeMutablePointer<Float>
) {
  @inline(__always)
  func normalize(_ part: Planes.Part) {
    part.normalize(
      x, part.load(runningMean),
      factor: part.load(scale) / (part.load(runningVariance) + epsilon).roots,
      base: part.load(shift), rectified: rectified, into: y)
  }
  planes.forEachPart(normalize)
}
