// What a heat map over time needs of an entry of a history.

/// How values were distributed at a time.
package protocol ValueDistribution: HistoryEntry {
  /// True if a value was NaN or infinite.
  var isNonFinite: Bool { get }
  /// The smallest and the largest finite value; nil if none was finite.
  var range: ClosedRange<Float>? { get }

  /// That many values which stand for all, each for the same share, in ascending order; empty without a
  /// finite value.
  func representatives(_ count: Int) -> [Float]
}
