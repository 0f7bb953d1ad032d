// The Gaussian error linear unit (Hendrycks and Gimpel 2016), exact: PyTorch's `gelu`.
//
// Its derivative needs the input, unlike those of the other activations.

/// y = x·Φ(x), Φ the standard normal distribution.
package func gelu(
  _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, count: Int
) {
  @inline(__always)
  func body(_ lanes: Lanes) {
    let x = lanes.load(input)
    lanes.store(x * normalDistribution(x).share, output)
  }
  forEachVectorInParts(count, body)
}

/// dx = dy·(Φ(x) + x·φ(x)), φ the normal distribution's density.
package func geluBackward(
  input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
  into inputGradient: UnsafeMutablePointer<Float>, count: Int
) {
  @inline(__always)
  func body(_ lanes: Lanes) {
    let x = lanes.load(input)
    let (share, bell) = normalDistribution(x)
    let slope = share + x * bell * 0.398_942_28
    lanes.store(lanes.load(outputGradient) * slope, inputGradient)
  }
  forEachVectorInParts(count, body)
}
