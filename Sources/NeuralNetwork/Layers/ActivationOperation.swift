// Activations: element by element, in place where the plan allows it.
import Kernels

/// An activation's place in the plan.
struct ActivationOperation {
  enum Function {
    case relu, gelu, tanh, sigmoid
    case leakyReLU(slope: Float)
  }

  let function: Function
  /// Offset of x `[N, size]`; the same as `output` where it runs in place.
  let input: Int
  let output: Int
  let size: Int

  var isReLUInPlace: Bool {
    if case .relu = function { input == output } else { false }
  }

  func forward(_ memory: Memory, rows: Int) {
    let x = memory.values + input
    let y = memory.values + output
    let count = rows * size
    switch function {
    case .relu: relu(x, into: y, count: count)
    case .gelu: gelu(x, into: y, count: count)
    case .tanh: hyperbolicTangent(x, into: y, count: count)
    case .sigmoid: sigmoid(x, into: y, count: count)
    case .leakyReLU(let slope): leakyReLU(x, slope: slope, into: y, count: count)
    }
  }

  /// dx = dy·f′(x), told by y alone, except for GELU.
  func backward(_ memory: Memory, _ gradients: Memory, rows: Int) {
    let y = memory.values + output
    let dy = gradients.values + output
    let dx = gradients.values + input
    let count = rows * size
    switch function {
    case .relu: reluBackward(output: y, outputGradient: dy, into: dx, count: count)
    case .gelu:
      geluBackward(input: memory.values + input, outputGradient: dy, into: dx, count: count)
    case .tanh: hyperbolicTangentBackward(output: y, outputGradient: dy, into: dx, count: count)
    case .sigmoid: sigmoidBackward(output: y, outputGradient: dy, into: dx, count: count)
    case .leakyReLU(let slope):
      leakyReLUBackward(output: y, slope: slope, outputGradient: dy, into: dx, count: count)
    }
  }
}

extension PlanBuilder {
  mutating func addActivation(_ function: ActivationOperation.Function, size: Int)
    throws(NetworkError)
  {
    if case .relu = function, rectifyBatchNorm() { return }
    // GELU is not monotonic: its output does not tell the input, which must stay.
    var keepsInput = false
    if case .gelu = function { keepsInput = mode == .training }
    let output = isNeeded || keepsInput ? try place(size) : current
    append(
      .activation(
        ActivationOperation(function: function, input: current, output: output, size: size)),
      output: output, isNeeded: !keepsInput)
  }
}
