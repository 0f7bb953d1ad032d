// An axis of a chart: its range, the round values beside it, and what they count.
import Foundation
import PlainText

/// A value with its place on an axis and its label.
struct AxisTick: Equatable, Sendable {
  var value: Double
  var label: String
}

/// A range of values with a name.
struct Axis: Sendable {
  /// With the unit: "validation accuracy, %".
  var name: String
  var scale: AxisScale
  /// The values to write beside it; nil: round ones.
  var fixedTicks: [Double]?

  init(_ name: String, _ scale: AxisScale, ticks: [Double]? = nil) {
    self.name = name
    self.scale = scale
    fixedTicks = ticks
  }

  /// Round values, at most `count`.
  func ticks(atMost count: Int) -> [AxisTick] {
    if let fixedTicks { return fixedTicks.map { AxisTick(value: $0, label: Self.short($0)) } }
    let values = scale.ticks(atMost: count).map(\.value)
    // Less than a decade of a logarithmic axis gets round values as a linear axis does.
    guard values.count > 1 else {
      return values.map { AxisTick(value: $0, label: Self.short($0)) }
    }
    let step = zip(values, values.dropFirst()).map { $1 - $0 }.min() ?? 1
    return values.map { value in
      AxisTick(
        value: value,
        label: scale.isLogarithmic ? Self.short(value) : Self.text(value, step: step))
    }
  }

  /// As many decimals as the step between ticks needs, thousands in groups; from a million with
  /// prefixes.
  static func text(_ value: Double, step: Double) -> String {
    guard value != 0 else { return "0" }
    let magnitude = abs(value)
    guard magnitude >= 1e-5, magnitude < 1e15 else { return short(value) }
    if magnitude >= 1e6 { return minus(NumberText.prefixed(value)) }
    if step >= 1, magnitude >= 10_000 { return minus(NumberText.grouped(Int(value.rounded()))) }
    let decimals = step >= 1 ? 0 : Int((-log10(step) - 1e-9).rounded(.up))
    return minus(NumberText.fixed(value, decimals: min(7, max(0, decimals))))
  }

  /// The shortest text of a value: 0.05, 3, 1e-6.
  static func short(_ value: Double) -> String {
    guard value.isFinite else { return NumberText.significant(value) }
    var text = Float(value).description
    if text.hasSuffix(".0") { text.removeLast(2) }
    return minus(text.replacing("e-0", with: "e-").replacing("e+", with: "e"))
  }

  /// With a sign as wide as a digit.
  static func minus(_ text: String) -> String {
    text.hasPrefix("-") ? "−" + text.dropFirst() : text
  }
}

extension AxisScale {
  /// A scale that holds all values with a little room at both ends; nil if no value is finite.
  ///
  /// Logarithmic if that was asked for and all of them are positive.
  init?(holding values: some Sequence<Double>, isLogarithmic: Bool = false, room: Double = 0.05) {
    var (low, high) = (Double.infinity, -Double.infinity)
    for value in values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
    }
    guard low <= high else { return nil }
    if isLogarithmic, low > 0 {
      let share = pow(high / low, room)
      self.init(low / share, high * share, isLogarithmic: true)
    } else {
      let width = high - low
      self.init(low - width * room, high + width * room)
    }
  }
}
