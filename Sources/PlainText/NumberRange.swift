// The numbers that a setting can be, and how a message says so.

/// A range of finite numbers.
package enum NumberRange: Sendable, Equatable {
  case zeroOrMore
  case aboveZero
  case zeroToBelowOne
  case aboveZeroToOne
  case zeroToOne

  /// Where a range begins and ends; nil: no bound of that kind.
  package struct Bounds: Sendable, Equatable {
    package var atLeast: Double?
    package var above: Double?
    package var atMost: Double?
    package var below: Double?
  }

  /// All that is said and checked elsewhere follows from these.
  package var bounds: Bounds {
    switch self {
    case .zeroOrMore: Bounds(atLeast: 0)
    case .aboveZero: Bounds(above: 0)
    case .zeroToBelowOne: Bounds(atLeast: 0, below: 1)
    case .aboveZeroToOne: Bounds(above: 0, atMost: 1)
    case .zeroToOne: Bounds(atLeast: 0, atMost: 1)
    }
  }

  package func contains(_ number: Double) -> Bool {
    let bounds = bounds
    return number.isFinite && number >= bounds.atLeast ?? number
      && number > bounds.above ?? -.infinity && number <= bounds.atMost ?? number
      && number < bounds.below ?? .infinity
  }

  /// Behind a name: "above 0", "from 0 to below 1".
  package var text: String {
    let bounds = bounds
    let end = bounds.atMost.map(Self.text) ?? bounds.below.map { "below \(Self.text($0))" }
    let start = bounds.atLeast.map(Self.text) ?? ""
    return switch (bounds.above, end) {
    case (let above?, let end?): "above \(Self.text(above)) to \(end)"
    case (let above?, nil): "above \(Self.text(above))"
    case (nil, let end?): "from \(start) to \(end)"
    case (nil, nil): "\(start) or more"
    }
  }

  /// By itself: "a number above 0".
  package var phrase: String { self == .zeroOrMore ? "a number of \(text)" : "a number \(text)" }

  /// Behind "a number", bound by bound: "of at least 0 and below 1".
  package var boundsText: String {
    let bounds = bounds
    let words = [
      bounds.atLeast.map { "of at least \(Self.text($0))" },
      bounds.above.map { "above \(Self.text($0))" },
      bounds.atMost.map { "at most \(Self.text($0))" },
      bounds.below.map { "below \(Self.text($0))" },
    ]
    return words.compactMap { $0 }.joined(separator: " and ")
  }

  private static func text(_ bound: Double) -> String {
    bound == bound.rounded() ? String(Int(bound)) : String(bound)
  }
}
