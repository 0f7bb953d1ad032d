// The parameters of a model as its layers name them, one after the other in the arenas.

/// What a model learns and keeps: names, places and first values, in its order.
struct ParameterTable {
  private(set) var infos: [ParameterInfo] = []
  private(set) var places: [ParameterPlace] = []
  private(set) var initialValues: [InitialValues] = []
  private(set) var weights: [WeightPlace] = []
  /// For each of `weights`.
  private(set) var weightNames: [WeightName] = []
  /// Running statistics: not learned, but part of the state.
  private(set) var bufferInfos: [ParameterInfo] = []
  private(set) var bufferOffsets: [Int] = []
  private(set) var firstBufferValues: [Float] = []
  private var arena = ArenaLayout()
  private var bufferArena = ArenaLayout()
  private var names: Set<String> = []
  private var ordinals: [LayerKind: Int] = [:]

  /// Elements of the arenas, padding included.
  var arenaCount: Int { arena.count }
  var bufferCount: Int { bufferArena.count }

  /// The layer's own name, or its kind and ordinal.
  mutating func claim(_ own: String?, kind: LayerKind, _ path: LayerPath)
    throws(NetworkError) -> String
  {
    ordinals[kind, default: 0] += 1
    let name = own ?? "\(kind.rawValue)\(ordinals[kind, default: 0])"
    guard ModelLayout.isValid(name) else { throw .name(layer: path, name) }
    guard names.insert(name).inserted else { throw .duplicateName(layer: path, name) }
    return name
  }

  /// A weight tensor that the constraint may hold.
  ///
  /// `order`: for each dimension of Keras' layout the one that it is here; nil: outputs are in front here
  /// and behind there.
  mutating func addWeight(
    _ name: WeightName, unitColumns: Int = 0, order: [Int]? = nil, _ initial: InitialValues,
    _ path: LayerPath
  ) throws(NetworkError) {
    var name = name
    if case .value(let ceiling) = name.override, !ConstraintSettings.isValid(ceiling) {
      throw .maxNorm(layer: path, ceiling)
    }
    let columns = try ModelLayout.size(of: Array(name.shape.dropFirst()))
    var place = WeightPlace(
      offset: arena.count, rows: name.shape[0], columns: columns, unitColumns: unitColumns)
    if let axes = name.axes {
      let cut = try axes.cut(place, shape: name.shape, order: order ?? [1, 0], path)
      (place.own, name.axis) = (cut.units, cut.word)
    }
    weights.append(place)
    weightNames.append(name)
    try addParameter("\(name.layer).\(name.tensor)", name.shape, initial, weight: weights.count - 1)
  }

  /// A parameter of the shape; `weight` is its index among the weight tensors.
  mutating func addParameter(
    _ name: String, _ shape: [Int], _ initial: InitialValues, weight: Int? = nil
  ) throws(NetworkError) {
    let columns = try ModelLayout.size(of: Array(shape.dropFirst()))
    let offset = try arena.place(shape[0], columns)
    infos.append(ParameterInfo(name: name, shape: shape))
    places.append(ParameterPlace(offset: offset, count: shape[0] * columns, weight: weight))
    initialValues.append(initial)
  }

  /// A tensor that is kept and not learned, with the same value everywhere at first.
  mutating func addBuffer(_ name: String, _ shape: [Int], first value: Float)
    throws(NetworkError)
  {
    bufferInfos.append(ParameterInfo(name: name, shape: shape))
    firstBufferValues.append(value)
    bufferOffsets.append(try bufferArena.place(try ModelLayout.size(of: shape), 1))
  }
}
