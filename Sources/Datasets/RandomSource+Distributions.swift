// What data sets and batch orders draw from the seeded generator: numbers, indices, orders.

import Basics
import Foundation

extension RandomSource {
  /// Uniform in 0..<1, a multiple of 2⁻⁵³.
  package mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Uniform over a range.
  package mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// Uniform in 0..<bound (Lemire's method without the rejection: the bias is below 2⁻³²).
  package mutating func index(below bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// Normal with mean 0 and variance 1 (Box and Muller).
  package mutating func normal() -> Double {
    let radius = (-2 * Foundation.log(1 - uniform())).squareRoot()
    return radius * Foundation.cos(2 * .pi * uniform())
  }

  /// Shuffles in place (Fisher and Yates).
  ///
  /// The standard library does not promise the same order in every version.
  package mutating func shuffleInPlace<Element>(_ elements: inout [Element]) {
    guard elements.count > 1 else { return }
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, index(below: last + 1))
    }
  }
}

/// Numbers that keep what is drawn for different purposes apart under one seed.
///
/// The network draws from streams 1 and 2, batch orders from 2³² on.
enum Stream {
  static let subset: UInt64 = 101
  static let labelNoise: UInt64 = 102
  static let split: UInt64 = 103
  static let trainRows: UInt64 = 104
  static let validationRows: UInt64 = 105
  static let truth: UInt64 = 106
  static let parts: UInt64 = 107
  static let testRows: UInt64 = 108
}
