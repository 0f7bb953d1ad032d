// Histories as the charts take them.
import TerminalUI

extension History where Entry == Reading {
  /// The points of a line over a range of steps, about one for each of `count` columns.
  ///
  /// Minimum and maximum of every column are kept; a value that was no number comes as a point of its
  /// own, so that the chart can say so.
  package func points(over steps: ClosedRange<Int>, count: Int) -> [LinePoint] {
    var points: [LinePoint] = []
    for case let bucket? in columns(over: steps, count: count) {
      let reading = bucket.entry
      let x = Double(bucket.lastStep)
      if reading.hasValue {
        points.append(
          LinePoint(
            x: x, minimum: Double(reading.minimum), maximum: Double(reading.maximum),
            mean: Double(reading.mean)))
      }
      if reading.isNonFinite { points.append(LinePoint(x: x, value: .nan)) }
    }
    return points
  }
}

extension History where Entry == NormDistribution {
  /// The columns of a heat map over a range of steps, each as `values` norms of equal share.
  package func heatColumns(
    over steps: ClosedRange<Int>, count: Int, values: Int = 64
  ) -> [HeatColumn] {
    columns(over: steps, count: count).compactMap { bucket in
      bucket.map { HeatColumn(x: Double($0.lastStep), values: $0.entry.representatives(values)) }
    }
  }

  /// The smallest and the largest finite norm over a range of steps; nil where there is none.
  package func range(over steps: ClosedRange<Int>) -> ClosedRange<Float>? {
    columns(over: steps, count: 1)[0]?.entry.range
  }
}
