// A model with everything resolved: shapes from layer to layer, and the places of its parameters.

/// A layer with the shapes around it and the places of its parameters.
struct PlacedLayer {
  /// Never an encoder or a decoder: those are resolved into their layers.
  let layer: LayerDescription
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
struct ModelLayout {
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

  private var kept: [String: [Int]] = [:]
  /// Nothing stands between the data and the next layer.
  private(set) var isAtData = true

  /// Throws where the description cannot be built.
  init(_ model: ModelDescription) throws(NetworkError) {
    guard !model.inputShape.isEmpty, model.inputShape.allSatisfy({ $0 > 0 }) else {
      throw .inputShape(model.inputShape)
    }
    outputShape = model.inputShape
    decoderLength = model.decoderLength
    encodedSize = try Self.size(of: model.inputShape)
    inputSize = encodedSize + decoderLength
    var hasDecoder = false
    for (index, layer) in model.layers.enumerated() {
      switch layer {
      case .encoder(let inner):
        guard layers.isEmpty, decoderLength > 0, case .decoder? = model.layers.dropFirst().first
        else {
          throw .misfit(
            layer: LayerPath(index),
            "encoder: expected at the start, a decoder behind it, and data with a source and a target"
          )
        }
        try add(inner, of: index, part: "encoder")
      case .decoder(let inner):
        guard index == 1, case .encoder? = model.layers.first else {
          throw .misfit(layer: LayerPath(index), "decoder: expected right behind an encoder")
        }
        hasDecoder = true
        isAtData = true
        kept = [:]
        outputShape = [decoderLength]
        try add(inner, of: index, part: "decoder")
      default:
        try add(layer, at: LayerPath(index), isInDecoder: hasDecoder)
      }
    }
    if decoderLength > 0, !hasDecoder {
      throw .misfit(
        layer: 0, "expected an encoder and a decoder: the data has a source and a target")
    }
    guard !parameters.places.isEmpty else { throw .noWeights }
    outputSize = try Self.size(of: outputShape)
  }

  private mutating func add(_ inner: [LayerDescription], of index: Int, part: String)
    throws(NetworkError)
  {
    for (place, layer) in inner.enumerated() {
      let path = LayerPath(index, inner: .init(part: part, index: place))
      switch layer {
      case .encoder, .decoder: throw .misfit(layer: path, "an encoder or decoder within another")
      default: try add(layer, at: path, isInDecoder: part == "decoder")
      }
    }
    let recurrent = inner.contains { if case .recurrent = $0 { true } else { false } }
    guard recurrent else {
      throw .misfit(
        layer: LayerPath(index), "\(part): expected a recurrent layer in it, found none")
    }
  }

  private mutating func add(_ layer: LayerDescription, at path: LayerPath, isInDecoder: Bool)
    throws(NetworkError)
  {
    let input = outputShape
    let firstParameter = parameters.places.count
    let firstBuffer = parameters.bufferOffsets.count
    switch layer {
    case .dense(let dense): outputShape = try add(dense, path)
    case .convolution(let convolution): outputShape = try add(convolution, path)
    case .embedding(let embedding):
      outputShape = try add(embedding, path, isInDecoder: isInDecoder)
    case .recurrent(let recurrent): outputShape = try add(recurrent, path)
    case .batchNorm(let norm): try add(norm, path)
    case .maxPool(let pool): outputShape = try pool.outputShape(for: input, path, "max_pool")
    case .averagePool(let pool): outputShape = try pool.outputShape(for: input, path, "avg_pool")
    case .globalAveragePool:
      outputShape = [try Self.image(input, path, "global_avg_pool").channels]
    case .flatten: outputShape = [try Self.size(of: input)]
    case .dropout(let rate):
      guard rate >= 0, rate < 1 else { throw .rate(layer: path, rate) }
    case .leakyReLU(let slope):
      guard slope >= 0, slope.isFinite else { throw .slope(layer: path, slope) }
    case .keep(let name):
      guard Self.isValid(name) else { throw .name(layer: path, name) }
      guard kept.updateValue(input, forKey: name) == nil else {
        throw .misfit(layer: path, "keep: '\(name)' is taken by an earlier one")
      }
    case .concatenate(let name):
      let other = try take(name, path, "concatenate")
      guard other.count == input.count, other.joined(to: input) != nil else {
        throw .misfit(
          layer: path, "concatenate: expected a shape that fits \(input), '\(name)' is \(other)")
      }
      outputShape = other.joined(to: input) ?? input
    case .add(let name):
      let other = try take(name, path, "add")
      guard other == input else {
        throw .misfit(layer: path, "add: expected the shape \(input), '\(name)' is \(other)")
      }
    case .relu, .gelu, .tanh, .sigmoid, .encoder, .decoder: break
    }
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

  /// What was kept under a name; it may be used more than once.
  private mutating func take(_ name: String, _ path: LayerPath, _ kind: String)
    throws(NetworkError) -> [Int]
  {
    guard let shape = kept[name] else {
      throw .misfit(layer: path, "\(kind): expected a name that was kept before, found '\(name)'")
    }
    return shape
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

  static func image(_ shape: [Int], _ path: LayerPath, _ kind: String) throws(NetworkError)
    -> ImageShape
  {
    guard shape.count == 3 else {
      throw .misfit(
        layer: path, "\(kind): expected an image [channels, height, width], found \(shape)")
    }
    return ImageShape(channels: shape[0], height: shape[1], width: shape[2])
  }
}

extension [Int] {
  /// The shape of two examples put together: channels of images, features of the others.
  fileprivate func joined(to other: [Int]) -> [Int]? {
    switch count {
    case 1: [self[0] + other[0]]
    case 2: self[0] == other[0] ? [self[0], self[1] + other[1]] : nil
    default: dropFirst() == other.dropFirst() ? [self[0] + other[0]] + dropFirst() : nil
    }
  }
}
