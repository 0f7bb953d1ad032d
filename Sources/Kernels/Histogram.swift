// How values are distributed: counts in parts of equal width.

/// Counts every `stride`-th of `count` values in at most `parts` neighbouring parts (4 or more) of equal
/// width.
///
/// A part's width is a power of two and its ends are multiples of it: counts of different times are then
/// merged without loss, the finer ones two by two. `counts` is empty where no value is finite.
///
/// - Returns: the lower end of the first part, the upper end of the last one, and how many values are
///   NaN or infinite.
package func distribution(
  of values: UnsafePointer<Float>, count: Int, stride step: Int = 1, parts: Int,
  into counts: inout [Int]
) -> (low: Float, high: Float, nonFinite: Int) {
  precondition(parts >= 4, "expected at least 4 parts, found \(parts)")
  precondition(step >= 1, "expected a stride of at least 1, found \(step)")
  counts.removeAll(keepingCapacity: true)
  var nonFinite = 0
  var (least, most) = (Float.infinity, -Float.infinity)
  var index = 0
  while index < count {
    let value = values[index]
    index += step
    guard value.isFinite else {
      nonFinite += 1
      continue
    }
    least = min(least, value)
    most = max(most, value)
  }
  guard least <= most else { return (0, 0, nonFinite) }
  // In Double, where no difference of two Floats overflows.
  let (bottom, top) = (Double(least), Double(most))
  // Parts that are finer than Floats there would have no ends that are Floats.
  let finest = max(max(abs(bottom), abs(top)) * 0x1p-20, 0x1p-120)
  let wanted = max((top - bottom) / Double(parts), finest)
  var width = Double(sign: .plus, exponent: Int(wanted.exponent), significand: 1)
  var first = (bottom / width).rounded(.down)
  while (top / width).rounded(.down) - first >= Double(parts) {
    width *= 2
    first = (bottom / width).rounded(.down)
  }
  let last = Int((top / width).rounded(.down) - first)
  counts.append(contentsOf: repeatElement(0, count: last + 1))
  let scale = 1 / width
  counts.withUnsafeMutableBufferPointer { counts in
    var index = 0
    while index < count {
      let value = values[index]
      index += step
      guard value.isFinite else { continue }
      counts[min(last, max(0, Int((Double(value) * scale - first).rounded(.down))))] += 1
    }
  }
  let high = Float((first + Double(last + 1)) * width)
  return (Float(first * width), min(high, .greatestFiniteMagnitude), nonFinite)
}
