// The seeded generator behind everything that is drawn: data, label noise, splits and batch order.

import Foundation

/// SplitMix64 (Steele, Lea and Flood 2014): small, fast, and the same on every machine.
package struct RandomSource: Sendable, Equatable {
  private var state: UInt64

  /// A generator for one purpose: other purposes with the same seed draw other numbers.
  package init(seed: UInt64, purpose: UInt64 = 0) {
    var mixer = RandomSource(state: purpose)
    state = seed ^ mixer.next()
    _ = next()
  }

  private init(state: UInt64) { self.state = state }

  /// 64 random bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits >> 31)
  }

  /// Uniform in 0..<1.
  package mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
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
  package mutating func shuffle<Element>(_ elements: inout [Element]) {
    guard elements.count > 1 else { return }
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, index(below: last + 1))
    }
  }
}
