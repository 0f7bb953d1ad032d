// The L1 penalty's gradient.

/// gradient += l1·sign(w): the gradient of the term l1·Σ|w| of a loss; the sign of 0 is 0.
package func addPenaltyGradient(
  _ values: UnsafePointer<Float>, l1: Float, to gradient: UnsafeMutablePointer<Float>, count: Int
) {
  @inline(__always)
  func body(_ lanes: Lanes) {
    let w = lanes.load(values)
    let slope = Vector.zero.replacing(with: l1, where: w .> 0)
    lanes.store(
      lanes.load(gradient) + slope.replacing(with: -l1, where: w .< 0), gradient)
  }
  forEachVector(count, body)
}
