// A recurrent layer: its nets one on top of the other and side by side, and what they pass on.
import Kernels

/// A recurrent net on sequences `[steps, features]`, as PyTorch's `RNN` (tanh), `LSTM` and `GRU`.
package struct RecurrentDescription: Sendable, Equatable {
  /// What is computed at every step.
  package enum Cell: String, Sendable, CaseIterable {
    case rnn, lstm, gru

    /// Blocks of `hidden` rows in its weights.
    var gates: Int {
      switch self {
      case .rnn: 1
      case .lstm: 4
      case .gru: 3
      }
    }
  }

  package var cell: Cell
  package var name: String?
  /// Values of the state.
  package var hidden: Int
  /// Nets one on top of the other.
  package var layers: Int
  /// Whether it outputs every step; else only the final states.
  package var returnsSequence: Bool
  /// A second net reads from the end; outputs stand side by side.
  package var isBidirectional: Bool
  package var maxNorm: MaxNormOverride
  /// What a unit of the weights is; nil: what the constraint says for all.
  package var axes: UnitAxes?

  package init(
    _ cell: Cell, name: String? = nil, hidden: Int, layers: Int = 1, returnsSequence: Bool = false,
    isBidirectional: Bool = false, maxNorm: MaxNormOverride = .inherit,
    axes: UnitAxes? = nil
  ) {
    self.cell = cell
    self.name = name
    self.hidden = hidden
    self.layers = layers
    self.returnsSequence = returnsSequence
    self.isBidirectional = isBidirectional
    self.maxNorm = maxNorm
    self.axes = axes
  }
}

extension RecurrentDescription: Layer {
  package var kind: LayerKind {
    switch cell {
    case .rnn: .rnn
    case .lstm: .lstm
    case .gru: .gru
    }
  }
  package var namesElsewhere: String {
    switch cell {
    case .rnn: "simplernn simple_rnn vanilla_rnn elman recurrent"
    case .lstm, .gru: ""
    }
  }
  package static let keys: [LayerKey<Self>] = [
    .name(\.name), .size("hidden", \.hidden),
    LayerKey(
      "layers", .integer(\.layers, atLeast: 1, missing: .takes(\.layers)),
      elsewhere: "num_layers n_layers nb_layers depth"),
    LayerKey(
      "return", .word(\.returnsSequence, "last", "sequence"),
      elsewhere: "return_sequences return_sequence"),
    LayerKey("bidirectional", .flag(\.isBidirectional), elsewhere: "bidir bi"),
    .maxNorm(\.maxNorm, elsewhere: "recurrent_constraint"), .axis(\.axes),
  ]
  package var role: LayerRole { .recurrent }
  package var asDescription: LayerDescription { .recurrent(self) }

  private var directions: Int { isBidirectional ? 2 : 1 }

  package func place(in layout: inout ModelLayout, at path: LayerPath) throws(NetworkError)
    -> [Int]
  {
    let shape = layout.outputShape
    let word = kind.rawValue
    let name = try layout.parameters.claim(name, kind: kind, path)
    guard shape.count == 2 else {
      throw .misfit(
        layer: path, "\(word): expected a sequence [steps, features], found \(shape)")
    }
    guard hidden > 0, 1...1000 ~= layers else {
      throw .misfit(
        layer: path,
        "\(word): expected hidden of at least 1 and layers from 1 to 1000, "
          + "found \(hidden) and \(layers)")
    }
    let (rows, overflow) = hidden.multipliedReportingOverflow(by: cell.gates)
    guard !overflow else { throw .tooLarge(floats: nil) }
    let bound = InitialValues.uniform(bound: 1 / Float(hidden).squareRoot())
    var inputs = shape[1]
    for layer in 0..<layers {
      for suffix in ["", "_reverse"].prefix(directions) {
        for (tensor, columns) in [("weight_ih", inputs), ("weight_hh", hidden)] {
          try layout.parameters.addWeight(
            WeightName(
              layer: name, kind: kind, tensor: "\(tensor)_l\(layer)\(suffix)",
              shape: [rows, columns], isOnlyOne: false, override: maxNorm, axes: axes), bound, path)
        }
        for tensor in ["bias_ih", "bias_hh"] {
          try layout.parameters.addParameter("\(name).\(tensor)_l\(layer)\(suffix)", [rows], bound)
        }
      }
      inputs = directions * hidden
      _ = try ModelLayout.size(of: [shape[0], inputs])
    }
    layout.addInnerValues([shape[0], layers, directions, hidden, 2 * cell.gates + 4])
    return returnsSequence ? [shape[0], inputs] : [inputs]
  }

  package func plan(_ placed: PlacedLayer, in builder: inout PlanBuilder) throws(NetworkError) {
    let steps = placed.input[0]
    let width = directions * hidden
    let starts = try takeStates(placed, &builder)
    var ends: [StatePlace] = []
    var inputSize = placed.input[1]
    var parameters = placed.parameters[...]
    for depth in 0..<layers {
      let output = try builder.place(steps * width)
      let (input, inputLearns) = (builder.current, builder.learns)
      for direction in 0..<directions {
        let weights = Array(parameters.prefix(4))
        parameters = parameters.dropFirst(4)
        var initial = starts.isEmpty ? nil : starts[depth]
        var final: StatePlace?
        if builder.carriesState, directions == 1 {
          let places = (try statePlace(&builder), try statePlace(&builder))
          (initial, final) = places
          builder.carried.append(
            CarriedState(final: places.1, initial: places.0, size: hidden))
        } else if builder.isInEncoder {
          let place = try statePlace(&builder)
          final = place
          ends.append(place)
        }
        let operation = try RecurrentOperation(
          self, steps: steps, inputSize: inputSize, isReversed: direction == 1, input: input,
          output: output + direction * hidden, outputStride: width, weights: weights,
          initial: initial, final: final, needsInputGradient: inputLearns,
          addsInputGradient: direction == 0 && directions == 2, placing: &builder)
        builder.appendLearning(.recurrent(operation), output: output, isNeeded: true)
      }
      inputSize = width
    }
    if builder.isInEncoder { builder.encoderStates = .init(recurrent: self, places: ends) }
    guard !returnsSequence else { return }
    let output = try builder.place(width)
    builder.append(
      .lastState(
        LastStateOperation(
          input: builder.current, output: output, steps: steps, hidden: hidden,
          directions: directions)),
      output: output)
  }

  private func statePlace(_ builder: inout PlanBuilder) throws(NetworkError) -> StatePlace {
    StatePlace(
      hidden: try builder.place(hidden), cell: cell == .lstm ? try builder.place(hidden) : nil)
  }

  /// The states that the decoder's first recurrent layer starts from.
  private func takeStates(_ placed: PlacedLayer, _ builder: inout PlanBuilder)
    throws(NetworkError) -> [StatePlace]
  {
    guard placed.isInDecoder, let states = builder.encoderStates, !builder.isInEncoder else {
      return []
    }
    builder.encoderStates = nil
    let other = states.recurrent
    guard cell == other.cell, hidden == other.hidden, layers == other.layers, !isBidirectional,
      !other.isBidirectional
    else {
      throw .misfit(
        layer: placed.path,
        "decoder: expected its first recurrent layer to be like the encoder's last one: "
          + "\(other.cell.rawValue), hidden \(other.hidden), layers \(other.layers), one direction")
    }
    return states.places
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
