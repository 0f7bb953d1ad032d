// One recurrent net in one direction: RNN, LSTM or GRU, by PyTorch's equations.
//
// Letters: N sequences, T steps, D inputs, H values of the state, G·H rows of the weights.
import Kernels

/// A recurrent state's place: h `[N, H]`, and an LSTM's cell c `[N, H]`.
struct StatePlace: Equatable {
  var hidden: Int
  var cell: Int?
}

/// The state at the end of a batch, and where the next one finds it as its start.
struct CarriedState {
  var final: StatePlace
  var initial: StatePlace
  /// H.
  var size: Int
}

/// A recurrent net's place in the plan.
///
/// All input products run as one, and each step adds that of the state before it. Steps go from the
/// first to the last, or backwards where `isReversed`.
struct RecurrentOperation {
  let cell: RecurrentDescription.Cell
  let steps: Int
  let hidden: Int
  let isReversed: Bool
  /// Offset of x `[N, T, D]`.
  let input: Int
  /// Offset of h at the first step, and the values of a step: two directions stand side by side.
  let output: Int
  let outputStride: Int
  /// Offsets of W_ih `[G·H, D]`, W_hh `[G·H, H]`, b_ih and b_hh `[G·H]`.
  let inputWeight, hiddenWeight, inputBias, hiddenBias: Int
  /// Offset of the gates `[N, T, G·H]`: activations, and in the gradient arena what they give rise to.
  let gates: Int
  /// Offset of the state before each step `[N, T, H]`, as the products take it.
  let previous: Int
  /// LSTM: offsets of the cell and its tanh `[N, T, H]`.
  let cells, cellTangents: Int
  /// GRU: offset of W_hh·h + b_hh `[N, T, G·H]`, of which n's part is kept; the gradients need all.
  let hiddenGates: Int
  /// Offsets of the state before the present step `[N, H]` and of W_hh·h `[N, G·H]`, dense: so the
  /// product of a step is the fastest there is.
  let state, stateProduct: Int
  /// Offset of the biases that the gates have together `[G·H]`.
  let bias: Int
  /// Offset of `[N, H]`, for the gradient that goes from step to step.
  let carry: Int
  /// Where the state is read from and left; nil: zero, and not kept.
  let initial: StatePlace?
  let final: StatePlace?
  /// Whether anything before it learns.
  let needsInputGradient: Bool
  /// The first of the plan's products x·W_ihᵀ and h·W_hhᵀ, and for training dgatesᵀ·x, dproductᵀ·h
  /// and dgates·W_ih.
  let product: Int

  private var gateSize: Int { cell.gates * hidden }

  /// The step that comes as number `index`.
  private func step(_ index: Int) -> Int { isReversed ? steps - 1 - index : index }

  /// The rows of `[N, T, size]` at one step.
  private func rows(_ base: UnsafeMutablePointer<Float>, at step: Int, _ size: Int) -> StridedRows {
    StridedRows(base: base + step * size, stride: steps * size)
  }

  private func outputRows(_ values: UnsafeMutablePointer<Float>, at step: Int) -> StridedRows {
    StridedRows(base: values + output + step * outputStride, stride: steps * outputStride)
  }

  /// Rows of `[N, H]`.
  private func stateRows(_ values: UnsafeMutablePointer<Float>, _ offset: Int) -> StridedRows {
    StridedRows(base: values + offset, stride: hidden)
  }

  // MARK: Forward

  func forward(_ memory: Memory, _ products: [PreparedProduct], rows count: Int) {
    let values = memory.values
    let gates = values + gates
    let all = count * steps
    let bias = values + bias
    bias.update(from: memory.parameters + inputBias, count: gateSize)
    // A GRU's second one belongs to the product of the state.
    if cell != .gru {
      addBias(memory.parameters + hiddenBias, to: bias, rows: 1, columns: gateSize)
    }
    products[product](
      values + input, memory.parameters + inputWeight, bias: bias, into: gates, batch: all)
    let hiddenWeight = memory.parameters + hiddenWeight
    products[product + 1].pack(hiddenWeight, batch: count)
    if let initial {
      setState(values, before: 0, to: stateRows(values, initial.hidden), count)
    }
    for index in 0..<steps {
      // A state of zero adds nothing.
      if index > 0 || initial != nil {
        products[product + 1](
          values + state, hiddenWeight, into: values + stateProduct, batch: count)
      }
      activate(memory, index, count)
      if index + 1 < steps {
        setState(values, before: index + 1, to: outputRows(values, at: step(index)), count)
      }
    }
    guard let final else { return }
    copyRows(
      outputRows(values, at: step(steps - 1)), to: stateRows(values, final.hidden), rows: count,
      columns: hidden)
    if let cell = final.cell {
      copyRows(
        rows(values + cells, at: step(steps - 1), hidden), to: stateRows(values, cell), rows: count,
        columns: hidden)
    }
  }

  /// Puts the state before a step where its product and those of the gradients find it.
  private func setState(
    _ values: UnsafeMutablePointer<Float>, before index: Int, to source: StridedRows, _ count: Int
  ) {
    copyRows(source, to: stateRows(values, state), rows: count, columns: hidden)
    copyRows(
      source, to: rows(values + previous, at: step(index), hidden), rows: count, columns: hidden)
  }

