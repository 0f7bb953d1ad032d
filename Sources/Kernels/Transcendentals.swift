// exp, log, tanh, the logistic function and the normal distribution on vectors, within a few units in
// the last place.
//
// Range reduction and a polynomial, with plain multiplications and additions (fma is a library call
// at the default target). NaN stays NaN, infinities have their limits, the sign of 0 is kept.

/// 1.5·2²³: added to a small number, it leaves the nearest whole number in the low bits.
private let roundingOffset: Float = 12_582_912

/// The largest whole power of 2 that fits, n, and eʳ − 1 for the rest r = x − n·log 2.
///
/// `x` lies within ±104 (or is NaN, with anything as power).
@inline(__always)
private func reduced(_ x: Vector) -> (power: SIMD8<Int32>, rest: Vector) {
  let shifted = x * 1.442_695_04 + roundingOffset
  let bits = unsafeBitCast(shifted, to: SIMD8<Int32>.self)
  let power = bits &- SIMD8(repeating: Int32(bitPattern: roundingOffset.bitPattern))
  let n = shifted - roundingOffset
  // log 2 in two parts: the first has 9 bits, so that n times it is exact.
  let r = x - n * 0.693_359_375 + n * 2.121_944_4e-4
  // (eʳ − 1 − r) / r² by a weighted fit: 1.4e-8 of eʳ − 1 for |r| ≤ 0.35.
  var sum: Vector = 1.388_239_56e-3 * r + 8.367_180_82e-3
  sum = sum * r + 4.166_722_3e-2
  sum = sum * r + 1.666_653_9e-1
  sum = sum * r + 4.999_999_7e-1
  return (power, r * r * sum + r)
}

/// 2ⁿ for n in −126…127.
@inline(__always)
private func powerOfTwo(_ n: SIMD8<Int32>) -> Vector {
  unsafeBitCast((n &+ 127) &<< 23, to: Vector.self)
}

/// eˣ: at most 1.5 units in the last place off, where the result is no denormal.
@inline(__always)
func exponential(_ x: Vector) -> Vector {
  var x = x.replacing(with: 89, where: x .> 89)
  x.replace(with: -104, where: x .< -104)
  let (n, rest) = reduced(x)
  // In two steps, because 2ⁿ alone may be infinite or denormal.
  let half = n &>> 1
  return (1 + rest) * powerOfTwo(half) * powerOfTwo(n &- half)
}

/// 1 / (1 + e⁻ˣ): at most 3 units in the last place off, where the result is no denormal.
@inline(__always)
func logistic(_ x: Vector) -> Vector {
  // e^−|x| does not overflow.
  let power = exponential(x.replacing(with: -x, where: x .> 0))
  return Vector(repeating: 1).replacing(with: power, where: x .< 0) / (1 + power)
}

/// tanh x: at most 3 units in the last place off.
@inline(__always)
func hyperbolicTangent(_ x: Vector) -> Vector {
  let signs = unsafeBitCast(x, to: SIMD8<UInt32>.self) & 0x8000_0000
  // e^2|x| − 1, exact around 0; from 9.1 on tanh is 1.
  var size = unsafeBitCast(unsafeBitCast(x, to: SIMD8<UInt32>.self) ^ signs, to: Vector.self)
  size.replace(with: 9.1, where: size .> 9.1)
  let (n, rest) = reduced(size + size)
  let scale = powerOfTwo(n)
  let power = scale * rest + (scale - 1)
  let y = power / (power + 2)
  return unsafeBitCast(unsafeBitCast(y, to: SIMD8<UInt32>.self) | signs, to: Vector.self)
}

/// log x: at most 2 units in the last place off, for x from 1 up to any finite number.
@inline(__always)
func logarithm(_ x: Vector) -> Vector {
  let bits = unsafeBitCast(x, to: SIMD8<Int32>.self)
  // x = 2ⁿ·m with m in √½…√2.
  let n = (bits &- Int32(bitPattern: Float(0.5).squareRoot().bitPattern)) &>> 23
  let m = unsafeBitCast(bits &- (n &<< 23), to: Vector.self)
  let f = m - 1
  // (log(1 + f) − f + f²/2) / f³ by a weighted fit: 6e-9 of the logarithm.
  var sum: Vector = -0.076_461_047 * f + 0.127_791_15
  sum = sum * f - 0.131_641_865
  sum = sum * f + 0.141_996_95
  sum = sum * f - 0.166_227_65
  sum = sum * f + 0.200_012_92
  sum = sum * f - 0.250_008_37
  sum = sum * f + 0.333_333_31
  let square = f * f
  let power = Vector(nearest: n)
  let small = sum * f * square - power * 2.121_944_4e-4 - 0.5 * square
  // x − x is 0, or NaN where there is no logarithm to tell.
  return power * 0.693_359_375 + (f + small) + (x - x)
}

/// The standard normal distribution's share below x, within 2e-6 of itself for x from −5 on, and its
/// density at x without the factor 1 / √(2π).
@inline(__always)
func normalDistribution(_ x: Vector) -> (share: Vector, bell: Vector) {
  let size = x.replacing(with: -x, where: x .< 0)
  let bell = exponential(-0.5 * x * x)
  // The share beyond |x| is bell·u·P(u), by a weighted fit: 3.2e-8 of it for |x| up to 14.5.
  let u = 1 / (1 + 0.35 * size)
  var sum: Vector = -0.029_157_115 * u + 0.144_027_1
  sum = sum * u - 0.255_830_97
  sum = sum * u + 0.159_310_34
  sum = sum * u - 0.023_205_766
  sum = sum * u + 0.105_549_65
  sum = sum * u + 0.119_822_03
  sum = sum * u + 0.139_863_42
  sum = sum * u + 0.139_621_32
  let beyond = bell * u * sum
  return ((1 - beyond).replacing(with: beyond, where: x .< 0), bell)
}
