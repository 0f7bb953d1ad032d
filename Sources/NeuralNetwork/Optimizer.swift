// From optimizer settings to the update of one tensor.
import Kernels

extension OptimizerSettings {
  /// What Adam's formulas need at step `step`, counted from 1; nil for the other kinds.
  func adamStep(_ step: Int) -> AdamStep? {
    guard kind == .adam || kind == .adamw else { return nil }
    return AdamStep(
      rate: learningRate, beta1: beta1, beta2: beta2, bias1: 1 - power(beta1, step),
      bias2: 1 - power(beta2, step), epsilon: epsilon, weightDecay: weightDecay,
      decoupled: kind == .adamw)
  }

  /// One step on one tensor.
  func update(_ tensor: ParameterMemory, adam: AdamStep?) -> UpdateSums {
    if let adam { return updateAdam(tensor, adam) }
    guard kind == .rmsprop else {
      return updateSGD(
        tensor, rate: learningRate, momentum: momentum, nesterov: nesterov,
        weightDecay: weightDecay)
    }
    return updateRMSprop(
      tensor, rate: learningRate, alpha: alpha, epsilon: epsilon, momentum: momentum,
      weightDecay: weightDecay)
  }
}

extension UpdateSums {
  /// ‖update‖ / ‖w‖; 0 where nothing moved.
  var ratio: Double {
    update == 0 ? 0 : (update / weights).squareRoot()
  }
}

/// base to a whole power, by repeated squaring.
private func power(_ base: Double, _ exponent: Int) -> Double {
  var result = 1.0
  var square = base
  var rest = exponent
  while rest > 0 {
    if rest & 1 == 1 { result *= square }
    square *= square
    rest >>= 1
  }
  return result
}
