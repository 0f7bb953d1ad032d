// Limits on the gradient before an update (Pascanu, Mikolov and Bengio 2013).

/// How gradients are kept from exploding; PyTorch's `clip_grad_norm_` and `clip_grad_value_`.
package enum GradientClip: Sendable, Equatable {
  /// All gradients together are scaled down to this L2 norm where theirs is larger.
  case norm(Double)
  /// Every element is clamped to ± this.
  case value(Double)

  /// Throws where the limit is not above 0.
  func check() throws(NetworkError) {
    switch self {
    case .norm(let limit), .value(let limit):
      guard limit > 0, limit.isFinite else { throw .gradientClip(limit) }
    }
  }
}
