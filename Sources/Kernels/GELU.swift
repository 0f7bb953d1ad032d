// The Gaussian error linear unit (Hendrycks and Gimpel 2016), exact: PyTorch's `gelu`.
//
// Its derivative needs the input, unlike those of the other activations.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The share of the standard normal distribution that lies below x.
@inline(__always)
private func normalShare(_ x: Float) -> Float {
  0.5 * erfcf(-x * 0.707_106_78)
}

/// y = x·Φ(x), Φ the standard normal distribution.
package func gelu(
  _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, count: Int
) {
  for index in 0..<count { output[index] = input[index] * normalShare(input[index]) }
}

/// dx = dy·(Φ(x) + x·φ(x)), φ the normal distribution's density.
package func geluBackward(
  input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
  into inputGradient: UnsafeMutablePointer<Float>, count: Int
) {
  for index in 0..<count {
    let x = input[index]
    let density = 0.398_942_28 * expf(-0.5 * x * x)
    inputGradient[index] = outputGradient[index] * (normalShare(x) + x * density)
  }
}
