// A plan with the memory it runs in: examples in, outputs, loss and gradients out.
import Kernels

/// Everything one batch needs while it is computed, except the parameters.
struct Workspace: ~Copyable {
  let plan: Plan
  let inputSize: Int
  let outputSize: Int
  private let values: Arena<Float>
  private let gradients: Arena<Float>
  private let labels: Arena<Int32>
  private let targets: Arena<Float>

  init(_ model: ModelDescription, _ layout: ParameterLayout, rows: Int, mode: Plan.Mode)
    throws(NetworkError)
  {
    let plan = try Plan(model, layout, rows: rows, mode: mode)
    let values = try Arena<Float>(count: plan.valueCount)
    let gradients = try Arena<Float>(count: mode == .training ? plan.valueCount : 0)
    let labels = try Arena<Int32>(count: rows)
    let targets = try Arena<Float>(count: rows * layout.outputSize)
    self.plan = plan
    self.values = values
    self.gradients = gradients
    self.labels = labels
    self.targets = targets
    inputSize = layout.inputSize
    outputSize = layout.outputSize
  }

  var inputs: UnsafeMutablePointer<Float> { values.base + plan.input }
  var outputs: UnsafePointer<Float> { UnsafePointer(values.base + plan.output) }

  /// Brings `count` examples into place: those that `indices` names, counted from `start`.
  func load(
    _ examples: borrowing Examples, from start: Int, indices: UnsafePointer<Int32>, count: Int,
    loss: LossFunction
  ) {
    precondition(count <= plan.rows, "\(count) examples in a plan for \(plan.rows)")
    precondition(
      examples.inputSize == inputSize, "\(examples.inputSize) inputs, expected \(inputSize)")
    let rows = examples.count - start
    examples.inputs.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      gatherRows(
        base + start * inputSize, rows: rows, columns: inputSize, indices: indices, count: count,
        into: inputs)
    }
    switch examples.targets {
    case .classes(let all, let classes):
      precondition(
        loss == .crossEntropy ? classes == outputSize : classes == 2 && outputSize == 1,
        "\(classes) classes with \(outputSize) outputs and \(loss.rawValue)")
      all.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        gatherLabels(
          base + start, rows: rows, indices: indices, count: count, into: labels.base)
      }
      if loss == .binaryCrossEntropy {
        for row in 0..<count { targets.base[row] = Float(labels.base[row]) }
      }
    case .values(let all, let size):
      precondition(
        loss != .crossEntropy && size == outputSize,
        "targets of \(size) with \(outputSize) outputs and \(loss.rawValue)")
      all.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        gatherRows(
          base + start * size, rows: rows, columns: size, indices: indices, count: count,
          into: targets.base)
      }
    }
  }

  /// Runs all operations; `source` and `rates` are for dropout while training.
  func forward(
    parameters: UnsafeMutablePointer<Float>, rows: Int, rates: borrowing [Float],
    source: inout RandomSource
  ) {
    let memory = Memory(parameters: parameters, values: values.base)
    for index in 0..<plan.operations.count {
      switch plan.operations[index] {
      case .dense(let operation): operation.forward(memory, rows: rows)
      case .activation(let operation): operation.forward(memory, rows: rows)
      case .dropout(let operation):
        operation.forward(memory, rows: rows, rate: rates[operation.ordinal], source: &source)
      }
    }
  }

  /// From the gradient of the outputs (see `loss`) to those of all parameters.
  func backward(
    parameters: UnsafeMutablePointer<Float>,
    into parameterGradients: UnsafeMutablePointer<Float>, rows: Int
  ) {
    let memory = Memory(parameters: parameters, values: values.base)
    let slopes = Memory(parameters: parameterGradients, values: gradients.base)
    var index = plan.operations.count
    while index > plan.firstWithGradient {
      index -= 1
      switch plan.operations[index] {
      case .dense(let operation): operation.backward(memory, slopes, rows: rows)
      case .activation(let operation): operation.backward(memory, slopes, rows: rows)
      case .dropout(let operation): operation.backward(memory, slopes, rows: rows)
      }
    }
  }

  /// The mean loss of the loaded batch; writes the gradient of the outputs if asked to.
  func loss(_ loss: LossFunction, rows: Int, withGradient: Bool) -> Double {
    let gradient = withGradient ? gradients.base + plan.output : nil
    switch loss {
    case .crossEntropy:
      return softmaxCrossEntropy(
        logits: outputs, labels: labels.base, rows: rows, classes: outputSize, gradient: gradient)
    case .binaryCrossEntropy:
      return Kernels.binaryCrossEntropy(
        logits: outputs, targets: targets.base, count: rows * outputSize, gradient: gradient)
    case .meanSquaredError:
      return Kernels.meanSquaredError(
        outputs: outputs, targets: targets.base, count: rows * outputSize, gradient: gradient)
    }
  }

  /// How many decisions of the loaded batch are right; nil where the loss knows none.
  func hits(_ loss: LossFunction, rows: Int) -> Int? {
    switch loss {
    case .crossEntropy:
      countLargest(outputs, rows: rows, columns: outputSize, labels: labels.base)
    case .binaryCrossEntropy:
      countSigns(outputs, targets: targets.base, count: rows * outputSize)
    case .meanSquaredError: nil
    }
  }
}
