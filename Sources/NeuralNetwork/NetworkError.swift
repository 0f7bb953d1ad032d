// What can be wrong with a description, its settings or the data for it.

/// A network that cannot be built, or data that do not fit it.
package enum NetworkError: Error, Equatable {
  case inputShape([Int])
  case noWeights
  case name(layer: LayerPath, String)
  case duplicateName(layer: LayerPath, String)
  case units(layer: LayerPath, Int)
  case rate(layer: LayerPath, Float)
  case slope(layer: LayerPath, Float)
  /// `layer` nil: the global ceiling.
  case maxNorm(layer: LayerPath?, Float)
  /// A layer that does not fit what comes before it, or a setting outside its range.
  case misfit(layer: LayerPath, String)
  case gradientClip(Double)
  case schedule(key: String, value: Double, expected: String)
  case batch(Int)
  case optimizer(key: String, value: Double, expected: String)
  /// More than this machine gives; the number of floats where it is known.
  case tooLarge(floats: Int?)
  /// The last layer gives another number of outputs than the targets need.
  case outputSize(layer: LayerPath, outputs: Int, expected: Int)
  /// The outputs have another shape than the targets need.
  case outputShape(layer: LayerPath, outputs: [Int], expected: String)
  /// Labels where the loss needs values, or the other way round.
  case targets(loss: LossFunction)
  case inputSize(Int, expected: Int)
  /// An embedding's largest token is not below its vocabulary, or a token is not a whole number
  /// from 0.
  case token(Float, vocabulary: Int)
  case unknownParameter(String)
  case parameterSize(String, count: Int, expected: Int)

  /// The place of the layer at fault, where it is one.
  package var layer: LayerPath? {
    switch self {
    case .name(let layer, _), .duplicateName(let layer, _), .units(let layer, _),
      .rate(let layer, _), .slope(let layer, _), .outputSize(let layer, _, _),
      .outputShape(let layer, _, _), .misfit(let layer, _):
      layer
    case .maxNorm(let layer, _): layer
    case .inputShape, .noWeights, .gradientClip, .schedule, .batch, .optimizer, .tooLarge, .targets,
      .inputSize, .token, .unknownParameter, .parameterSize:
      nil
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
    case .misfit(_, let problem): problem
    case .gradientClip(let limit): "gradient_clip \(limit): expected a number above 0"
    case .schedule(let key, let value, let expected):
      "schedule \(key) \(value): expected \(expected)"
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
    case .outputShape(_, let outputs, let expected):
      "the last layer gives \(outputs), the targets need \(expected)"
    case .targets(.classAndBox): "class_and_box needs a class and a box as targets"
    case .targets(.crossEntropy): "cross_entropy needs classes as targets"
    case .targets(.binaryCrossEntropy):
      "binary_cross_entropy needs two classes or values from 0 to 1 as targets"
    case .targets(.meanSquaredError): "mse needs values as targets"
    case .inputSize(let size, let expected):
      "examples have \(size) inputs, the model expects \(expected)"
    case .token(let token, let vocabulary):
      token == token.rounded() && 0..<0x1p31 ~= token
        ? "embedding: expected tokens from 0 to \(vocabulary - 1), found some up to \(Int(token)): "
          + "set its vocabulary to \(Int(token) + 1), or leave it out"
        : "embedding: expected tokens, whole numbers of at least 0, found \(token): "
          + "leave it out for data that are no tokens"
    case .unknownParameter(let name): "the model has no parameter '\(name)'"
    case .parameterSize(let name, let count, let expected):
      "parameter '\(name)' has \(expected) values, not \(count)"
    }
  }
}
