// The largest singular value of a weight matrix no more than r (Yoshida and Miyato 2017; Miyato et al. 2018).
import Kernels

/// W ← W·r / σ(W) where σ(W), its largest singular value, is over r.
///
/// The matrix is PyTorch's: outputs by all else. σ comes by power iteration from a vector that goes on
/// from step to step, as weights change little: at most `iterations` a step, fewer where it stands still.
package struct SpectralNorm: ConstraintRule {
  package static let keys: [RuleKey<Self>] = []
  package static let ceiling = CeilingMeaning.key("max_norm", nil)
  package static let hasAxis = false
  package static let bringsFirstWeights = false

  private static let iterations = 20
  /// σ stands still where an iteration lets it grow by less than this part of it.
  private static let stillness = 1e-7

  package init() {}

  package var constraint: Constraint { .spectralNorm(self) }

  /// A left singular vector.
  package func stateCount(of weight: WeightPlace, axis: ConstraintAxis) -> Int {
    weight.matrix.rows
  }

  package func constrain(_ weight: WeightMemory, ceiling: Float, projects: Bool)
    -> ConstraintOutcome
  {
    var outcome = ConstraintOutcome()
    let sigma = iterate(weight, from: weight.state)
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
    let copy = weight.scratch.factors
    copy.update(from: weight.state, count: weight.matrix.rows)
    norms[0] = iterate(weight, from: copy)
  }

  /// σ, and in `vector` the left singular vector as far as it is known.
  private func iterate(_ weight: WeightMemory, from vector: UnsafeMutablePointer<Float>) -> Double {
    var sigma = 0.0
    for _ in 0..<Self.iterations {
      let next = iterateSingularVector(
        weight.values, weight.matrix, left: vector, right: weight.scratch.right,
        products: weight.scratch.sums)
      defer { sigma = next }
      guard next.isFinite, next - sigma > Self.stillness * next else { return next }
    }
    return sigma
  }
}
