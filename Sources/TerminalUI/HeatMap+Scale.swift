// The axes of a heat map: from where to where, and the ceiling between two rows.
import PlainText

extension HeatMap {
  var horizontalScale: AxisScale? {
    if let horizontal { return AxisScale(horizontal.lowerBound, horizontal.upperBound) }
    let places = columns.lazy.map(\.x).filter(\.isFinite)
    guard let lower = places.min(), let upper = places.max() else { return nil }
    return AxisScale(lower, upper)
  }

  var verticalScale: AxisScale? {
    if let vertical {
      return AxisScale(vertical.lowerBound, min(vertical.upperBound, robustEnd ?? .infinity))
    }
    var lower = Float.infinity
    var upper = -Float.infinity
    for column in columns {
      for value in column.values where value.isFinite {
        lower = min(lower, value)
        upper = max(upper, value)
      }
    }
    guard lower <= upper else { return nil }
    var top = min(Double(upper), robustEnd ?? .infinity)
    if let reference, reference.value.isFinite { top = max(top, reference.value) }
    let bottom = lower >= 0 ? 0 : Double(lower)
    return AxisScale(bottom, top + (top - bottom) * 0.08)
  }

  /// A scale with an end moved so far that the ceiling lies between two rows, and the middle of the
  /// row below it: what is at the ceiling then fills that row and nothing above it.
  ///
  /// The end moves that wastes less room; the lower one stays at 0 or above.
  func fitted(_ scale: AxisScale, rows: Int) -> (scale: AxisScale, middle: Double)? {
    guard let ceiling = reference?.value, ceiling > scale.lower, ceiling < scale.upper, rows > 1
    else { return nil }
    let rows = Double(rows)
    let wanted = (ceiling - scale.lower) / (scale.upper - scale.lower) * rows
    var best: (below: Double, row: Double)?
    let fewer = wanted.rounded(.down)
    if fewer >= 1 { best = (fewer, (ceiling - scale.lower) / fewer) }
    let more = wanted.rounded(.up)
    if more < rows {
      let row = (scale.upper - ceiling) / (rows - more)
      if ceiling - row * more >= 0, row < best?.row ?? .infinity { best = (more, row) }
    }
    guard let (below, row) = best else { return nil }
    let lower = ceiling - row * below
    return (AxisScale(lower, lower + row * rows), ceiling - row / 2)
  }

  /// Where the axis ends when it leaves out outliers, with some room for the ceiling; nil: wherever
  /// the values do.
  private var robustEnd: Double? {
    guard isRobust else { return nil }
    let shown = columns.filter { column in horizontal.map { $0.contains(column.x) } ?? true }
    var values = shown.flatMap(\.values).filter(\.isFinite).map(Double.init)
    // What no value stands for is an outlier only where it is far from those that stand for all.
    if let largest = shown.map(\.largest).max(), largest.isFinite { values.append(Double(largest)) }
    guard let range = RobustRange.of(values) else { return nil }
    return max(range.upperBound * 1.04, (reference?.value ?? 0) * 1.15)
  }
}
