// exp, log, tanh, the logistic function and the normal distribution on vectors, within a few units in
// the last place.
//
// The first are C's, which can be compiled for wider vectors too. NaN stays NaN, infinities have
// their limits, the sign of 0 is kept.
import CVectors

/// eˣ: at most 1.5 units in the last place off, unless the result is denormal.
@inline(__always)
func exponential(_ x: Vector) -> Vector { maxnorm_exponential(x) }

/// 1 / (1 + e⁻ˣ): at most 3 units in the last place off, unless the result is denormal.
@inline(__always)
func logistic(_ x: Vector) -> Vector { maxnorm_logistic(x) }

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
  // x − x is 0, or NaN if the logarithm does not exist.
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
