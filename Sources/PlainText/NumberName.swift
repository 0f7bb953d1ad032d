// Numbers as text that reads back to the same number.

/// Floating-point numbers in logs and tables.
package enum NumberName {
  /// The shortest text that reads back to the same value, or the name of one that is not finite.
  package static func of<Number: BinaryFloatingPoint & LosslessStringConvertible>(
    _ value: Number
  ) -> String {
    value.isFinite ? value.description : NonFinite.name(of: value)
  }
}
