// The optimizers: an enumeration of the rules by which weights follow gradients.
//
// Each rule is a file beside this one. Whatever must know all of them is here, and nowhere else.
import Kernels

/// A rule with its own settings; its definition and defaults are PyTorch's where PyTorch has it.
package enum Optimizer: Sendable, Equatable {
  case sgd(SGD = SGD())
  case adam(Adam = Adam())
  case adamw(AdamW = AdamW())
  case rmsprop(RMSprop = RMSprop())
  case lion(Lion = Lion())
  case adagrad(Adagrad = Adagrad())
  case nadam(NAdam = NAdam())

  /// What experiments call the rules.
  package enum Name: String, Sendable, CaseIterable, Codable {
    case sgd, adam, adamw, rmsprop, lion, adagrad, nadam
  }

  /// The rule of this name with its defaults.
  package init(_ name: Name) {
    switch name {
    case .sgd: self = .sgd()
    case .adam: self = .adam()
    case .adamw: self = .adamw()
    case .rmsprop: self = .rmsprop()
    case .lion: self = .lion()
    case .adagrad: self = .adagrad()
    case .nadam: self = .nadam()
    }
  }

  package var name: Name {
    switch self {
    case .sgd: .sgd
    case .adam: .adam
    case .adamw: .adamw
    case .rmsprop: .rmsprop
    case .lion: .lion
    case .adagrad: .adagrad
    case .nadam: .nadam
    }
  }

  /// What it says of itself.
  package var rule: any UpdateRule {
    get {
      switch self {
      case .sgd(let rule): rule
      case .adam(let rule): rule
      case .adamw(let rule): rule
      case .rmsprop(let rule): rule
      case .lion(let rule): rule
      case .adagrad(let rule): rule
      case .nadam(let rule): rule
      }
    }
    set { self = newValue.optimizer }
  }
}

extension Learner {
  /// One step of the optimizer on every parameter; returns the sum of the squares of their gradients.
  ///
  /// A switch and not `rule`, so that a step neither allocates nor asks what the rule is.
  func updateParameters(at step: UpdateStep) -> Double {
    switch optimizer.kind {
    case .sgd(let rule): updateParameters(by: rule.update(at: step))
    case .adam(let rule): updateParameters(by: rule.update(at: step))
    case .adamw(let rule): updateParameters(by: rule.update(at: step))
    case .rmsprop(let rule): updateParameters(by: rule.update(at: step))
    case .lion(let rule): updateParameters(by: rule.update(at: step))
    case .adagrad(let rule): updateParameters(by: rule.update(at: step))
    case .nadam(let rule): updateParameters(by: rule.update(at: step))
    }
  }
}
