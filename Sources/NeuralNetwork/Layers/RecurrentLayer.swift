// A recurrent layer: its nets one on top of the other and side by side, and what goes on from them.
import Kernels

/// The final states of a sequence's outputs: the last step, or for a reversed direction the first.
struct LastStateOperation {
  /// Offset of `[N, steps, directions·H]`.
  let input: Int
  /// Offset of `[N, directions·H]`.
  let output: Int
  let steps: Int
  let hidden: Int
  let directions: Int

  private func rows(_ values: UnsafeMutablePointer<Float>, _ direction: Int)
    -> (sequence: StridedRows, last: StridedRows)
  {
    let width = directions * hidden
    let step = direction == 0 ? steps - 1 : 0
    return (
      StridedRows(
        base: values + input + step * width + direction * hidden, stride: steps * width),
      StridedRows(base: values + output + direction * hidden, stride: width)
    )
  }

  func forward(_ memory: Memory, rows count: Int) {
    for direction in 0..<directions {
      let (sequence, last) = rows(memory.values, direction)
      copyRows(sequence, to: last, rows: count, columns: hidden)
    }
  }

  func backward(_ gradients: Memory, rows count: Int) {
    let width = steps * directions * hidden
    (gradients.values + input).update(repeating: 0, count: count * width)
    for direction in 0..<directions {
      let (sequence, last) = rows(gradients.values, direction)
      copyRows(last, to: sequence, rows: count, columns: hidden)
    }
  }
}

/// Outputs that nothing reads: an encoder's, of which only the final state goes on.
struct DiscardOperation {
  let input: Int
  let size: Int

  func backward(_ gradients: Memory, rows: Int) {
    (gradients.values + input).update(repeating: 0, count: rows * size)
  }
}

extension ModelLayout {
  /// The parameters of each net of a recurrent layer, and the outputs.
  mutating func add(_ recurrent: RecurrentDescription, _ path: LayerPath)
    throws(NetworkError) -> [Int]
  {
    let kind = recurrent.cell.rawValue
    let name = try parameters.claim(recurrent.name, kind: kind, path)
    guard outputShape.count == 2 else {
      throw .misfit(
        layer: path, "\(kind): expected a sequence [steps, features], found \(outputShape)")
    }
    guard recurrent.hidden > 0, 1...1000 ~= recurrent.layers else {
      throw .misfit(
        layer: path,
        "\(kind): expected hidden of at least 1 and layers from 1 to 1000, "
          + "found \(recurrent.hidden) and \(recurrent.layers)")
    }
    let hidden = recurrent.hidden
    let directions = recurrent.isBidirectional ? 2 : 1
    let (rows, overflow) = hidden.multipliedReportingOverflow(by: recurrent.cell.gates)
    guard !overflow else { throw .tooLarge(floats: nil) }
    let bound = InitialValues.uniform(bound: 1 / Float(hidden).squareRoot())
    var inputs = outputShape[1]
    for layer in 0..<recurrent.layers {
      for suffix in ["", "_reverse"].prefix(directions) {
        for (tensor, columns) in [("weight_ih", inputs), ("weight_hh", hidden)] {
          try parameters.addWeight(
            WeightName(
              layer: name, kind: kind, tensor: "\(tensor)_l\(layer)\(suffix)",
              shape: [rows, columns], isOnlyOne: false, override: recurrent.maxNorm), bound, path)
        }
        for tensor in ["bias_ih", "bias_hh"] {
          try parameters.addParameter("\(name).\(tensor)_l\(layer)\(suffix)", [rows], bound)
        }
      }
      inputs = directions * hidden
      _ = try Self.size(of: [outputShape[0], inputs])
    }
    return recurrent.returnsSequence ? [outputShape[0], inputs] : [inputs]
  }
}

