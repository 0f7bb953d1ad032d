// Round values for settings that keys raise and lower: as many steps up as down lead back.

/// A ladder of round numbers, the same in every decade.
enum NiceSteps {
  /// About 5 % apart, for the ceiling; two digits each.
  static let fine: [Double] = [
    1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2.0, 2.1, 2.2, 2.3, 2.4, 2.5, 2.6, 2.7, 2.8,
    3.0, 3.2, 3.4, 3.6, 3.8, 4.0, 4.2, 4.4, 4.6, 4.8, 5.0, 5.2, 5.5, 5.8, 6.0, 6.4, 6.8, 7.2, 7.6,
    8.0, 8.4, 8.8, 9.2, 9.6,
  ]
  /// About 25 % apart, for the learning rate.
  static let coarse: [Double] = [1.0, 1.25, 1.6, 2.0, 2.5, 3.2, 4.0, 5.0, 6.3, 8.0]

  /// 1, 2 and 5 of every decade, for weight decay.
  static let decades: [Double] = [1.0, 2.0, 5.0]
  static let momenta: [Double] = [0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999]
  static let rates: [Double] = (0...19).map { Double($0) / 20 }

  static func next(_ value: Float, up: Bool, on ladder: [Double]) -> Float? {
    up ? above(value, on: ladder) : below(value, on: ladder)
  }

  /// The next of a few values; nil past the last.
  static func next(_ value: Float, up: Bool, among values: [Double]) -> Float? {
    let value = Double(value)
    return (up ? values.first { $0 > value + 1e-6 } : values.last { $0 < value - 1e-6 })
      .map(Float.init)
  }

  /// The next rung above a positive value; nil above the highest decade.
  static func above(_ value: Float, on ladder: [Double]) -> Float? {
    rungs(ladder).first { $0 > Double(value) * (1 + 1e-5) }.map(Float.init)
  }

  /// The next rung below a positive value; nil below the lowest decade.
  static func below(_ value: Float, on ladder: [Double]) -> Float? {
    rungs(ladder).last { $0 < Double(value) * (1 - 1e-5) }.map(Float.init)
  }

  /// From 1e-8 to below 1e6.
  ///
  /// Dividing rounds once: 1.6 * 0.1 would not be 0.16.
  private static func rungs(_ ladder: [Double]) -> [Double] {
    (-8...5).flatMap { exponent in
      ladder.map { exponent < 0 ? $0 / power(of: -exponent) : $0 * power(of: exponent) }
    }
  }

  private static func power(of exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * 10 }
  }
}
