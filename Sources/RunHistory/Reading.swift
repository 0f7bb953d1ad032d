// One figure in a history: its mean, its extremes, and whether it ever was NaN.

/// A figure, or several merged: no spike and no NaN gets lost in merging.
package struct Reading: HistoryEntry, Equatable {
  /// The number of finite values, as a Float to keep histories small.
  private var count: Float
  package private(set) var minimum: Float
  package private(set) var maximum: Float
  package private(set) var mean: Float
  package private(set) var last: Float
  /// True if a value was NaN or infinite.
  package private(set) var isNonFinite: Bool

  /// A value with the extremes of what it is the mean of.
  package init(_ value: Float, minimum: Float? = nil, maximum: Float? = nil) {
    mean = value
    last = value
    self.minimum = minimum ?? value
    self.maximum = maximum ?? value
    isNonFinite = !(value.isFinite && self.minimum.isFinite && self.maximum.isFinite)
    count = isNonFinite ? 0 : 1
  }

  /// True if there is a finite value; without one the figures above mean nothing.
  package var hasValue: Bool { count > 0 }

  package mutating func merge(_ later: Reading) {
    let nonFinite = isNonFinite || later.isNonFinite
    if count == 0 {
      self = later
    } else if later.count > 0 {
      minimum = min(minimum, later.minimum)
      maximum = max(maximum, later.maximum)
      count += later.count
      mean += (later.mean - mean) * (later.count / count)
      last = later.last
    }
    isNonFinite = nonFinite
  }
}

extension History where Entry == Reading {
  /// Adds a value with the extremes of what it is the mean of; nothing where it is unknown.
  package mutating func append(
    _ value: Float?, minimum: Float? = nil, maximum: Float? = nil, at step: Int
  ) {
    guard let value else { return }
    append(Reading(value, minimum: minimum, maximum: maximum), at: step)
  }
}
