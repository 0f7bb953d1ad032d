// A model description turned into a flat list of operations over arenas, once per batch size.
import Kernels

/// Where operations find their numbers: of the forward pass, or the gradients of the same places.
struct Memory {
  let parameters: UnsafeMutablePointer<Float>
  let values: UnsafeMutablePointer<Float>
}

/// One operation of a plan; an enum of plain numbers, so that a step makes no dynamic call.
enum Operation {
  case dense(DenseOperation)
  case activation(ActivationOperation)
  case dropout(DropoutOperation)
}

/// What to compute, in order, for up to `rows` examples at once.
///
/// A smaller batch runs through the same plan: tensors are `[N, size]` from their offset on,
/// whatever N is.
struct Plan {
  enum Mode {
    case training, inference
  }

  let rows: Int
  private(set) var operations: [Operation] = []
  /// Operations before this one have no parameter before or in them: no gradient is needed there.
  private(set) var firstWithGradient = 0
  /// Offset of the network's input among the values.
  let input: Int
  private(set) var output: Int
  /// Elements of the arena of values, and of that of their gradients.
  let valueCount: Int

  init(_ model: ModelDescription, _ layout: ParameterLayout, rows: Int, mode: Mode)
    throws(NetworkError)
  {
    guard rows > 0 else { throw .batch(rows) }
    self.rows = rows
    var arena = ArenaLayout()
    input = try arena.place(rows, layout.inputSize)
    output = input
    var size = layout.inputSize
    var learns = false
    // An activation overwrites its input unless the operation that made it needs it once more.
    var isNeeded = false
    var dropouts = 0
    func function(_ layer: LayerDescription) -> ActivationOperation.Function? {
      switch layer {
      case .relu: .relu
      case .tanh: .tanh
      case .sigmoid: .sigmoid
      case .leakyReLU(let slope): .leakyReLU(slope: slope)
      case .dense, .dropout: nil
      }
    }
    for (index, layer) in model.layers.enumerated() {
      if let function = function(layer) {
        let place = isNeeded ? try arena.place(rows, size) : output
        operations.append(
          .activation(
            ActivationOperation(function: function, input: output, output: place, size: size)))
        output = place
        isNeeded = mode == .training
      } else if case .dense(let description) = layer, let parameters = layout.dense[index] {
        let place = try arena.place(rows, description.units)
        if !learns { firstWithGradient = operations.count }
        operations.append(
          .dense(
            DenseOperation(
              input: output, output: place, inputSize: size, outputSize: description.units,
              weight: parameters.weight, bias: parameters.bias, needsInputGradient: learns)))
        output = place
        size = description.units
        learns = true
        isNeeded = false
      } else if case .dropout = layer {
        if mode == .training {
          let place = try arena.place(rows, size)
          let mask = try arena.place(rows, size)
          operations.append(
            .dropout(
              DropoutOperation(
                ordinal: dropouts, input: output, output: place, mask: mask, size: size)))
          output = place
          isNeeded = false
        }
        dropouts += 1
      }
    }
    valueCount = arena.count
  }
}