  private func activate(_ memory: Memory, _ index: Int, _ count: Int) {
    let values = memory.values
    let time = step(index)
    let gates = rows(values + gates, at: time, gateSize)
    let output = outputRows(values, at: time)
    let isAdded = index > 0 || initial != nil
    let product =
      isAdded ? StridedRows(base: values + stateProduct, stride: gateSize) : nil
    switch cell {
    case .rnn:
      rnnStep(gates: gates, product: product, output: output, rows: count, hidden: hidden)
    case .lstm:
      lstmStep(
        gates: gates, product: product,
        previousCell: previousCell(values, index),
        cell: rows(values + cells, at: time, hidden),
        cellTangent: rows(values + cellTangents, at: time, hidden), output: output, rows: count,
        hidden: hidden)
    case .gru:
      gruStep(
        inputGates: gates, product: product, bias: memory.parameters + hiddenBias,
        hiddenGates: rows(values + hiddenGates, at: time, gateSize),
        previous: isAdded ? stateRows(values, state) : nil, output: output, rows: count,
        hidden: hidden)
    }
  }

  private func previousCell(_ values: UnsafeMutablePointer<Float>, _ index: Int) -> StridedRows? {
    index > 0
      ? rows(values + cells, at: step(index - 1), hidden)
      : initial?.cell.map { stateRows(values, $0) }
  }

  private func previousState(_ values: UnsafeMutablePointer<Float>, _ index: Int) -> StridedRows? {
    index > 0 || initial != nil ? rows(values + previous, at: step(index), hidden) : nil
  }

  // MARK: Backward

  /// Through time, from the last step to the first; dh of each step is added up where dy stands.
  func backward(
    _ memory: Memory, _ gradients: Memory, _ products: [PreparedProduct], rows count: Int
  ) {
    let carry = stateRows(gradients.values, carry)
    fillRows(carry, rows: count, columns: hidden, with: 0)
    if let final {
      addRows(
        stateRows(gradients.values, final.hidden),
        to: outputRows(gradients.values, at: step(steps - 1)), rows: count, columns: hidden)
      if let cell = final.cell {
        copyRows(stateRows(gradients.values, cell), to: carry, rows: count, columns: hidden)
      }
    }
    var index = steps
    while index > 0 {
      index -= 1
      stepBackward(memory, gradients, index, count)
    }
    if let cell = initial?.cell {
      copyRows(carry, to: stateRows(gradients.values, cell), rows: count, columns: hidden)
    }
    addUpWeights(memory, gradients, products, count)
  }

  private func stepBackward(_ memory: Memory, _ gradients: Memory, _ index: Int, _ count: Int) {
    let time = step(index)
    let values = memory.values
    let gates = rows(values + gates, at: time, gateSize)
    let dGates = rows(gradients.values + self.gates, at: time, gateSize)
    let dh = outputRows(gradients.values, at: time)
    let carry = stateRows(gradients.values, carry)
    var dProduct = dGates
    switch cell {
    case .rnn:
      rnnStepBackward(
        output: outputRows(values, at: time), outputGradient: dh, gateGradient: dGates,
        rows: count, hidden: hidden)
    case .lstm:
      lstmStepBackward(
        gates: gates, previousCell: previousCell(values, index),
        cellTangent: rows(values + cellTangents, at: time, hidden), outputGradient: dh,
        cellGradient: carry, gateGradient: dGates, rows: count, hidden: hidden)
    case .gru:
      dProduct = rows(gradients.values + hiddenGates, at: time, gateSize)
      gruStepBackward(
        inputGates: gates, hiddenGates: rows(values + hiddenGates, at: time, gateSize),
        previous: previousState(values, index), outputGradient: dh, gateGradient: dGates,
        hiddenGateGradient: dProduct, previousGradient: carry, rows: count, hidden: hidden)
    }
    // dh of the step before += W_hhᵀ·dproduct, and a GRU's direct path.
    let target: StridedRows
    if index > 0 {
      target = outputRows(gradients.values, at: step(index - 1))
    } else if let initial {
      target = stateRows(gradients.values, initial.hidden)
      fillRows(target, rows: count, columns: hidden, with: 0)
    } else {
      return
    }
    if cell == .gru { addRows(carry, to: target, rows: count, columns: hidden) }
    matrixProduct(
      .plain, rows: count, columns: hidden, inner: gateSize, dProduct.base,
      memory.parameters + hiddenWeight, into: target.base, accumulate: true,
      aStride: dProduct.stride, cStride: target.stride)
  }

  /// dW_ih = dgatesᵀ·x, dW_hh = dproductᵀ·h, the biases' sums, and dx = dgates·W_ih.
  private func addUpWeights(
    _ memory: Memory, _ gradients: Memory, _ products: [PreparedProduct], _ count: Int
  ) {
    let all = count * steps
    let dGates = gradients.values + gates
    let dProduct = gradients.values + (cell == .gru ? hiddenGates : gates)
    products[product + 2](
      dGates, memory.values + input, into: gradients.parameters + inputWeight, batch: all)
    products[product + 3](
      dProduct, memory.values + previous, into: gradients.parameters + hiddenWeight, batch: all)
    let (dInputBias, dHiddenBias) = (
      gradients.parameters + inputBias, gradients.parameters + hiddenBias
    )
    columnSums(dGates, rows: all, columns: gateSize, into: dInputBias)
    if cell == .gru {
      columnSums(dProduct, rows: all, columns: gateSize, into: dHiddenBias)
    } else {
      dHiddenBias.update(from: dInputBias, count: gateSize)
    }
    guard needsInputGradient else { return }
    products[product + 4](
      dGates, memory.parameters + inputWeight, into: gradients.values + input, batch: all)
  }
}
