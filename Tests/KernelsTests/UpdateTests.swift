// Optimizer updates against their formulas in Double, several steps long.
import Kernels
import Testing

/// One number under an optimizer, as the formulas of torch.optim say.
struct ScalarUpdate {
  var w: Double
  /// In the order of the kernel's states.
  var states: [Double] = []

  mutating func sgd(
    _ g: Double, rate: Double, momentum: Double, nesterov: Bool, weightDecay: Double
  ) {
    let g = g + weightDecay * w
    if momentum == 0 {
      w -= rate * g
    } else {
      states[0] = momentum * states[0] + g
      w -= rate * (nesterov ? g + momentum * states[0] : states[0])
    }
  }

  mutating func adam(
    _ g: Double, rate: Double, beta1: Double, beta2: Double, bias1: Double, bias2: Double,
    epsilon: Double, weightDecay: Double, decoupled: Bool
  ) {
    if decoupled { w *= 1 - rate * weightDecay }
    let g = decoupled ? g : g + weightDecay * w
    states[0] = beta1 * states[0] + (1 - beta1) * g
    states[1] = beta2 * states[1] + (1 - beta2) * g * g
    w -= rate * (states[0] / bias1) / ((states[1] / bias2).squareRoot() + epsilon)
  }

  mutating func rmsprop(
    _ g: Double, rate: Double, alpha: Double, epsilon: Double, momentum: Double,
    weightDecay: Double
  ) {
    let g = g + weightDecay * w
    states[0] = alpha * states[0] + (1 - alpha) * g * g
    let u = g / (states[0].squareRoot() + epsilon)
    if momentum == 0 {
      w -= rate * u
    } else {
      states[1] = momentum * states[1] + u
      w -= rate * states[1]
    }
  }

  mutating func lion(_ g: Double, rate: Double, beta1: Double, beta2: Double, weightDecay: Double) {
    let mean = beta1 * states[0] + (1 - beta1) * g
    let sign: Double = mean > 0 ? 1 : mean < 0 ? -1 : 0
    w -= rate * (sign + weightDecay * w)
    states[0] = beta2 * states[0] + (1 - beta2) * g
  }

  mutating func adagrad(_ g: Double, rate: Double, epsilon: Double, weightDecay: Double) {
    let g = g + weightDecay * w
    states[0] += g * g
    w -= rate * g / (states[0].squareRoot() + epsilon)
  }

  mutating func nadam(
    _ g: Double, rate: Double, gradientRate: Double, momentRate: Double, beta1: Double,
    beta2: Double, bias2: Double, epsilon: Double, weightDecay: Double, decoupled: Bool
  ) {
    if decoupled { w *= 1 - rate * weightDecay }
    let g = decoupled ? g : g + weightDecay * w
    states[0] = beta1 * states[0] + (1 - beta1) * g
    states[1] = beta2 * states[1] + (1 - beta2) * g * g
    let root = (states[1] / bias2).squareRoot() + epsilon
    w -= (gradientRate * g + momentRate * states[0]) / root
  }
}

/// 1 − βᵗ.
private func bias(_ beta: Double, _ step: Int) -> Double {
  1 - (0..<step).reduce(1) { product, _ in product * beta }
}

@Suite struct UpdateTests {
  /// Five steps of a kernel on `count` numbers beside five of `twin` on each; the states lie a gap apart.
  func compare(
    _ count: Int, states initial: [Float], kernel: (Int) -> some TensorUpdate,
    twin: (inout ScalarUpdate, Double, Int) -> Void
  ) {
    var weights = random(count, seed: 1)
    let stride = count + 5
    var states = initial.flatMap { [Float](repeating: $0, count: stride) }
    var twins = weights.map { ScalarUpdate(w: Double($0), states: initial.map(Double.init)) }
    for step in 1...5 {
      let gradient = random(count, seed: UInt64(step + 10), scale: 3)
      let before = twins.map(\.w)
      var sums = UpdateSums()
      weights = written(count, from: weights) { w in
        states = written(states.count, from: states) { states in
          sums = reading(gradient) { gradient in
            kernel(step).apply(
              to: ParameterMemory(
                count: count, values: w, gradient: gradient, states: states, stateStride: stride))
          }
        }
      }
      for index in twins.indices { twin(&twins[index], Double(gradient[index]), step) }
      #expect(close(weights, twins.map(\.w)))
      for (index, initial) in initial.enumerated() {
        let state = states[index * stride..<(index + 1) * stride]
        #expect(close(Array(state.prefix(count)), twins.map { $0.states[index] }))
        #expect(state.suffix(5).allSatisfy { $0 == initial }, "numbers behind a state")
      }
      let moved = zip(twins, before).reduce(0) { $0 + ($1.0.w - $1.1) * ($1.0.w - $1.1) }
      let length = before.reduce(0) { $0 + $1 * $1 }
      #expect(abs(sums.update - moved) <= 1e-4 * moved)
      #expect(abs(sums.weights - length) <= 1e-5 * length)
    }
  }

