// Activations: element by element, in place where the plan allows it.
import Kernels

/// A layer that is one function of each element.
protocol ActivationLayer: Layer {
  /// With its settings.
  var function: ActivationFunction { get }
}

extension ActivationLayer {
  package var role: LayerRole { .activation }

  package func place(in layout: inout ModelLayout, at path: LayerPath) throws(NetworkError)
    -> [Int]
  {
    layout.outputShape
  }

  package func plan(_ placed: PlacedLayer, in builder: inout PlanBuilder) throws(NetworkError) {
    try builder.addActivation(function, size: placed.input.reduce(1, *))
  }
}

/// An activation's place in the plan.
struct ActivationOperation {
  let function: ActivationFunction
  /// Offset of x `[N, size]`; the same as `output` where it runs in place.
  let input: Int
  let output: Int
  let size: Int

  var isReLUInPlace: Bool { function == .relu && input == output }

  func forward(_ memory: Memory, rows: Int) {
    function(memory.values + input, into: memory.values + output, count: rows * size)
  }

  /// dx = dy·f′(x), computed from y alone if it runs in place.
  func backward(_ memory: Memory, _ gradients: Memory, rows: Int) {
    function.backward(
      input: memory.values + input, output: memory.values + output,
      outputGradient: gradients.values + output, into: gradients.values + input,
      count: rows * size)
  }
}

extension PlanBuilder {
  mutating func addActivation(_ function: ActivationFunction, size: Int) throws(NetworkError) {
    if function == .relu, rectifyBatchNorm() { return }
    let keepsInput = function.needsInput && mode == .training
    let output = isNeeded || keepsInput ? try place(size) : current
    append(
      .activation(
        ActivationOperation(function: function, input: current, output: output, size: size)),
      output: output, isNeeded: !keepsInput)
  }
}
