// Quantiles of norms, as step records hold them.

/// Interpolates linearly between the two nearest values, as NumPy does.
package enum Quantile {
  /// Sorts with NaN, which no comparison places, at the end, where the maximum shows it.
  package static func sort(_ values: inout [Float]) {
    values.sort { $1.isNaN && !$0.isNaN || $0 < $1 }
  }

  /// The value below which a share of sorted values lies, 0…1; 0 for an empty list.
  package static func of(_ sorted: [Float], _ share: Double) -> Float {
    guard let last = sorted.indices.last else { return 0 }
    // As a Float the place of the last of 2²⁴ units would be past the end.
    let position = share * Double(last)
    let low = Int(position)
    let fraction = Float(position - Double(low))
    return fraction == 0 ? sorted[low] : sorted[low] + fraction * (sorted[low + 1] - sorted[low])
  }
}
