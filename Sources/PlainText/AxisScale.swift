// From values to places on an axis, and the round numbers written beside it.

/// A tick of an axis.
package struct Tick: Hashable, Sendable {
  package let value: Double
  package let label: String

  package init(value: Double, label: String) {
    self.value = value
    self.label = label
  }
}

/// A range of values laid along an axis, linear or logarithmic.
///
/// Any finite input is fine: huge ranges, equal ends, ends in the wrong order.
package struct AxisScale: Hashable, Sendable {
  package let lower: Double
  package let upper: Double
  package let isLogarithmic: Bool

  /// Values beyond are drawn at the edge; their differences and squares still fit in a Double.
  private static let largest = 1e300
  private static let smallestPositive = 1e-300

  package init(_ first: Double, _ second: Double, isLogarithmic: Bool = false) {
    let clamp = { (value: Double) in
      value.isNaN ? 0 : min(Self.largest, max(-Self.largest, value))
    }
    var lower = min(clamp(first), clamp(second))
    var upper = max(clamp(first), clamp(second))
    self.isLogarithmic = isLogarithmic && upper > Self.smallestPositive
    if self.isLogarithmic {
      lower = max(lower, lower > 0 ? Self.smallestPositive : upper / 1e6, Self.smallestPositive)
      if upper / lower < 1.000_001 { (lower, upper) = (lower / 2, upper * 2) }
    } else if upper - lower <= max(abs(lower), abs(upper)) * 1e-12 {
      let room = max(abs(upper) * 0.1, 1e-9)
      (lower, upper) = upper == 0 ? (0, 1) : (lower - room, upper + room)
    }
    self.lower = lower
    self.upper = upper
  }

  /// Where a value lies, 0 at the lower end and 1 at the upper; nil for NaN.
  ///
  /// Outside the range it is below 0 or above 1.
  /// On a logarithmic axis what is not positive lies at the lower end.
  package func position(_ value: Double) -> Double? {
    guard !value.isNaN else { return nil }
    let value = min(Self.largest, max(-Self.largest, value))
    if isLogarithmic {
      guard value > 0 else { return 0 }
      let low = Mathematics.logarithm10(lower)
      let high = Mathematics.logarithm10(upper)
      return (Mathematics.logarithm10(max(value, Self.smallestPositive)) - low) / (high - low)
    }
    return (value - lower) / (upper - lower)
  }

  /// The value at a place on the axis.
  package func value(at position: Double) -> Double {
    if isLogarithmic {
      let low = Mathematics.logarithm10(lower)
      let high = Mathematics.logarithm10(upper)
      return Mathematics.power(10, low + (high - low) * position)
    }
    return lower + (upper - lower) * position
  }

  /// The step 0..<count on which a value falls, the edges held; nil for NaN.
  package func step(_ value: Double, of count: Int) -> Int? {
    guard count > 0, let position = position(value) else { return nil }
    return min(count - 1, max(0, Mathematics.integer(position * Double(count - 1))))
  }

  // MARK: Ticks

  /// Round values within the range, at most `count`: multiples of 1, 2 or 5 times a power of ten,
  /// if that gives more than one.
  package func ticks(atMost count: Int) -> [Tick] {
    guard count > 0 else { return [] }
    if isLogarithmic, let decades = decadeTicks(atMost: count) { return decades }
    var (values, step) = Self.roundValues(lower, upper, digits: [1, 2, 5], from: 1, to: count)
    // One number makes no scale: rather two that are less round.
    if values.count == 1, count > 1 {
      let others = Self.roundValues(lower, upper, digits: [8, 6, 4, 3], from: 2, to: count)
      if others.values.count > 1 { (values, step) = others }
    }
    return values.map { Tick(value: $0, label: Self.label($0, step: step)) }
  }

  private static func roundValues(
    _ lower: Double, _ upper: Double, digits: [Double], from least: Int, to count: Int
  ) -> (values: [Double], step: Double) {
    var exponent = Mathematics.logarithm10((upper - lower) / Double(count)).rounded(.down)
    guard exponent.isFinite else { return ([], 1) }
    exponent = max(-300, exponent)
    for further in 0...2 {
      for digit in digits {
        let step = digit * Mathematics.power(10, exponent + Double(further))
        let slack = 1e-9
        let first = (lower / step - slack).rounded(.up)
        let last = (upper / step + slack).rounded(.down)
        guard last - first < Double(count), last - first >= Double(least - 1) else { continue }
        let values = (0...Int(last - first)).map { (first + Double($0)) * step }
        return (values.map { abs($0) < step * slack ? 0 : $0 }, step)
      }
    }
    return ([], 1)
  }

  /// Powers of ten, thinned out; nil when the range holds fewer than two.
  private func decadeTicks(atMost count: Int) -> [Tick]? {
    let first = (Mathematics.logarithm10(lower) - 1e-9).rounded(.up)
    let last = (Mathematics.logarithm10(upper) + 1e-9).rounded(.down)
    guard last - first >= 1 else { return nil }
    let stride = max(1, Int(((last - first + 1) / Double(count)).rounded(.up)))
    var ticks: [Tick] = []
    var exponent = Int(last)
    while exponent >= Int(first) {
      let value = Mathematics.power(10, Double(exponent))
      let isPlain = (-3...5).contains(exponent)
      let label = isPlain ? Self.label(value, step: value) : "1e\(exponent)"
      ticks.append(Tick(value: value, label: label))
      exponent -= stride
    }
    return ticks.reversed()
  }

  /// A tick's value with as many decimals as its axis' step needs: 0.5, 500, 1.0k, 2.5M.
  private static func label(_ value: Double, step: Double) -> String {
    if value == 0 { return step < 1 && step >= 1e-4 ? zero(step) : "0" }
    let magnitude = abs(value)
    if step < 1e-4 && magnitude < 1 || magnitude >= 1e18 {
      return NumberText.scientific(value)
    }
    var unit = 1.0
    var prefix = ""
    for next in ["k", "M", "G", "T", "P"] where magnitude >= unit * 999.999 {
      unit *= 1000
      prefix = next
    }
    return NumberText.fixed(value / unit, decimals: decimals(step / unit)) + prefix
  }

  private static func zero(_ step: Double) -> String {
    NumberText.fixed(0, decimals: decimals(step))
  }

  private static func decimals(_ step: Double) -> Int {
    guard step > 0, step.isFinite else { return 0 }
    return min(6, max(0, Int((-Mathematics.logarithm10(step) - 1e-9).rounded(.up))))
  }
}
