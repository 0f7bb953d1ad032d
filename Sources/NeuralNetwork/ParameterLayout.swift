// Where each parameter of a model lies in the arenas, and what it is called.

/// A parameter as PyTorch's `state_dict` would list it.
package struct ParameterInfo: Sendable, Equatable {
  /// `fc1.weight`, `fc1.bias`.
  package var name: String
  /// PyTorch's layout.
  package var shape: [Int]
  /// Values in the tensor.
  package var count: Int { shape.reduce(1, *) }
}

/// One parameter's place; plain numbers, so that a step touches no reference count.
struct ParameterPlace {
  var offset: Int
  var count: Int
  /// Its index among the constrainable weight tensors; nil for biases.
  var weight: Int?
}

/// A constrainable weight tensor `[rows, columns]`.
struct WeightPlace {
  var offset: Int
  var rows: Int
  var columns: Int

  func units(along axis: ConstraintAxis) -> Int {
    switch axis {
    case .incoming: rows
    case .outgoing: columns
    case .tensor: 1
    }
  }
}

/// All parameters of a model, in its order.
struct ParameterLayout {
  private(set) var infos: [ParameterInfo] = []
  private(set) var places: [ParameterPlace] = []
  private(set) var weights: [WeightPlace] = []
  /// For each of `weights`: layer name and override.
  private(set) var weightNames: [String] = []
  private(set) var overrides: [MaxNormOverride] = []
  /// For each parameter 1 / √(inputs of its layer), the bound of its first values.
  private(set) var bounds: [Float] = []
  /// For each layer, the offsets of its weight and bias.
  private(set) var dense: [Int: (weight: Int, bias: Int?)] = [:]
  /// The index of the last layer with weights, which decides the number of outputs.
  private(set) var lastDense = 0
  private(set) var inputSize = 1
  private(set) var outputSize = 1
  /// Elements of one arena, padding included.
  private(set) var arenaCount = 0

  /// Throws where the description cannot be built.
  init(_ model: ModelDescription) throws(NetworkError) {
    guard !model.inputShape.isEmpty, model.inputShape.allSatisfy({ $0 > 0 }) else {
      throw .inputShape(model.inputShape)
    }
    for size in model.inputShape {
      let product = inputSize.multipliedReportingOverflow(by: size)
      guard !product.overflow else { throw .tooLarge(floats: nil) }
      inputSize = product.partialValue
    }
    outputSize = inputSize
    var arena = ArenaLayout()
    var names: Set<String> = []
    var ordinal = 0
    for (index, layer) in model.layers.enumerated() {
      switch layer {
      case .dense(let description):
        ordinal += 1
        let name = description.name ?? "dense\(ordinal)"
        guard ParameterLayout.isValid(name) else { throw .name(layer: index, name) }
        guard names.insert(name).inserted else { throw .duplicateName(layer: index, name) }
        try addDense(description, name: name, layer: index, to: &arena)
      case .dropout(let rate):
        guard rate >= 0, rate < 1 else { throw .rate(layer: index, rate) }
      case .leakyReLU(let slope):
        guard slope >= 0, slope.isFinite else { throw .slope(layer: index, slope) }
      case .relu, .tanh, .sigmoid: break
      }
    }
    guard !places.isEmpty else { throw .noWeights }
    arenaCount = arena.count
  }

  private mutating func addDense(
    _ description: DenseDescription, name: String, layer: Int, to arena: inout ArenaLayout
  ) throws(NetworkError) {
    guard description.units > 0 else { throw .units(layer: layer, description.units) }
    if case .value(let ceiling) = description.maxNorm, !ConstraintSettings.isValid(ceiling) {
      throw .maxNorm(layer: layer, ceiling)
    }
    let bound = 1 / Float(outputSize).squareRoot()
    let weight = try arena.place(description.units, outputSize)
    weights.append(WeightPlace(offset: weight, rows: description.units, columns: outputSize))
    weightNames.append(name)
    overrides.append(description.maxNorm)
    infos.append(ParameterInfo(name: name + ".weight", shape: [description.units, outputSize]))
    places.append(
      ParameterPlace(
        offset: weight, count: description.units * outputSize, weight: weights.count - 1))
    bounds.append(bound)
    var bias: Int?
    if description.bias {
      let offset = try arena.place(description.units, 1)
      bias = offset
      infos.append(ParameterInfo(name: name + ".bias", shape: [description.units]))
      places.append(ParameterPlace(offset: offset, count: description.units, weight: nil))
      bounds.append(bound)
    }
    dense[layer] = (weight, bias)
    lastDense = layer
    outputSize = description.units
  }

  /// `[A-Za-z0-9_]+`: the name goes into file formats and column titles.
  private static func isValid(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }
}
