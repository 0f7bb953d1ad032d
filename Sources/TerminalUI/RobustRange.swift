// Which values are so far from all others that a scale may leave them out.
import PlainText

/// The part of an axis without outliers.
enum RobustRange {
  /// From the 2nd to the 98th percentile, and on to the outermost value if that is not an outlier.
  ///
  /// Of at least ten values one at each end counts as outermost. Nil if all are of similar size.
  static func of(_ values: [Double], isLogarithmic: Bool = false) -> ClosedRange<Double>? {
    guard values.count >= 10 else { return nil }
    let sorted = values.sorted()
    let cut = max(1, values.count / 50)
    let place = { (value: Double) in isLogarithmic ? Mathematics.logarithm10(value) : value }
    let (first, last) = (sorted[0], sorted[sorted.count - 1])
    let (low, high) = (sorted[cut], sorted[sorted.count - 1 - cut])
    // Halved, since the difference of two huge values is infinite.
    let room = place(high) / 2 - place(low) / 2
    let isNearBelow = place(low) / 2 - place(first) / 2 <= room / 2
    let isNearAbove = place(last) / 2 - place(high) / 2 <= room / 2
    guard isNearBelow || isNearAbove || low < high else { return low...high }
    return (isNearBelow ? first : low)...(isNearAbove ? last : high)
  }
}
