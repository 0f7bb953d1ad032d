// Activation functions and their derivatives, element by element; input and output may be the same.
//
// Most backward passes need the output alone, so that the activation can run in place. NaN stays NaN
// everywhere: a diverged run must not look healthy.
import CVectors

/// A function of each element, with its settings.
package enum ActivationFunction: Sendable, Equatable {
  case relu, gelu, tanh, sigmoid, silu
  case leakyReLU(slope: Float)
  case elu(alpha: Float)

  /// Whether the derivative needs the input, not only the output: the function is not monotonic.
  package var needsInput: Bool {
    switch self {
    case .gelu, .silu: true
    case .relu, .tanh, .sigmoid, .leakyReLU, .elu: false
    }
  }

  /// output = f(input).
  package func callAsFunction(
    _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, count: Int
  ) {
    switch self {
    case .relu: Kernels.relu(input, into: output, count: count)
    case .gelu: Kernels.gelu(input, into: output, count: count)
    case .tanh: hyperbolicTangent(input, into: output, count: count)
    case .sigmoid: Kernels.sigmoid(input, into: output, count: count)
    case .silu: Kernels.silu(input, into: output, count: count)
    case .leakyReLU(let slope): Kernels.leakyReLU(input, slope: slope, into: output, count: count)
    case .elu(let alpha): Kernels.elu(input, alpha: alpha, into: output, count: count)
    }
  }

  /// inputGradient = outputGradient·f′; `input` is read by those that need it alone.
  package func backward(
    input: UnsafePointer<Float>, output: UnsafePointer<Float>,
    outputGradient: UnsafePointer<Float>, into inputGradient: UnsafeMutablePointer<Float>,
    count: Int
  ) {
    let (y, dy, dx) = (output, outputGradient, inputGradient)
    switch self {
    case .relu: reluBackward(output: y, outputGradient: dy, into: dx, count: count)
    case .gelu: geluBackward(input: input, outputGradient: dy, into: dx, count: count)
    case .tanh: hyperbolicTangentBackward(output: y, outputGradient: dy, into: dx, count: count)
    case .sigmoid: sigmoidBackward(output: y, outputGradient: dy, into: dx, count: count)
    case .silu: siluBackward(input: input, outputGradient: dy, into: dx, count: count)
    case .leakyReLU(let slope):
      leakyReLUBackward(output: y, slope: slope, outputGradient: dy, into: dx, count: count)
    case .elu(let alpha):
      eluBackward(output: y, alpha: alpha, outputGradient: dy, into: dx, count: count)
    }
  }
}

/// y = max(x, 0).
package func relu(
  _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, count: Int
) {
  @inline(__always)
  func body(_ lanes: Lanes) {
    let x = lanes.load(input)
    lanes.store(x.replacing(with: 0, where: x .< 0), output)
  }
  forEachVectorInParts(count, body)
}

/// dx = dy where y > 0, else 0 (the derivative at 0 is 0, as in PyTorch).
package func reluBackward(
  output: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
  into inputGradient: UnsafeMutablePointer<Float>, count: Int
) {
  @inline(__always)
  func body(_ lanes: Lanes) {
    let gradient = lanes.load(outputGradient)
    lanes.store(gradient.replacing(with: 0, where: lanes.load(output) .<= 0), inputGradient)
  }
  forEachVectorInParts(count, body)
}

/// y = x where x > 0, else slope·x.
package func leakyReLU(
  _ input: UnsafePointer<Float>, slope: Float, into output: UnsafeMutablePointer<Float>, count: Int
) {
  @inline(__always)
  func body(_ lanes: Lanes) {
    let x = lanes.load(input)
    lanes.store(x.replacing(with: slope * x, where: x .<= 0), output)
  }
  forEachVectorInParts(count, body)
}

/// dx = dy where y > 0, else slope·dy; the slope must not be negative, so that y has x's sign.
package func leakyReLUBackward(
  output: UnsafePointer<Float>, slope: Float, outputGradient: UnsafePointer<Float>,
  into inputGradient: UnsafeMutablePointer<Float>, count: Int
) {
  @inline(__always)
  func body(_ lanes: Lanes) {
    let gradient = lanes.load(outputGradient)
    lanes.store(
      gradient.replacing(with: slope * gradient, where: lanes.load(output) .<= 0), inputGradient)
  }
  forEachVectorInParts(count, body)
}

