// A plan with the memory it runs in: examples in, outputs, loss and gradients out.
import Basics
import Kernels

/// Everything one batch needs while it is computed, except the parameters.
struct Workspace: ~Copyable {
  let plan: Plan
  let logits: LogitLayout
  let inputSize: Int
  let outputSize: Int
  /// Values and gradients.
  let floatCount: Int
  private let encodedSize: Int
  let values: Arena<Float>
  let gradients: Arena<Float>
  let labels: Arena<Int32>
  let targets: Arena<Float>

  /// `besides`: floats that others have taken, which must fit the machine's memory with these;
  /// `later`: bytes that will be taken while it runs.
  init(
    _ layout: ModelLayout, loss: LossFunction, rows: Int, mode: Plan.Mode,
    carriesState: Bool = false, besides others: Int = 0, later: Int = 0,
    block: Int? = nil
  ) throws(NetworkError) {
    let plan = try Plan(layout, rows: rows, mode: mode, carriesState: carriesState, block: block)
    let floats = plan.valueCount * (mode == .training ? 2 : 1)
    try MachineMemory.check(floats: floats, besides: others, later: later)
    let values = try Arena<Float>(count: plan.valueCount)
    let gradients = try Arena<Float>(count: mode == .training ? plan.valueCount : 0)
    let logits = LogitLayout(layout.outputShape, loss: loss)
    let labels = try Arena<Int32>(count: rows * logits.decisions)
    let targets = try Arena<Float>(count: rows * layout.outputSize)
    self.plan = plan
    floatCount = floats
    self.values = values
    self.gradients = gradients
    self.logits = logits
    self.labels = labels
    self.targets = targets
    inputSize = layout.inputSize
    encodedSize = layout.encodedSize
    outputSize = layout.outputSize
  }

  var inputs: UnsafeMutablePointer<Float> { values.base + plan.input }
  /// The decoder's tokens `[rows, decoderLength]`.
  var decoderInputs: UnsafeMutablePointer<Float> { values.base + plan.decoderInput }
  var outputs: UnsafePointer<Float> { UnsafePointer(values.base + plan.output) }

  /// Brings `count` examples into place: those that `indices` names.
  func load(
    _ examples: borrowing Examples, indices: UnsafePointer<Int32>, count: Int, loss: LossFunction
  ) {
    precondition(count <= plan.rows, "\(count) examples in a plan for \(plan.rows)")
    precondition(
      examples.inputSize == inputSize, "\(examples.inputSize) inputs, expected \(inputSize)")
    loadInputs(examples, indices: indices, count: count)
    let rows = examples.count
    switch examples.targets {
    case .classes(let all, let classes, let positions):
      precondition(
        loss == .crossEntropy
          ? classes == logits.classes && positions == logits.decisions
          : classes == 2 && outputSize == 1,
        "\(classes) classes at \(positions) places with \(outputSize) outputs and \(loss.rawValue)")
      gather(all, rows: rows, positions: positions, indices: indices, count: count)
      if loss == .binaryCrossEntropy {
        for row in 0..<count { targets.base[row] = Float(labels.base[row]) }
      }
    case .values(let all, let size):
      precondition(
        loss != .crossEntropy && size == outputSize,
        "targets of \(size) with \(outputSize) outputs and \(loss.rawValue)")
      gather(all, rows: rows, size: size, indices: indices, count: count)
    case .classesAndBoxes(let all, let boxes, let classes):
      precondition(
        loss == .classAndBox && classes == logits.classes,
        "\(classes) classes and boxes with \(outputSize) outputs and \(loss.rawValue)")
      gather(all, rows: rows, positions: 1, indices: indices, count: count)
      gather(boxes, rows: rows, size: 4, indices: indices, count: count)
    }
  }

  private func loadInputs(
    _ examples: borrowing Examples, indices: UnsafePointer<Int32>, count: Int
  ) {
    let (rows, columns) = (examples.count, inputSize)
    examples.inputs.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      gatherRows(
        base, rows: rows, columns: columns, copied: encodedSize, indices: indices, count: count,
        into: inputs)
      if encodedSize < inputSize {
        gatherRows(
          base, rows: rows, columns: columns, columnOffset: encodedSize,
          copied: inputSize - encodedSize, indices: indices, count: count, into: decoderInputs)
      }
    }
  }

  private func gather(
    _ all: [Int32], rows: Int, positions: Int, indices: UnsafePointer<Int32>, count: Int
  ) {
    all.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      guard positions > 1 else {
        return gatherLabels(base, rows: rows, indices: indices, count: count, into: labels.base)
      }
      for row in 0..<count {
        (labels.base + row * positions).update(
          from: base + Int(indices[row]) * positions, count: positions)
      }
    }
  }

  private func gather(
    _ all: [Float], rows: Int, size: Int, indices: UnsafePointer<Int32>, count: Int
  ) {
    all.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      gatherRows(
        base, rows: rows, columns: size, indices: indices, count: count, into: targets.base)
    }
  }

  // MARK: State

  /// Lets the next batch start where this one ended.
  func carryState() {
    for state in plan.carried { move(state) { $1.update(from: $0, count: $2) } }
  }

  /// Lets the next batch start from zero, whether or not the state is carried on before it.
  func forgetState() {
    for state in plan.carried {
      move(state) { final, initial, count in
        final.update(repeating: 0, count: count)
        initial.update(repeating: 0, count: count)
      }
    }
  }

  /// Calls `body` with the final state's values, the initial one's, and how many there are.
  func move(
    _ state: CarriedState,
    _ body: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
  ) {
    let count = plan.rows * state.size
    body(values.base + state.final.hidden, values.base + state.initial.hidden, count)
    guard let final = state.final.cell, let initial = state.initial.cell else { return }
    body(values.base + final, values.base + initial, count)
  }
}
