// Histories as the charts take them.
import RunHistory
import TerminalUI

extension History where Entry == Reading {
  /// The points of a line, about one for each of `count` columns, and one beyond each edge.
  ///
  /// The minimum and the maximum of every column are kept; a NaN becomes a separate point, so that
  /// the chart can mark it.
  func points(on axis: StepAxis, count: Int, scale: Double = 1) -> [LinePoint] {
    let entries = entries(on: axis, count: count)
    var points: [LinePoint] = []
    points.reserveCapacity(entries.inside.count + 2)
    for bucket in [entries.before].compactMap({ $0 }) + entries.inside
      + [entries.after].compactMap({ $0 })
    {
      let reading = bucket.entry
      let x = axis.x(bucket.lastStep)
      if reading.hasValue {
        points.append(
          LinePoint(
            x: x, minimum: Double(reading.minimum) * scale,
            maximum: Double(reading.maximum) * scale, mean: Double(reading.mean) * scale))
      }
      if reading.isNonFinite { points.append(LinePoint(x: x, value: .nan)) }
    }
    return points
  }
}

extension History where Entry: ValueDistribution {
  /// The columns of a heat map, each as `values` values of equal share; what is beside an edge reaches
  /// up to it.
  func heatColumns(on axis: StepAxis, count: Int, values: Int = 64) -> [HeatColumn] {
    let entries = entries(on: axis, count: count)
    let column = { (entry: Entry, x: Double) in
      HeatColumn(
        x: x, values: entry.representatives(values) + (entry.isNonFinite ? [.nan] : []),
        largest: entry.range?.upperBound)
    }
    var columns = entries.inside.map { column($0.entry, axis.x($0.lastStep)) }
    if let before = entries.before {
      columns.insert(column(before.entry, axis.range.lowerBound), at: 0)
    }
    if entries.after != nil, var last = columns.last {
      last.x = axis.range.upperBound
      columns.append(last)
    }
    return columns
  }

  /// The smallest and the largest finite value over a range of steps, or those in effect there; nil
  /// if there are none.
  func range(over steps: ClosedRange<Int>) -> ClosedRange<Float>? {
    let inside = columns(over: steps, count: 1)[0]?.entry.range
    return inside ?? entry(before: steps.lowerBound)?.entry.range
  }

  /// What was measured last up to a step.
  func measured(at step: Int) -> Entry? {
    (step < .max ? entry(before: step + 1) : last)?.entry
  }
}
