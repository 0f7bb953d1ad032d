// Figures of a comparison as people write them: as many decimals as their spread allows.
import Foundation
import PlainText
import RunRecords

/// Formats the values of one metric; shares stand in per cent, their differences in points.
package struct FigureText: Sendable, Equatable {
  package let metric: String

  package init(metric: String) { self.metric = metric }

  private var isShare: Bool { MetricName.isShare(metric) }
  /// 100 for shares.
  package var scale: Double { isShare ? 100 : 1 }

  /// The metric's name with its unit: "validation accuracy %".
  package var name: String { MetricName.words(metric) + (isShare ? " %" : "") }

  /// What differences are counted in: "points" for shares, nothing else.
  package var unit: String { isShare ? "points" : "" }

  /// "validation accuracy 78.5 %".
  package func words(_ value: Double) -> String {
    "\(MetricName.words(metric)) \(plain(value))\(isShare ? " %" : "")"
  }

  /// "validation accuracy 78.5 ± 4.1 %".
  package func words(_ estimate: Estimate?) -> String {
    "\(MetricName.words(metric)) \(meanAndDeviation(estimate))\(isShare ? " %" : "")"
  }

  /// "78.5 ± 4.1": mean and standard deviation; a mean alone for a single run, a dash for none.
  package func meanAndDeviation(_ estimate: Estimate?) -> String {
    guard let estimate else { return "–" }
    guard let deviation = estimate.standardDeviation else { return plain(estimate.mean) }
    return pair(estimate.mean, deviation)
  }

  /// "+2.8 ± 0.9": a mean difference and half of its 95 % interval.
  package func difference(_ difference: PairedDifference?) -> String {
    guard let difference else { return "–" }
    let mean = difference.estimate.mean
    guard let half = difference.halfWidth else { return Self.signed(plain(mean)) }
    return Self.signed(pair(mean, half))
  }

  /// "1 point", "0.5 points", "0.03": a distance with its unit.
  package func distance(_ value: Double) -> String {
    let text = Self.shortest(value * scale)
    return isShare ? "\(text) \(text == "1" ? "point" : "points")" : text
  }

  /// Three digits at most, without zeros behind them.
  private static func shortest(_ value: Double) -> String { String(format: "%.3g", value) }

  /// "−4.1 to +0.5": a 95 % interval of a difference; a dash for none.
  package func interval(_ interval: ClosedRange<Double>?) -> String {
    guard let interval, interval.lowerBound.isFinite, interval.upperBound.isFinite else {
      return "–"
    }
    let width = (interval.upperBound - interval.lowerBound) * scale
    let least = isShare ? 1 : 0
    let decimals =
      width > 0 && width.isFinite ? min(6, max(least, 1 - Self.magnitude(width))) : least
    return [interval.lowerBound, interval.upperBound].map { end in
      // An interval that ends at nothing ends on neither side of it.
      let text = Self.text(end * scale, decimals: decimals)
      return Double(text) == 0 ? text : Self.signed(text)
    }.joined(separator: " to ")
  }

  /// A plain value: three significant digits.
  package func plain(_ value: Double) -> String {
    guard value.isFinite else { return NonFinite.text(of: value) }
    let value = value * scale
    return Self.text(value, decimals: isShare ? 1 : max(0, 2 - Self.magnitude(value)))
  }

  /// Both with as many decimals as show two digits of the spread.
  private func pair(_ mean: Double, _ spread: Double) -> String {
    let (mean, spread) = (mean * scale, spread * scale)
    guard mean.isFinite, spread.isFinite else { return plain(mean / scale) }
    // A spread of nothing, rounding errors aside, leaves it to the mean.
    let least = isShare ? 1 : 0
    let wanted = spread > abs(mean) * 1e-9 ? 1 - Self.magnitude(spread) : 2 - Self.magnitude(mean)
    let decimals = min(6, max(least, wanted))
    return "\(Self.text(mean, decimals: decimals)) ± \(Self.text(spread, decimals: decimals))"
  }

  /// The power of ten of a number's first digit: 1 for 12, -1 for 0.5.
  private static func magnitude(_ value: Double) -> Int {
    value == 0 ? 0 : Int(log10(abs(value)).rounded(.down))
  }

  private static func signed(_ text: String) -> String {
    text.hasPrefix("-") ? "−" + text.dropFirst() : "+" + text
  }

  private static func text(_ value: Double, decimals: Int) -> String {
    let text = String(format: "%.\(min(max(decimals, 0), 6))f", value)
    // What rounds to nothing lies on neither side of it.
    return text.hasPrefix("-") && Double(text) == 0 ? String(text.dropFirst()) : text
  }
}
