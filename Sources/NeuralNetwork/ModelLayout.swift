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
  private(set) var infos: [ParameterInfo] = []
  private(set) var places: [ParameterPlace] = []
  private(set) var initialValues: [InitialValues] = []
  private(set) var weights: [WeightPlace] = []
  /// For each of `weights`.
  private(set) var weightNames: [WeightName] = []
  /// Running statistics: not learned, but part of the state.
  private(set) var bufferInfos: [ParameterInfo] = []
  private(set) var bufferOffsets: [Int] = []
  /// The path of the last layer with weights, which decides the number of outputs.
  private(set) var lastWeighted: LayerPath = 0
  /// Values of one example before the decoder's tokens.
  private(set) var encodedSize = 1
  let decoderLength: Int
  private(set) var outputShape: [Int]
  private(set) var inputSize = 1
  private(set) var outputSize = 1
  /// The vocabularies of the embeddings that read the data, and the decoder's tokens.
  private(set) var vocabulary: Int?
  private(set) var decoderVocabulary: Int?
  /// Elements of the arenas, padding included.
  private(set) var arenaCount = 0
  private(set) var bufferCount = 0

  private var arena = ArenaLayout()
  private var bufferArena = ArenaLayout()
  private var names: Set<String> = []
  private var ordinals: [String: Int] = [:]
  private var kept: [String: [Int]] = [:]
  /// Nothing stands between the data and the next layer.
  private var isAtData = true

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
    guard !places.isEmpty else { throw .noWeights }
    outputSize = try Self.size(of: outputShape)
    arenaCount = arena.count
    bufferCount = bufferArena.count
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
    let firstParameter = places.count
    let firstBuffer = bufferOffsets.count
    switch layer {
    case .dense(let dense): try addDense(dense, path)
    case .convolution(let convolution): try addConvolution(convolution, path)
    case .embedding(let embedding):
      try addEmbedding(embedding, path, isInDecoder: isInDecoder)
    case .recurrent(let recurrent): try addRecurrent(recurrent, path)
    case .batchNorm(let norm): try addBatchNorm(norm, path)
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
    if places.count > firstParameter { lastWeighted = path }
    isAtData = false
    layers.append(
      PlacedLayer(
        layer: layer, path: path, isInDecoder: isInDecoder, input: input, output: outputShape,
        parameters: places[firstParameter...].map(\.offset),
        buffers: Array(bufferOffsets[firstBuffer...])))
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

  // MARK: Layers with parameters

  private mutating func addDense(_ dense: DenseDescription, _ path: LayerPath)
    throws(NetworkError)
  {
    let name = try claim(dense.name, kind: "dense", path)
    guard dense.units > 0 else { throw .units(layer: path, dense.units) }
    let isSequence = outputShape.count == 2
    let inputs = isSequence ? outputShape[1] : try Self.size(of: outputShape)
    let bound = InitialValues.uniform(bound: 1 / Float(inputs).squareRoot())
    try addWeight(
      WeightName(
        layer: name, kind: "dense", tensor: "weight", shape: [dense.units, inputs],
        isOnlyOne: true, override: dense.maxNorm), bound, path)
    if dense.bias { try addParameter(name + ".bias", [dense.units], bound) }
    outputShape = isSequence ? [outputShape[0], dense.units] : [dense.units]
  }

  private mutating func addConvolution(_ convolution: ConvolutionDescription, _ path: LayerPath)
    throws(NetworkError)
  {
    let kind = convolution.kind
    let name = try claim(convolution.name, kind: kind, path)
    let image = try Self.image(outputShape, path, kind)
    let (channels, kernel) = (convolution.channels, convolution.kernel)
    let output = try convolution.outputShape(for: image, path)
    let shape =
      convolution.isTransposed
      ? [image.channels, channels, kernel, kernel] : [channels, image.channels, kernel, kernel]
    // PyTorch takes the second dimension for the inputs, transposed or not.
    let fan = Float(shape[1]) * Float(kernel) * Float(kernel)
    let bound = InitialValues.uniform(bound: 1 / fan.squareRoot())
    try addWeight(
      WeightName(
        layer: name, kind: kind, tensor: "weight", shape: shape, isOnlyOne: true,
        override: convolution.maxNorm),
      unitColumns: convolution.isTransposed ? kernel * kernel : 0, bound, path)
    if convolution.bias { try addParameter(name + ".bias", [channels], bound) }
    outputShape = output
  }

  private mutating func addEmbedding(
    _ embedding: EmbeddingDescription, _ path: LayerPath, isInDecoder: Bool
  ) throws(NetworkError) {
    let name = try claim(embedding.name, kind: "embedding", path)
    guard outputShape.count == 1, isAtData else {
      throw .misfit(
        layer: path, "embedding: expected tokens [steps] right from the data, found \(outputShape)")
    }
    guard embedding.vocabulary > 0, embedding.size > 0 else {
      throw .misfit(
        layer: path, "embedding: expected a vocabulary and a size of at least 1")
    }
    // Tokens are whole numbers in float32.
    guard embedding.vocabulary < 1 << 24 else { throw .tooLarge(floats: nil) }
    if isInDecoder {
      decoderVocabulary = embedding.vocabulary
    } else {
      vocabulary = embedding.vocabulary
    }
    try addWeight(
      WeightName(
        layer: name, kind: "embedding", tensor: "weight",
        shape: [embedding.vocabulary, embedding.size], isOnlyOne: true,
        override: embedding.maxNorm), .normal, path)
    outputShape = [outputShape[0], embedding.size]
  }

  private mutating func addRecurrent(_ recurrent: RecurrentDescription, _ path: LayerPath)
    throws(NetworkError)
  {
    let kind = recurrent.cell.rawValue
    let name = try claim(recurrent.name, kind: kind, path)
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
          try addWeight(
            WeightName(
              layer: name, kind: kind, tensor: "\(tensor)_l\(layer)\(suffix)",
              shape: [rows, columns], isOnlyOne: false, override: recurrent.maxNorm), bound, path)
        }
        for tensor in ["bias_ih", "bias_hh"] {
          try addParameter("\(name).\(tensor)_l\(layer)\(suffix)", [rows], bound)
        }
      }
      inputs = directions * hidden
      _ = try Self.size(of: [outputShape[0], inputs])
    }
    outputShape = recurrent.returnsSequence ? [outputShape[0], inputs] : [inputs]
  }

  private mutating func addBatchNorm(_ norm: BatchNormDescription, _ path: LayerPath)
    throws(NetworkError)
  {
    let name = try claim(norm.name, kind: "batch_norm", path)
    guard norm.epsilon > 0, norm.epsilon.isFinite, norm.momentum >= 0, norm.momentum <= 1 else {
      throw .misfit(
        layer: path, "batch_norm: expected an epsilon above 0 and a momentum from 0 to 1")
    }
    let features = outputShape.count == 2 ? outputShape[1] : outputShape[0]
    try addParameter(name + ".weight", [features], .constant(1))
    try addParameter(name + ".bias", [features], .constant(0))
    for buffer in ["running_mean", "running_var"] {
      bufferInfos.append(ParameterInfo(name: "\(name).\(buffer)", shape: [features]))
      bufferOffsets.append(try bufferArena.place(features, 1))
    }
  }

  private mutating func addWeight(
    _ name: WeightName, unitColumns: Int = 0, _ initial: InitialValues, _ path: LayerPath
  ) throws(NetworkError) {
    if case .value(let ceiling) = name.override, !ConstraintSettings.isValid(ceiling) {
      throw .maxNorm(layer: path, ceiling)
    }
    let columns = try Self.size(of: Array(name.shape.dropFirst()))
    weights.append(
      WeightPlace(
        offset: arena.count, rows: name.shape[0], columns: columns, unitColumns: unitColumns))
    weightNames.append(name)
    try addParameter("\(name.layer).\(name.tensor)", name.shape, initial, weight: weights.count - 1)
  }

  private mutating func addParameter(
    _ name: String, _ shape: [Int], _ initial: InitialValues, weight: Int? = nil
  ) throws(NetworkError) {
    let columns = try Self.size(of: Array(shape.dropFirst()))
    let offset = try arena.place(shape[0], columns)
    infos.append(ParameterInfo(name: name, shape: shape))
    places.append(ParameterPlace(offset: offset, count: shape[0] * columns, weight: weight))
    initialValues.append(initial)
  }

  // MARK: Names and shapes

  /// The layer's own name, or its kind and ordinal.
  private mutating func claim(_ own: String?, kind: String, _ path: LayerPath)
    throws(NetworkError) -> String
  {
    ordinals[kind, default: 0] += 1
    let name = own ?? "\(kind)\(ordinals[kind, default: 0])"
    guard Self.isValid(name) else { throw .name(layer: path, name) }
    guard names.insert(name).inserted else { throw .duplicateName(layer: path, name) }
    return name
  }

  /// `[A-Za-z0-9_]+`: the name goes into file formats and column titles.
  private static func isValid(_ name: String) -> Bool {
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
