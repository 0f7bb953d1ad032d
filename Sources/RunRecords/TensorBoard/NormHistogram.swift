// How many units have norms of which size, in the form of event files.

/// Counts of values in ranges of equal width from the smallest to the largest.
struct NormHistogram: Equatable {
  var minimum: Double
  var maximum: Double
  var count: Double
  var sum: Double
  var sumOfSquares: Double
  /// The upper ends of the ranges; the last one is the largest value, which its range includes.
  var limits: [Double]
  var counts: [Double]

  /// As many as TensorBoard draws.
  private static let ranges = 30

  /// Nil if no value is a finite number; others are left out.
  init?(_ norms: [Float]) {
    let values = norms.filter(\.isFinite).map(Double.init)
    guard let minimum = values.min(), let maximum = values.max() else { return nil }
    self.minimum = minimum
    self.maximum = maximum
    count = Double(values.count)
    sum = values.reduce(0, +)
    sumOfSquares = values.reduce(0) { $0 + $1 * $1 }
    let width = (maximum - minimum) / Double(Self.ranges)
    guard width > 0 else {
      limits = [maximum]
      counts = [count]
      return
    }
    limits = (1...Self.ranges).map { minimum + width * Double($0) }
    limits[Self.ranges - 1] = maximum
    counts = Array(repeating: 0, count: Self.ranges)
    for value in values {
      var index = min(Int((value - minimum) / width), Self.ranges - 1)
      // Rounding must not put a value beside the range that its limits say.
      while index < Self.ranges - 1, value >= limits[index] { index += 1 }
      while index > 0, value < limits[index - 1] { index -= 1 }
      counts[index] += 1
    }
  }
}