/// y = tanh(x).
package func hyperbolicTangent(
  _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, count: Int
) {
  inParts(count, elements: count) { part in
    let start = part.lowerBound
    maxnorm_hyperbolic_tangents(input + start, output + start, part.count)
  }
}

/// dx = dy·(1 − y²).
package func hyperbolicTangentBackward(
  output: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
  into inputGradient: UnsafeMutablePointer<Float>, count: Int
) {
  @inline(__always)
  func body(_ lanes: Lanes) {
    let y = lanes.load(output)
    lanes.store(lanes.load(outputGradient) * (1 - y * y), inputGradient)
  }
  forEachVectorInParts(count, body)
}

/// y = 1 / (1 + exp(−x)).
package func sigmoid(
  _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, count: Int
) {
  inParts(count, elements: count) { part in
    let start = part.lowerBound
    maxnorm_logistics(input + start, output + start, part.count)
  }
}

/// dx = dy·y·(1 − y).
package func sigmoidBackward(
  output: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
  into inputGradient: UnsafeMutablePointer<Float>, count: Int
) {
  @inline(__always)
  func body(_ lanes: Lanes) {
    let y = lanes.load(output)
    lanes.store(lanes.load(outputGradient) * y * (1 - y), inputGradient)
  }
  forEachVectorInParts(count, body)
}

/// y = x / (1 + exp(−x)) (Elfwing, Uchibe and Doya 2017): PyTorch's `silu`.
package func silu(
  _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, count: Int
) {
  @inline(__always)
  func body(_ lanes: Lanes, _ share: Vector) {
    lanes.store(lanes.load(input) * share, output)
  }
  forEachShare(input, count: count, body)
}

/// dx = dy·s·(1 + x·(1 − s)) with s = 1 / (1 + exp(−x)).
package func siluBackward(
  input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
  into inputGradient: UnsafeMutablePointer<Float>, count: Int
) {
  @inline(__always)
  func body(_ lanes: Lanes, _ share: Vector) {
    let slope = share * (1 + lanes.load(input) * (1 - share))
    lanes.store(lanes.load(outputGradient) * slope, inputGradient)
  }
  forEachShare(input, count: count, body)
}

/// Visits `0..<count` with 1 / (1 + exp(−x)) of the inputs there, some of which are computed at once in
/// the widest vectors that the processor has.
@inline(__always)
private func forEachShare(
  _ input: UnsafePointer<Float>, count: Int, _ body: (Lanes, Vector) -> Void
) {
  // So few that they lie on the stack.
  let most = 256
  inParts(count, elements: count, unit: Vector.scalarCount) { part in
    withUnsafeTemporaryAllocation(of: Float.self, capacity: most) { shares in
      guard let shares = shares.baseAddress else { return }
      var start = part.lowerBound
      while start < part.upperBound {
        let some = min(most, part.upperBound - start)
        maxnorm_logistics(input + start, shares, some)
        @inline(__always)
        func visit(_ lanes: Lanes) {
          body(Lanes(index: start &+ lanes.index, count: lanes.count), lanes.load(shares))
        }
        forEachVector(some, visit)
        start += some
      }
    }
  }
}

/// y = x where x > 0, else alpha·(exp(x) − 1) (Clevert, Unterthiner and Hochreiter 2015): PyTorch's
/// `elu`.
package func elu(
  _ input: UnsafePointer<Float>, alpha: Float, into output: UnsafeMutablePointer<Float>, count: Int
) {
  @inline(__always)
  func body(_ lanes: Lanes) {
    let x = lanes.load(input)
    // exp(x) − 1 without a difference of near numbers: 2t / (1 − t) with t = tanh(x / 2).
    let half = maxnorm_hyperbolic_tangent(0.5 * x)
    lanes.store((alpha * (2 * half / (1 - half))).replacing(with: x, where: x .> 0), output)
  }
  forEachVectorInParts(count, body)
}

/// dx = dy where y > 0, else dy·(y + alpha); alpha must not be negative, so that y has x's sign.
package func eluBackward(
  output: UnsafePointer<Float>, alpha: Float, outputGradient: UnsafePointer<Float>,
  into inputGradient: UnsafeMutablePointer<Float>, count: Int
) {
  @inline(__always)
  func body(_ lanes: Lanes) {
    let gradient = lanes.load(outputGradient)
    let y = lanes.load(output)
    lanes.store(gradient.replacing(with: gradient * (y + alpha), where: y .<= 0), inputGradient)
  }
  forEachVectorInParts(count, body)
}