extension PlanBuilder {
  mutating func add(_ recurrent: RecurrentDescription, _ layer: PlacedLayer)
    throws(NetworkError)
  {
    let steps = layer.input[0]
    let directions = recurrent.isBidirectional ? 2 : 1
    let width = directions * recurrent.hidden
    let starts = try takeStates(recurrent, layer)
    var ends: [StatePlace] = []
    var inputSize = layer.input[1]
    var parameters = layer.parameters[...]
    for depth in 0..<recurrent.layers {
      let output = try place(steps * width)
      let (input, inputLearns) = (current, learns)
      for direction in 0..<directions {
        let weights = Array(parameters.prefix(4))
        parameters = parameters.dropFirst(4)
        var initial = starts.isEmpty ? nil : starts[depth]
        var final: StatePlace?
        if carriesState, directions == 1 {
          let places = (try statePlace(recurrent), try statePlace(recurrent))
          (initial, final) = places
          carried.append(CarriedState(final: places.1, initial: places.0, size: recurrent.hidden))
        } else if isInEncoder {
          let place = try statePlace(recurrent)
          final = place
          ends.append(place)
        }
        let operation = try RecurrentOperation(
          recurrent, steps: steps, inputSize: inputSize, isReversed: direction == 1, input: input,
          output: output + direction * recurrent.hidden, outputStride: width, weights: weights,
          initial: initial, final: final, needsInputGradient: inputLearns,
          addsInputGradient: direction == 0 && directions == 2, placing: &self)
        appendLearning(.recurrent(operation), output: output, isNeeded: true)
      }
      inputSize = width
    }
    if isInEncoder { encoderStates = EncoderStates(recurrent: recurrent, places: ends) }
    guard !recurrent.returnsSequence else { return }
    let output = try place(width)
    append(
      .lastState(
        LastStateOperation(
          input: current, output: output, steps: steps, hidden: recurrent.hidden,
          directions: directions)),
      output: output)
  }

  private mutating func statePlace(_ recurrent: RecurrentDescription) throws(NetworkError)
    -> StatePlace
  {
    StatePlace(
      hidden: try place(recurrent.hidden),
      cell: recurrent.cell == .lstm ? try place(recurrent.hidden) : nil)
  }

  /// The states that the decoder's first recurrent layer starts from.
  private mutating func takeStates(_ recurrent: RecurrentDescription, _ layer: PlacedLayer)
    throws(NetworkError) -> [StatePlace]
  {
    guard layer.isInDecoder, let states = encoderStates, !isInEncoder else { return [] }
    encoderStates = nil
    let other = states.recurrent
    guard recurrent.cell == other.cell, recurrent.hidden == other.hidden,
      recurrent.layers == other.layers, !recurrent.isBidirectional, !other.isBidirectional
    else {
      throw .misfit(
        layer: layer.path,
        "decoder: expected its first recurrent layer to be like the encoder's last one: "
          + "\(other.cell.rawValue), hidden \(other.hidden), layers \(other.layers), one direction")
    }
    return states.places
  }

  /// The rest of the layers read the decoder's input.
  mutating func startDecoder(at input: Int, afterSize size: Int) {
    append(.discard(DiscardOperation(input: current, size: size)), output: input)
    block = 1
    isInEncoder = false
    learns = false
    kept = [:]
  }
}

extension RecurrentOperation {
  fileprivate init(
    _ recurrent: RecurrentDescription, steps: Int, inputSize: Int, isReversed: Bool, input: Int,
    output: Int, outputStride: Int, weights: [Int], initial: StatePlace?, final: StatePlace?,
    needsInputGradient: Bool, addsInputGradient: Bool, placing builder: inout PlanBuilder
  ) throws(NetworkError) {
    let hidden = recurrent.hidden
    cell = recurrent.cell
    self.steps = steps
    self.hidden = hidden
    self.isReversed = isReversed
    self.input = input
    self.output = output
    self.outputStride = outputStride
    inputWeight = weights[0]
    hiddenWeight = weights[1]
    inputBias = weights[2]
    hiddenBias = weights[3]
    gates = try builder.place(steps * cell.gates * hidden)
    previous = try builder.place(steps * hidden)
    cells = cell == .lstm ? try builder.place(steps * hidden) : 0
    cellTangents = cell == .lstm ? try builder.place(steps * hidden) : 0
    hiddenGates = cell == .gru ? try builder.place(steps * cell.gates * hidden) : 0
    state = try builder.place(hidden)
    stateProduct = try builder.place(cell.gates * hidden)
    bias = try builder.arena.place(1, cell.gates * hidden)
    carry = try builder.place(hidden)
    self.initial = initial
    self.final = final
    self.needsInputGradient = needsInputGradient
    product = builder.products.count
    let gates = cell.gates * hidden
    builder.addProduct(.secondTransposed, columns: gates, depth: inputSize, hasBias: true)
    builder.addProduct(.secondTransposed, columns: gates, depth: hidden, packs: true)
    guard builder.mode == .training else { return }
    builder.addProduct(.firstTransposed, columns: inputSize, depth: gates)
    builder.addProduct(.firstTransposed, columns: hidden, depth: gates)
    guard needsInputGradient else { return }
    builder.addProduct(.plain, columns: inputSize, depth: gates, accumulates: addsInputGradient)
  }
}
