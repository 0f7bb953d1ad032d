// When the next units will reach the ceiling if their norms keep rising as they did.

/// What a straight line through the recent norms says about the ceiling.
package enum CeilingForecast: Sendable, Equatable {
  /// So many steps from now the named part of the units will have reached it.
  case reached(by: Part, inSteps: Int)
  /// It rises steadily, but will not reach the ceiling within this many steps.
  case notWithin(Int)
  /// What lies next below the ceiling does not rise.
  case notApproaching
  /// It moves, but not along a straight line.
  case unclear
  /// Too few records since the last change of a setting.
  case tooEarly
  /// Even the smallest norm is at the ceiling.
  case allReached

  /// Whose norm it is that the ceiling is next to; the figures that step records carry.
  package enum Part: Sendable, Equatable, CaseIterable {
    case largest, quarter, half, threeQuarters, all
  }

  /// Fewer records make no trend.
  static let leastPoints = 16
  /// As many of the last records as count.
  static let mostPoints = 200
  /// A line is extrapolated over this many times the range it was fitted to.
  static let reach = 4
  /// The share of the variance that the line has to explain.
  static let leastFit = 0.8

  /// A damaged log may name any step.
  private static let farthest = 1e15

  /// Draws a line through norms, in the order of their steps, and on to the ceiling.
  static func extrapolating(
    _ points: [(step: Int, norm: Float)], to ceiling: Float, part: Part
  ) -> CeilingForecast {
    guard points.count >= leastPoints, let first = points.first, let last = points.last else {
      return .tooEarly
    }
    let count = Double(points.count)
    let span = Double(last.step) - Double(first.step)
    guard span > 0 else { return .tooEarly }
    guard points.allSatisfy(\.norm.isFinite) else { return .unclear }
    let x = points.map { (Double($0.step) - Double(first.step)) / span }
    let y = points.map { Double($0.norm) }
    let meanX = x.reduce(0, +) / count
    let meanY = y.reduce(0, +) / count
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    for (x, y) in zip(x, y) {
      xx += (x - meanX) * (x - meanX)
      xy += (x - meanX) * (y - meanY)
      yy += (y - meanY) * (y - meanY)
    }
    guard xx > 0 else { return .tooEarly }
    let slope = xy / xx
    // What rises by less than rounding does is flat.
    guard slope > 1e-6 * max(abs(meanY), 1e-30) else { return .notApproaching }
    guard xy * xy / xx >= leastFit * yy, isSteady(y) else { return .unclear }
    let gap = max(0, Double(ceiling) - (meanY + slope * (1 - meanX)))
    let steps = gap / slope * span
    let limit = span * Double(reach)
    guard steps <= limit else { return .notWithin(Int(min(limit, farthest))) }
    return .reached(by: part, inSteps: max(1, Int(min(steps, farthest).rounded())))
  }

  /// Whether the later half rises about as fast as the earlier: a random walk seldom does, and a
  /// curve that levels off would arrive later than a line, or never.
  private static func isSteady(_ values: [Double]) -> Bool {
    let third = values.count / 3
    let mean = { (part: ArraySlice<Double>) in part.reduce(0, +) / Double(part.count) }
    let early = mean(values[..<third])
    let middle = mean(values[third..<values.count - third])
    let late = mean(values[(values.count - third)...])
    let (before, after) = (middle - early, late - middle)
    return before > 0 && after >= before / 2 && after <= before * 2.5
  }
}

extension RunSegment {
  /// When the next units of a layer will reach its ceiling; nil if it has none.
  ///
  /// Looked at are the records since a setting last changed: before that the norms followed another
  /// rule.
  package func forecast(_ layer: LayerState) -> CeilingForecast? {
    guard let ceiling = layer.ceiling, ceiling.isFinite, ceiling > 0 else { return nil }
    let change = marks.last?.step ?? -1
    let entries = layer.quantiles.lastEntries(CeilingForecast.mostPoints)
      .drop { $0.firstStep <= change }
    guard let latest = entries.last?.entry else { return .tooEarly }
    for part in CeilingForecast.Part.allCases {
      let value = latest[keyPath: part.figure]
      guard value.hasValue else { return .unclear }
      guard !layer.band.reaches(value.last, ceiling) else { continue }
      let points = entries.map { (step: $0.lastStep, norm: $0.entry[keyPath: part.figure]) }
      return .extrapolating(
        points.map { ($0.step, $0.norm.hasValue ? $0.norm.last : .nan) }, to: ceiling, part: part)
    }
    return .allReached
  }
}

extension CeilingForecast.Part {
  /// The figure that is at the ceiling when this part of the units is.
  fileprivate var figure: KeyPath<NormQuantiles, Reading> {
    switch self {
    case .largest: \.maximum
    case .quarter: \.p75
    case .half: \.median
    case .threeQuarters: \.p25
    case .all: \.minimum
    }
  }
}
