// Group normalization of images or features (Wu and He 2018), by PyTorch's definitions.
//
// Each channel of each example is summed separately, in whatever order channels and pixels are
// stored; groups are put together from channels in Double. In all functions the output may be the
// memory of an input of the same shape.

extension Planes {
  /// Floats that `groupNorm` and `groupNormBackward` need to work in for one row, aligned as Doubles are.
  package var groupScratchCount: Int { 6 * channels }

  /// Two Doubles for each channel of each row: `[rows, 2, channels]`.
  fileprivate func channelSums(_ scratch: UnsafeMutablePointer<Float>)
    -> UnsafeMutablePointer<Double>
  {
    UnsafeMutableRawPointer(scratch).bindMemory(to: Double.self, capacity: 2 * rows * channels)
  }
}

extension Planes.Part {
  /// Writes two sums for each of the part's channels to `place` `[2, channels]`.
  @inline(__always)
  fileprivate func store(
    _ first: SIMD8<Double>, _ second: SIMD8<Double>, at place: UnsafeMutablePointer<Double>,
    channels count: Int
  ) {
    for lane in 0..<channels.count {
      place[channels.index + lane] = first[lane]
      place[count + channels.index + lane] = second[lane]
    }
  }
}

/// y = (x − mean) / √(variance + ε)·scale + shift, with mean and biased variance over the pixels of
/// `channels / groups` neighbouring channels of one example; scale and shift `[channels]`.
///
/// Writes mean and 1 / √(variance + ε) for each channel of each row, `[rows, channels]`, for
/// `groupNormBackward`.
package func groupNorm(
  _ x: UnsafePointer<Float>, _ planes: Planes, groups: Int, scale: UnsafePointer<Float>,
  shift: UnsafePointer<Float>, epsilon: Float, into y: UnsafeMutablePointer<Float>,
  mean: UnsafeMutablePointer<Float>, inverseDeviation: UnsafeMutablePointer<Float>,
  scratch: UnsafeMutablePointer<Float>
) {
  let channels = planes.channels
  precondition(channels % groups == 0, "\(channels) channels in \(groups) groups")
  let sums = planes.channelSums(scratch)
  // Of each channel the mean, and the squares of the distances from it, taken from a point nearby.
  @inline(__always)
  func measure(_ row: Int, _ part: Planes.Part) {
    let some = part.first(16)
    let center = Vector(nearest: some.sums(of: x) / Double(some.count))
    let (distances, squares) = part.distances(of: x, from: center)
    let count = Double(part.count)
    part.store(
      center.doubles + distances / count, squares - distances * distances / count,
      at: sums + 2 * row * channels, channels: channels)
  }
  planes.forEachRow(measure)
  let pixels = Double(planes.inner)
  forEachGroup(planes, groups) { row, group in
    let means = sums + 2 * row * channels
    let spreads = means + channels
    let average = group.reduce(0) { $0 + means[$1] } / Double(group.count)
    let squares = group.reduce(0.0) { sum, channel in
      let distance = means[channel] - average
      return sum + spreads[channel] + pixels * distance * distance
    }
    let variance = squares > 0 || squares.isNaN ? squares / (pixels * Double(group.count)) : 0
    let inverse = Float(1 / (variance + Double(epsilon)).squareRoot())
    for channel in group {
      mean[row * channels + channel] = Float(average)
      inverseDeviation[row * channels + channel] = inverse
    }
  }
  @inline(__always)
  func normalize(_ row: Int, _ part: Planes.Part) {
    part.normalize(
      x, part.load(mean + row * channels),
      factor: part.load(inverseDeviation + row * channels) * part.load(scale),
      base: part.load(shift), rectified: false, into: y)
  }
  planes.forEachRow(normalize)
}

/// The gradients of `groupNorm`, through the groups' statistics too.
///
/// With g = dy·scale and x̂ = (x − mean) / σ, dx = (g − mean of g − x̂·mean of g·x̂) / σ in each group; the
/// scale's gradient is the sum of dy·x̂ over rows and pixels, the shift's that of dy.
package func groupNormBackward(
  _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, _ planes: Planes, groups: Int,
  scale: UnsafePointer<Float>, mean: UnsafePointer<Float>,
  inverseDeviation: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>,
  scaleGradient: UnsafeMutablePointer<Float>, shiftGradient: UnsafeMutablePointer<Float>,
  scratch: UnsafeMutablePointer<Float>
) {
  let (rows, channels) = (planes.rows, planes.channels)
  let sums = planes.channelSums(scratch)
  let averages = scratch + 4 * rows * channels
  let slopes = averages + rows * channels
  // Of each channel the sums of dy and of dy·(x − mean).
  @inline(__always)
  func measure(_ row: Int, _ part: Planes.Part) {
    let center = part.load(mean + row * channels)
    @inline(__always)
    func terms(_ lanes: Lanes) -> (Vector, Vector) {
      let gradient = lanes.load(dy)
      return (gradient, gradient * (lanes.load(x) - center))
    }
    let (totals, products) = part.sums(terms)
    part.store(totals, products, at: sums + 2 * row * channels, channels: channels)
  }
  planes.forEachRow(measure)
  inParts(channels, elements: rows * channels) { part in
    for channel in part {
      var (total, product) = (0.0, 0.0)
      for row in 0..<rows {
        let place = 2 * row * channels + channel
        total += sums[place]
        product += sums[place + channels] * Double(inverseDeviation[row * channels + channel])
      }
      shiftGradient[channel] = Float(total)
      scaleGradient[channel] = Float(product)
    }
  }
  forEachGroup(planes, groups) { row, group in
    let totals = sums + 2 * row * channels
    let products = totals + channels
    let count = Double(planes.inner * group.count)
    let inverse = Double(inverseDeviation[row * channels + group.lowerBound])
    let total = group.reduce(0) { $0 + totals[$1] * Double(scale[$1]) }
    let product = group.reduce(0) { $0 + products[$1] * Double(scale[$1]) }
    for channel in group {
      averages[row * channels + channel] = Float(total / count)
      slopes[row * channels + channel] = Float(product * inverse * inverse / count)
    }
  }
  @inline(__always)
  func differentiate(_ row: Int, _ part: Planes.Part) {
    let place = row * channels
    let center = part.load(mean + place)
    let average = part.load(averages + place)
    let slope = part.load(slopes + place)
    let factor = part.load(inverseDeviation + place)
    let scale = part.load(scale)
    @inline(__always)
    func body(_ lanes: Lanes) {
      let distance = lanes.load(x) - center
      lanes.store((lanes.load(dy) * scale - average - distance * slope) * factor, dx)
    }
    part.forEach(body)
  }
  planes.forEachRow(differentiate)
}

/// Visits the groups of channels of every row.
private func forEachGroup(
  _ planes: Planes, _ groups: Int, _ body: (_ row: Int, _ group: Range<Int>) -> Void
) {
  let size = planes.channels / groups
  inParts(planes.rows, elements: planes.rows * planes.channels) { rows in
    for row in rows {
      for group in 0..<groups { body(row, group * size..<(group + 1) * size) }
    }
  }
}
