// The y axis of a line chart: what its visible points need, or all but the few far from the others.
import PlainText

extension LineChart {
  func verticalScale(within x: AxisScale) -> AxisScale? {
    if let vertical {
      return AxisScale(vertical.lowerBound, vertical.upperBound, isLogarithmic: isLogarithmic)
    }
    let values = visibleValues(within: x)
    guard !values.isEmpty else { return nil }
    let shown = isLogarithmic ? values.filter { $0 > 0 } : values
    guard var lower = shown.min(), var upper = shown.max() else { return AxisScale(-1, 1) }
    if isRobust, let range = RobustRange.of(shown, isLogarithmic: isLogarithmic) {
      (lower, upper) = (range.lowerBound, range.upperBound)
    }
    if let reference, reference.value.isFinite, !isLogarithmic || reference.value > 0 {
      lower = min(lower, reference.value)
      upper = max(upper, reference.value)
    }
    if isLogarithmic { return AxisScale(lower, upper, isLogarithmic: true) }
    // Room at the ends, so that no line lies on the frame; not below 0 for what never is.
    let room = (upper / 2 - lower / 2) * 0.06
    let isPositive = lower >= 0
    lower = isPositive && (startsAtZero || lower - room < (upper - lower) * 0.15) ? 0 : lower - room
    return AxisScale(lower, upper + room)
  }

  /// All finite values that are drawn; without outliers those that were measured, since a smoothed
  /// line makes of one spike many high values.
  private func visibleValues(within x: AxisScale) -> [Double] {
    var values: [Double] = []
    func add(_ points: [LinePoint], withBand: Bool) {
      let edges = [points.passing(x.lower), points.passing(x.upper)].compactMap { $0 }
      for point in points.filter({ $0.x >= x.lower && $0.x <= x.upper }) + edges {
        if point.mean.isFinite { values.append(point.mean) }
        guard withBand else { continue }
        if point.minimum.isFinite { values.append(point.minimum) }
        if point.maximum.isFinite { values.append(point.maximum) }
      }
    }
    for line in series {
      add(isRobust ? line.measured : line.points, withBand: line.showsBand)
      if !isRobust, line.showsLine, !line.raw.isEmpty { add(line.raw, withBand: false) }
    }
    return values
  }
}
