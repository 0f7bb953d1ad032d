// Names and settings as sentences and labels show them.
import PlainText

/// The dashboard's way with settings and figures.
package enum Wording {
  /// In the place of a figure that no record holds.
  package static let unmeasured = "not measured"

  /// A ceiling or a norm: two places, more below 0.1, fewer from 100 on.
  package static func norm(_ value: Float) -> String {
    guard value.magnitude < 100 else {
      return NumberText.fixed(Double(value), decimals: value.magnitude < 1000 ? 1 : 0)
    }
    var places = 2
    var magnitude = Double(value.magnitude)
    while magnitude > 0, magnitude < 0.0995, places < 8 {
      magnitude *= 10
      places += 1
    }
    return NumberText.fixed(Double(value), decimals: places)
  }

  /// At most three significant digits, as short as they can be written: "0.125", "1e-5".
  package static func short(_ value: Float) -> String {
    guard value.isFinite else { return NumberText.significant(Double(value)) }
    guard value != 0 else { return "0" }
    var scaled = Double(value.magnitude)
    var exponent = 0
    while scaled >= 1000 {
      scaled /= 10
      exponent += 1
    }
    while scaled < 100 {
      scaled *= 10
      exponent -= 1
    }
    let digits = scaled.rounded()
    var power = 1.0
    for _ in 0..<abs(exponent) { power *= 10 }
    let rounded = exponent < 0 ? digits / power : digits * power
    var text = Float(value < 0 ? -rounded : rounded).description
    if text.hasSuffix(".0") { text.removeLast(2) }
    return text.replacing("e-0", with: "e-").replacing("e+", with: "e").replacing(".0e", with: "e")
  }

  /// So many of them: "35 of 138 units (25 %)".
  package static func part(_ count: Int, _ units: Int) -> String {
    let share = NumberText.percent(Double(count) / Double(max(1, units)), decimals: 0)
    return "\(NumberText.grouped(count)) of \(self.units(units)) (\(share))"
  }

  /// Where a norm lies under its ceiling: "25 % below r", "at r", "12 % above r".
  package static func headroom(
    _ norm: Float, _ ceiling: Float, _ band: CeilingBand = .usual
  ) -> String {
    guard norm.isFinite, ceiling > 0, ceiling.isFinite else { return "-" }
    let room = Double((ceiling - norm) / ceiling)
    if band.isHeld(norm, ceiling) { return "at r" }
    let decimals = abs(room) < 0.0995 ? 1 : 0
    return NumberText.percent(abs(room), decimals: decimals) + (room > 0 ? " below r" : " above r")
  }

  /// A number of steps that is itself only an estimate: two digits.
  package static func about(_ steps: Int) -> String {
    var scale = 1
    while steps / scale >= 100 { scale *= 10 }
    let rounded = (min(steps, .max / 4) + scale / 2) / scale * scale
    return rounded < 100_000
      ? NumberText.grouped(rounded) : NumberText.prefixed(Double(rounded))
  }

  /// A number of units: "1 unit", "57 units".
  package static func units(_ count: Int) -> String {
    count == 1 ? "1 unit" : "\(NumberText.grouped(count)) units"
  }
}
