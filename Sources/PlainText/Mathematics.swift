// The few functions of the C library that numbers, charts and colours need, in one place.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Powers and logarithms without every file importing the C library.
package enum Mathematics {
  package static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
  package static func logarithm10(_ value: Double) -> Double { log10(value) }

  /// The nearest integer that Int can hold; 0 for NaN, the ends for what lies outside.
  package static func integer(_ value: Double) -> Int {
    guard !value.isNaN else { return 0 }
    // Well inside Int's range, so that callers may still add to the result.
    return Int(min(1e15, max(-1e15, value.rounded())))
  }
}
