// What can be wrong with a description, its settings or the data for it.

/// A network that cannot be built, or data that do not fit it.
package enum NetworkError: Error, Equatable {
  case inputShape([Int])
  case noWeights
  case name(layer: Int, String)
  case duplicateName(layer: Int, String)
  case units(layer: Int, Int)
  case rate(layer: Int, Float)
  case slope(layer: Int, Float)
  /// `layer` nil: the global ceiling.
  case maxNorm(layer: Int?, Float)
  case batch(Int)
  case optimizer(key: String, value: Double, expected: String)
  /// More than this machine gives; the number of floats where it is known.
  case tooLarge(floats: Int?)
  /// The last layer gives another number of outputs than the targets need.
  case outputSize(layer: Int, outputs: Int, expected: Int)
  /// Labels where the loss needs values, or the other way round.
  case targets(loss: LossFunction)
  case inputSize(Int, expected: Int)
  case unknownParameter(String)
  case parameterSize(String, count: Int, expected: Int)

  /// The index in `ModelDescription.layers` of the layer at fault, where it is one.
  package var layer: Int? {
    switch self {
    case .name(let layer, _), .duplicateName(let layer, _), .units(let layer, _),
      .rate(let layer, _), .slope(let layer, _), .outputSize(let layer, _, _):
      layer
    case .maxNorm(let layer, _): layer
    default: nil
    }
  }
}

extension NetworkError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .inputShape(let shape): "input shape \(shape): every size must be at least 1"
    case .noWeights: "a model needs at least one layer with weights"
    case .name(_, let name): "name '\(name)': expected letters, digits and _ only"
    case .duplicateName(_, let name): "name '\(name)' is taken by an earlier layer"
    case .units(_, let units): "units \(units): expected at least 1"
    case .rate(_, let rate): "dropout rate \(rate): expected 0 or more and less than 1"
    case .slope(_, let slope): "slope \(slope): expected 0 or more"
    case .maxNorm(_, let ceiling): "max_norm \(ceiling): expected a number above 0"
    case .batch(let batch): "batch \(batch): expected at least 1"
    case .optimizer(let key, let value, let expected): "\(key) \(value): expected \(expected)"
    case .tooLarge(let floats):
      if let floats {
        "the network needs \(floats) numbers of memory, more than there is: make it smaller"
      } else {
        "the network is too large: make it smaller"
      }
    case .outputSize(_, let outputs, let expected):
      "the last layer gives \(outputs) outputs, the targets need \(expected)"
    case .targets(.crossEntropy): "cross_entropy needs classes as targets"
    case .targets(.binaryCrossEntropy):
      "binary_cross_entropy needs two classes or values from 0 to 1 as targets"
    case .targets(.meanSquaredError): "mse needs values as targets"
    case .inputSize(let size, let expected):
      "examples have \(size) inputs, the model expects \(expected)"
    case .unknownParameter(let name): "the model has no parameter '\(name)'"
    case .parameterSize(let name, let count, let expected):
      "parameter '\(name)' has \(expected) values, not \(count)"
    }
  }
}
