// A model with everything resolved: shapes from layer to layer, and the places of its parameters.

/// A layer with the shapes around it and the places of its parameters.
///
/// Encoders and decoders are resolved into their layers.
package struct PlacedLayer {
  let layer: any Layer
  let path: LayerPath
  let isInDecoder: Bool
  /// The shapes of one example before and after it.
  let input, output: [Int]
  /// Offsets of its parameters, in PyTorch's order; those it has not are left out.
  let parameters: [Int]
  /// Offsets of its buffers: running mean and variance.
  let buffers: [Int]
}

/// All layers and parameters of a model, in its order.
package struct ModelLayout {
  private(set) var layers: [PlacedLayer] = []
  /// What the layers learn and keep; each layer's own file says what that is.
  var parameters = ParameterTable()
  /// The path of the last layer with weights, which decides the number of outputs.
  private(set) var lastWeighted: LayerPath = 0
  /// Values of one example before the decoder's tokens.
  private(set) var encodedSize = 1
  let decoderLength: Int
  private(set) var outputShape: [Int]
  private(set) var inputSize = 1
  private(set) var outputSize = 1
  /// The vocabularies of the embeddings that read the data, and the decoder's tokens.
  var vocabulary: Int?
  var decoderVocabulary: Int?

  /// The rates of the dropout layers.
  var dropoutRates: [Float] = []
  /// What a layer keeps under a name, for later ones: its shape.
  var kept: [String: [Int]] = [:]
  /// Nothing stands between the data and the next layer.
  private(set) var isAtData = true
  /// The next layer stands in the decoder or behind it.
  private(set) var isInDecoder = false
  /// Values of one example that layers keep besides their outputs.
  private(set) var innerValues = 0

  /// Throws where the description cannot be built.
  init(_ model: ModelDescription) throws(NetworkError) {
    guard !model.inputShape.isEmpty, model.inputShape.allSatisfy({ $0 > 0 }) else {
      throw .inputShape(model.inputShape)
    }
    outputShape = model.inputShape
    decoderLength = model.decoderLength
    encodedSize = try Self.size(of: model.inputShape)
    inputSize = encodedSize + decoderLength
    for (index, layer) in model.layers.enumerated() {
      switch layer.content {
      case .layer(let layer): try add(layer, at: LayerPath(index))
      case .part(.encoder, let inner):
        guard layers.isEmpty, decoderLength > 0, case .decoder? = model.layers.dropFirst().first
        else {
          throw .misfit(
            layer: LayerPath(index),
            "encoder: expected at the start, a decoder behind it, and data with a source and a target"
          )
        }
        try add(inner, of: index, part: .encoder)
      case .part(.decoder, let inner):
        guard index == 1, case .encoder? = model.layers.first else {
          throw .misfit(layer: LayerPath(index), "decoder: expected right behind an encoder")
        }
        isInDecoder = true
        isAtData = true
        kept = [:]
        outputShape = [decoderLength]
        try add(inner, of: index, part: .decoder)
      }
    }
    if decoderLength > 0, !isInDecoder {
      throw .misfit(
        layer: 0, "expected an encoder and a decoder: the data has a source and a target")
    }
    guard !parameters.places.isEmpty else { throw .noWeights }
    outputSize = try Self.size(of: outputShape)
  }

  private mutating func add(_ inner: [LayerDescription], of index: Int, part: NetworkPart)
    throws(NetworkError)
  {
    var isRecurrent = false
    for (place, layer) in inner.enumerated() {
      let path = LayerPath(index, inner: .init(part: part.rawValue, index: place))
      switch layer.content {
      case .part: throw .misfit(layer: path, "an encoder or decoder within another")
      case .layer(let layer):
        try add(layer, at: path)
        if layer.role == .recurrent { isRecurrent = true }
      }
    }
    guard isRecurrent else {
      throw .misfit(
        layer: LayerPath(index),
        "\(part.rawValue): expected a recurrent layer in it, found none")
    }
  }

  private mutating func add(_ layer: any Layer, at path: LayerPath) throws(NetworkError) {
    let input = outputShape
    let firstParameter = parameters.places.count
    let firstBuffer = parameters.bufferOffsets.count
    outputShape = try layer.place(in: &self, at: path)
    // Whatever is computed from a shape later on, it does not overflow.
    _ = try Self.size(of: outputShape)
    if parameters.places.count > firstParameter { lastWeighted = path }
    isAtData = false
    layers.append(
      PlacedLayer(
        layer: layer, path: path, isInDecoder: isInDecoder, input: input, output: outputShape,
        parameters: parameters.places[firstParameter...].map(\.offset),
        buffers: Array(parameters.bufferOffsets[firstBuffer...])))
  }

  /// Counts values of one example that a layer keeps besides its output; they limit how many
  /// examples are evaluated at once.
  mutating func addInnerValues(_ shape: [Int]) {
    let count = shape.reduce(1) { $0 * Double($1) }
    innerValues += Int(min(count, 0x1p40))
  }

  // MARK: Names and shapes of all kinds

  /// `[A-Za-z0-9_]+`: the name goes into file formats and column titles.
  static func isValid(_ name: String) -> Bool {
    name.wholeMatch(of: /[A-Za-z0-9_]+/) != nil
  }

  /// The number of values in a shape.
  static func size(of shape: [Int]) throws(NetworkError) -> Int {
    var size = 1
    for length in shape {
      let product = size.multipliedReportingOverflow(by: length)
      guard !product.overflow, product.partialValue < 1 << 40 else { throw .tooLarge(floats: nil) }
      size = product.partialValue
    }
    return size
  }
}
