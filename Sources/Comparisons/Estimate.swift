// What several runs say of one figure: its mean, and how much runs differ.

/// Mean and standard deviation of a figure over runs.
package struct Estimate: Sendable, Equatable {
  /// At least 1.
  package let count: Int
  package let mean: Double
  /// With n - 1 in the denominator; nil for a single value.
  package let standardDeviation: Double?

  /// Nil for no values.
  package init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    count = values.count
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    guard values.count > 1 else {
      standardDeviation = nil
      return
    }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / Double(values.count - 1)).squareRoot()
    // Runs that all ended alike: what rounding leaves of their mean is not a spread.
    let rounding = 1e-12 * (values.map(abs).max() ?? 0)
    standardDeviation = deviation > rounding || !deviation.isFinite ? deviation : 0
  }

  /// The standard error of the mean; nil for a single value.
  package var standardError: Double? {
    standardDeviation.map { $0 / Double(count).squareRoot() }
  }
}
