// How far apart two arms may lie and still be called as good.
import PlainText

/// The difference that does not matter to the user, fixed before the first run.
package enum Margin: Sendable, Equatable {
  /// In the metric's own unit: 0.01 of an accuracy is a point.
  case absolute(Double)
  /// A part of the baseline's mean, 0.02 for 2 %.
  case relative(Double)

  /// A percentage point for shares, 2 % of the baseline's mean otherwise.
  package static func standard(for metric: String) -> Margin {
    MetricName.isShare(metric) ? .absolute(0.01) : .relative(0.02)
  }

  /// In the metric's own unit; nil while the baseline has no mean.
  package func width(baseline mean: Double?) -> Double? {
    switch self {
    case .absolute(let width): width
    case .relative(let part): mean.map { part * abs($0) }
    }
  }

  /// What `init(_:)` reads, in words.
  package static let expected = "a number above 0 in the metric's unit, or per cent such as 2%"

  /// Reads 0.01 or 2%; nil if it is neither.
  package init?(_ text: String) {
    let isRelative = text.hasSuffix("%")
    let digits = isRelative ? text.dropLast() : Substring(text)
    guard let number = Double(digits.filter { $0 != " " }), number.isFinite, number > 0 else {
      return nil
    }
    self = isRelative ? .relative(number / 100) : .absolute(number)
  }

  /// Reads what `document` writes, or a number; nil if it is not a margin.
  package init?(_ document: JSONValue?) {
    switch document {
    case .text(let text): self.init(text)
    case let other?: self.init(other.double.map { "\($0)" } ?? "")
    case nil: return nil
    }
  }

  /// As experiments hold it.
  package var document: JSONValue {
    switch self {
    case .absolute(let width): .number(width)
    case .relative(let part): .text("\(NumberName.of(part * 100)) %")
    }
  }
}
