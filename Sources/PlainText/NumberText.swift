// Numbers as people read them: short, and of a width that hardly changes from one to the next.

/// Formats numbers for readers, without a locale.
package enum NumberText {
  /// About three significant digits: 0.181, 1.77, 12.3, 1234, 1.2e-5, NaN, inf.
  ///
  /// Between 0.001 and 1 always three decimals, so that a falling loss does not jitter.
  package static func significant(_ value: Double) -> String {
    guard value.isFinite else { return NonFinite.text(of: value) }
    let magnitude = abs(value)
    if magnitude == 0 { return "0.000" }
    if magnitude < 0.000_999_5 || magnitude >= 999_999.5 { return scientific(value) }
    if magnitude < 0.9995 { return fixed(value, decimals: 3) }
    if magnitude < 9.995 { return fixed(value, decimals: 2) }
    if magnitude < 99.95 { return fixed(value, decimals: 1) }
    return fixed(value, decimals: 0)
  }

  /// A value with `decimals` decimals; beyond 1e15 in scientific form.
  package static func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return NonFinite.text(of: value) }
    let decimals = min(12, max(0, decimals))
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (abs(value) * Double(scale)).rounded()
    guard scaled < 1e15 else { return scientific(value) }
    let number = Int(scaled)
    let sign = value < 0 && number > 0 ? "-" : ""
    guard decimals > 0 else { return sign + String(number) }
    let fraction = String(number % scale)
    let zeros = String(repeating: "0", count: decimals - fraction.utf8.count)
    return "\(sign)\(number / scale).\(zeros)\(fraction)"
  }

  /// Two digits and a power of ten: 1.2e-5.
  package static func scientific(_ value: Double) -> String {
    guard value.isFinite else { return NonFinite.text(of: value) }
    guard value != 0 else { return "0" }
    var exponent = Int(Mathematics.logarithm10(abs(value)).rounded(.down))
    // In two steps, since 10^-exponent overflows for the smallest numbers.
    let half = exponent / 2
    let mantissa =
      value / Mathematics.power(10, Double(half))
      / Mathematics.power(10, Double(exponent - half))
    var digits = (abs(mantissa) * 10).rounded()
    if digits >= 100 {
      digits = 10
      exponent += 1
    }
    return "\(value < 0 ? "-" : "")\(fixed(digits / 10, decimals: 1))e\(exponent)"
  }

  /// With a prefix: 512, 51.2k, 2.50M; below 1000 whole numbers stay whole.
  package static func prefixed(_ value: Double) -> String {
    guard value.isFinite else { return NonFinite.text(of: value) }
    let magnitude = abs(value)
    if magnitude < 999.5 {
      return value == value.rounded() ? fixed(value, decimals: 0) : significant(value)
    }
    var scaled = value
    for prefix in ["k", "M", "G", "T", "P", "E"] {
      scaled /= 1000
      let size = abs(scaled)
      if size < 9.995 { return fixed(scaled, decimals: 2) + prefix }
      if size < 99.95 { return fixed(scaled, decimals: 1) + prefix }
      if size < 999.5 { return fixed(scaled, decimals: 0) + prefix }
    }
    return scientific(value)
  }

  /// A count in groups of three: 78 210.
  package static func grouped(_ count: Int) -> String {
    let digits = Array(String(count.magnitude))
    var result = count < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { result.append(" ") }
      result.append(digit)
    }
    return result
  }

  /// A share as a percentage: 0.32 is "32.0 %".
  package static func percent(_ share: Double, decimals: Int = 1) -> String {
    share.isFinite ? fixed(share * 100, decimals: decimals) + " %" : NonFinite.text(of: share)
  }

  /// Seconds as 0:14 or 2:03:11; beyond 99 days as days.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite else { return "-" }
    let total = Mathematics.integer(max(0, seconds).rounded(.down))
    let (hours, minutes, rest) = (total / 3600, total / 60 % 60, total % 60)
    let two = { (number: Int) in (number < 10 ? "0" : "") + String(number) }
    if hours >= 24 * 100 { return "\(hours / 24) d" }
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
  }
}
