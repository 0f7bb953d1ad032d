// The numbers that a setting can be, and how a message says so.

/// A range of finite numbers.
package enum NumberRange: Sendable, Equatable {
  case zeroOrMore
  case aboveZero
  /// From 0 to below 1.
  case share
  /// Above 0 to 1.
  case partOrAll
  /// From 0 to 1.
  case zeroToOne

  package func contains(_ number: Double) -> Bool {
    switch self {
    case .zeroOrMore: number.isFinite && number >= 0
    case .aboveZero: number.isFinite && number > 0
    case .share: number >= 0 && number < 1
    case .partOrAll: number > 0 && number <= 1
    case .zeroToOne: number >= 0 && number <= 1
    }
  }

  /// Behind a name: "above 0".
  package var text: String {
    switch self {
    case .zeroOrMore: "0 or more"
    case .aboveZero: "above 0"
    case .share: "from 0 to below 1"
    case .partOrAll: "above 0 to 1"
    case .zeroToOne: "from 0 to 1"
    }
  }

  /// By itself: "a number above 0".
  package var phrase: String { self == .zeroOrMore ? "a number of \(text)" : "a number \(text)" }
}
