// What a plan consists of: an operation of each kind, and the passes over them.
import Basics
import Kernels

/// Where operations find their numbers: of the forward pass, or the gradients of the same places.
struct Memory {
  let parameters: UnsafeMutablePointer<Float>
  let values: UnsafeMutablePointer<Float>
  /// Running statistics; they have no gradients.
  let buffers: UnsafeMutablePointer<Float>
}

/// One operation of a plan; an enum of plain numbers, so that a step makes no dynamic call.
enum Operation {
  case dense(DenseOperation)
  case activation(ActivationOperation)
  case dropout(DropoutOperation)
  case convolution(ConvolutionOperation)
  case pooling(PoolingOperation)
  case batchNorm(BatchNormOperation)
  case layerNorm(LayerNormOperation)
  case groupNorm(GroupNormOperation)
  case embedding(EmbeddingOperation)
  case recurrent(RecurrentOperation)
  case lastState(LastStateOperation)
  case discard(DiscardOperation)
  case keep(KeepOperation)
  case join(JoinOperation)
  case reorder(ReorderOperation)
}

extension Workspace {
  /// Runs the operations from the one at `start` on; `source` and `rates` are for dropout while
  /// training, `freezesNorms` for batch normalization.
  func forward(
    parameters: UnsafeMutablePointer<Float>, buffers: UnsafeMutablePointer<Float>, rows: Int,
    from start: Int = 0, rates: borrowing [Float], freezesNorms: Bool = false,
    source: inout RandomSource
  ) {
    let memory = Memory(parameters: parameters, values: values.base, buffers: buffers)
    for index in start..<plan.operations.count {
      switch plan.operations[index] {
      case .dense(let operation): operation.forward(memory, plan.products, rows: rows)
      case .activation(let operation): operation.forward(memory, rows: rows)
      case .dropout(let operation):
        operation.forward(memory, rows: rows, rate: rates[operation.ordinal], source: &source)
      case .convolution(let operation):
        operation.forward(memory, plan.convolutions[operation.convolution], rows: rows)
      case .pooling(let operation): operation.forward(memory, rows: rows)
      case .batchNorm(let operation):
        operation.forward(memory, rows: rows, isFrozen: freezesNorms)
      case .layerNorm(let operation): operation.forward(memory, rows: rows)
      case .groupNorm(let operation): operation.forward(memory, rows: rows)
      case .embedding(let operation): operation.forward(memory, rows: rows)
      case .recurrent(let operation): operation.forward(memory, plan.products, rows: rows)
      case .lastState(let operation): operation.forward(memory, rows: rows)
      case .discard: break
      case .keep(let operation): operation.forward(memory, rows: rows)
      case .join(let operation): operation.forward(memory, rows: rows)
      case .reorder(let operation): operation.forward(memory, rows: rows)
      }
    }
  }

  /// From the gradient of the outputs (see `loss`) to those of all parameters.
  func backward(
    parameters: UnsafeMutablePointer<Float>, buffers: UnsafeMutablePointer<Float>,
    into parameterGradients: UnsafeMutablePointer<Float>, rows: Int, freezesNorms: Bool = false
  ) {
    let memory = Memory(parameters: parameters, values: values.base, buffers: buffers)
    let slopes = Memory(
      parameters: parameterGradients, values: gradients.base, buffers: buffers)
    var index = plan.operations.count
    while index > plan.firstWithGradient {
      index -= 1
      switch plan.operations[index] {
      case .dense(let operation):
        operation.backward(memory, slopes, plan.products, rows: rows)
      case .activation(let operation): operation.backward(memory, slopes, rows: rows)
      case .dropout(let operation): operation.backward(memory, slopes, rows: rows)
      case .convolution(let operation):
        operation.backward(memory, slopes, plan.convolutions[operation.convolution], rows: rows)
      case .pooling(let operation): operation.backward(memory, slopes, rows: rows)
      case .batchNorm(let operation):
        operation.backward(memory, slopes, rows: rows, isFrozen: freezesNorms)
      case .layerNorm(let operation): operation.backward(memory, slopes, rows: rows)
      case .groupNorm(let operation): operation.backward(memory, slopes, rows: rows)
      case .embedding(let operation): operation.backward(memory, slopes, rows: rows)
      case .recurrent(let operation):
        operation.backward(memory, slopes, plan.products, rows: rows)
      case .lastState(let operation): operation.backward(slopes, rows: rows)
      case .discard(let operation): operation.backward(slopes, rows: rows)
      case .keep(let operation): operation.backward(slopes, rows: rows)
      case .join(let operation): operation.backward(slopes, rows: rows)
      case .reorder(let operation): operation.backward(slopes, rows: rows)
      }
    }
  }
}
