// Numbers and names as sentences and labels show them.

/// The dashboard's way with numbers.
package enum Wording {
  /// A count with a space between thousands: "19 500".
  package static func count(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { text += " " }
      text.append(digit)
    }
    return value < 0 ? "-" + text : text
  }

  /// A number with so many places: "1.50"; "NaN" and "inf" where it is none.
  package static func fixed(_ value: Double, _ places: Int) -> String {
    guard value.isFinite else { return nonFinite(value) }
    var scale = 1
    for _ in 0..<max(0, places) { scale *= 10 }
    let scaled = (value.magnitude * Double(scale)).rounded()
    guard scaled < 1e15 else { return value.description }
    let (whole, part) = Int(scaled).quotientAndRemainder(dividingBy: scale)
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard places > 0 else { return sign + String(whole) }
    let fraction = String(part)
    let zeros = String(repeating: "0", count: places - fraction.count)
    return "\(sign)\(whole).\(zeros)\(fraction)"
  }

  /// A ceiling or a norm: two places, more below 0.1, fewer from 100 on.
  package static func norm(_ value: Float) -> String {
    guard value.magnitude < 100 else { return fixed(Double(value), value.magnitude < 1000 ? 1 : 0) }
    var places = 2
    var magnitude = Double(value.magnitude)
    while magnitude > 0, magnitude < 0.0995, places < 8 {
      magnitude *= 10
      places += 1
    }
    return fixed(Double(value), places)
  }

  /// At most three significant digits, as short as they can be written: "0.125", "1e-5".
  package static func short(_ value: Float) -> String {
    guard value.isFinite else { return nonFinite(Double(value)) }
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

  /// A share as per cent: "89.0 %".
  package static func percent(_ share: Float) -> String { fixed(Double(share) * 100, 1) + " %" }

  /// Minutes and seconds, with hours where there are any: "1:38", "2:05:09".
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e12 else { return "?" }
    let (minutes, second) = Int(seconds.rounded()).quotientAndRemainder(dividingBy: 60)
    let (hours, minute) = minutes.quotientAndRemainder(dividingBy: 60)
    let padded = second < 10 ? "0\(second)" : "\(second)"
    guard hours > 0 else { return "\(minute):\(padded)" }
    return "\(hours):\(minute < 10 ? "0" : "")\(minute):\(padded)"
  }

  /// A metric's name in words: "validation accuracy".
  package static func metric(_ name: String) -> String { name.replacing("_", with: " ") }

  /// A metric's value: shares of right answers in per cent, anything else in three digits.
  package static func value(_ value: Float, of metric: String) -> String {
    metric.hasSuffix("accuracy") ? percent(value) : short(value)
  }

  /// A number of units: "1 unit", "57 units".
  package static func units(_ count: Int) -> String {
    count == 1 ? "1 unit" : "\(self.count(count)) units"
  }

  private static func nonFinite(_ value: Double) -> String {
    value.isNaN ? "NaN" : value < 0 ? "-inf" : "inf"
  }
}