  @Test(arguments: oddSizes, [(0.0, false), (0.9, false), (0.9, true)])
  func `SGD equals its formula`(_ count: Int, _ settings: (momentum: Double, nesterov: Bool)) {
    for decay in [0, 0.1] {
      compare(
        count, states: settings.momentum == 0 ? [] : [0],
        kernel: { _ in
          SGDUpdate(
            rate: 0.1, momentum: settings.momentum, nesterov: settings.nesterov,
            weightDecay: decay)
        },
        twin: { number, gradient, _ in
          number.sgd(
            gradient, rate: 0.1, momentum: settings.momentum, nesterov: settings.nesterov,
            weightDecay: decay)
        })
    }
  }

  @Test(arguments: oddSizes, [false, true])
  func `Adam and AdamW equal their formulas`(_ count: Int, _ decoupled: Bool) {
    for decay in [0, 0.1] {
      compare(
        count, states: [0, 0],
        kernel: { step in
          AdamUpdate(
            rate: 0.01, beta1: 0.9, beta2: 0.99, bias1: bias(0.9, step),
            bias2: bias(0.99, step), epsilon: 1e-8, weightDecay: decay, decoupled: decoupled)
        },
        twin: { number, gradient, step in
          number.adam(
            gradient, rate: 0.01, beta1: 0.9, beta2: 0.99, bias1: bias(0.9, step),
            bias2: bias(0.99, step), epsilon: 1e-8, weightDecay: decay, decoupled: decoupled)
        })
    }
  }

  @Test(arguments: oddSizes, [0, 0.9])
  func `RMSprop equals its formula`(_ count: Int, _ momentum: Double) {
    for decay in [0, 0.1] {
      compare(
        count, states: momentum == 0 ? [0] : [0, 0],
        kernel: { _ in
          RMSpropUpdate(
            rate: 0.01, alpha: 0.95, epsilon: 1e-8, momentum: momentum, weightDecay: decay)
        },
        twin: { number, gradient, _ in
          number.rmsprop(
            gradient, rate: 0.01, alpha: 0.95, epsilon: 1e-8, momentum: momentum,
            weightDecay: decay)
        })
    }
  }

  @Test(arguments: oddSizes)
  func `Lion equals its formula`(_ count: Int) {
    for decay in [0, 0.1] {
      compare(
        count, states: [0],
        kernel: { _ in LionUpdate(rate: 0.01, beta1: 0.9, beta2: 0.99, weightDecay: decay) },
        twin: { number, gradient, _ in
          number.lion(gradient, rate: 0.01, beta1: 0.9, beta2: 0.99, weightDecay: decay)
        })
    }
  }

  @Test(arguments: oddSizes, [Float(0), 0.1])
  func `Adagrad equals its formula`(_ count: Int, _ initial: Float) {
    for decay in [0, 0.1] {
      compare(
        count, states: [initial],
        kernel: { step in
          AdagradUpdate(rate: 0.1 / Double(step), epsilon: 1e-10, weightDecay: decay)
        },
        twin: { number, gradient, step in
          number.adagrad(gradient, rate: 0.1 / Double(step), epsilon: 1e-10, weightDecay: decay)
        })
    }
  }

  @Test(arguments: oddSizes, [false, true])
  func `NAdam equals its formula`(_ count: Int, _ decoupled: Bool) {
    for decay in [0, 0.1] {
      compare(
        count, states: [0, 0],
        kernel: { step in
          NAdamUpdate(
            rate: 0.01, gradientRate: 0.005, momentRate: 0.008, beta1: 0.9, beta2: 0.99,
            bias2: bias(0.99, step), epsilon: 1e-8, weightDecay: decay, decoupled: decoupled)
        },
        twin: { number, gradient, step in
          number.nadam(
            gradient, rate: 0.01, gradientRate: 0.005, momentRate: 0.008, beta1: 0.9, beta2: 0.99,
            bias2: bias(0.99, step), epsilon: 1e-8, weightDecay: decay, decoupled: decoupled)
        })
    }
  }

  @Test func `Lion's sign of zero is zero and of NaN is NaN`() {
    let updated = reading([Float(0), -0.0, 2, -3, .nan]) { gradient in
      written(10, from: [1, 1, 1, 1, 1, 0, 0, 0, 0, 0]) { memory in
        _ = LionUpdate(rate: 0.5, beta1: 0.9, beta2: 0.99, weightDecay: 0).apply(
          to: ParameterMemory(
            count: 5, values: memory, gradient: gradient, states: memory + 5, stateStride: 5))
      }
    }
    #expect(updated[..<4] == [1, 1, 0.5, 1.5] && updated[4].isNaN && updated[9].isNaN)
  }

  @Test func `an epsilon of zero does not spoil the sums`() {
    let sums = reading([Float(1), 1, 1]) { gradient in
      var sums = UpdateSums()
      _ = written(3, from: [1, 1, 1]) { w in
        _ = written(3, from: [0, 0, 0]) { states in
          sums = RMSpropUpdate(rate: 0.1, alpha: 0.5, epsilon: 0, momentum: 0, weightDecay: 0)
            .apply(
              to: ParameterMemory(
                count: 3, values: w, gradient: gradient, states: states, stateStride: 3))
        }
      }
      return sums
    }
    #expect(abs(sums.update - 0.06) < 1e-6 && sums.weights == 3)
  }
}
