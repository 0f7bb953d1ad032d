// The largest singular value of a weight matrix no more than r (Yoshida and Miyato 2017; Miyato et al. 2018).
import Kernels

/// W ← W·r / σ(W) if σ(W), its largest singular value, is over r.
///
/// The matrix is PyTorch's: outputs by everything else. σ is found by power iteration from two
/// vectors that are kept from step to step, as weights change little: at most `iterations` a step,
/// fewer once it has converged.
package struct SpectralNorm: ConstraintRule {
  package static let keys: [RuleKey<Self>] = []
  package static let ceiling = CeilingMeaning.key("max_norm", nil)
  package static let hasAxis = false
  package static let projectsInitialWeights = false

  private static let iterations = 20
  /// σ stands still where an iteration lets it grow by less than this part of it.
  private static let stillness = 1e-7

  package init() {}

  package var constraint: Constraint { .spectralNorm(self) }

  /// The left singular vectors of the two largest singular values.
  package func stateCount(of weight: WeightPlace, axis: ConstraintAxis) -> Int {
    2 * weight.matrix.rows
  }

  package func constrain(_ weight: WeightMemory, ceiling: Float, projects: Bool)
    -> ConstraintOutcome
  {
    var outcome = ConstraintOutcome()
    let sigma = iterate(weight, from: weight.state, atMost: Self.iterations)
    guard sigma.isFinite, sigma > Double(ceiling) * (1 + constraintTolerance) else {
      return outcome
    }
    outcome.exceeded = 1
    guard projects else { return outcome }
    let factor = Double(ceiling) / sigma
    (outcome.clipped, outcome.shrinkSum) = (1, factor)
    scale(
      weight.values, count: weight.place.rows * weight.place.columns, by: Float(factor))
    return outcome
  }

  package func measure(_ weight: WeightMemory, into norms: UnsafeMutablePointer<Double>) {
    // On a copy, so that who looks changes nothing.
    let copy = weight.scratch.vectors + 2 * weight.matrix.columns
    copy.update(from: weight.state, count: 2 * weight.matrix.rows)
    // Of a layer that is not held nothing has gone on: it takes more to come to it.
    norms[0] = iterate(weight, from: copy, atMost: 10 * Self.iterations)
  }

  /// σ, and in `left` the left singular vectors, as far as they are known.
  private func iterate(
    _ weight: WeightMemory, from left: UnsafeMutablePointer<Float>, atMost iterations: Int
  ) -> Double {
    var sigma = 0.0
    for _ in 0..<iterations {
      let next = iterateSingularVectors(
        weight.values, weight.matrix, left: left, right: weight.scratch.vectors,
        products: weight.scratch.sums)
      defer { sigma = next }
      guard next.isFinite, next - sigma > Self.stillness * next else { return next }
    }
    return sigma
  }
}
