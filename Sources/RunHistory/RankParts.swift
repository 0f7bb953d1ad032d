// Layers of which several ranks of a distributed run hold a part each: put together before they are shown.
import RunRecords

/// The other ranks of a run, and what is to be put together of what they tell.
package struct RankParts: Sendable {
  /// The ranks beside the one whose header opened the run, as they were first heard of.
  package private(set) var names: [String] = []
  /// By layer and rank: the units that the rank holds.
  private var parts: [String: [String: ClosedRange<Int>]] = [:]
  /// The main rank's last step, until the others have told of it too.
  private var held: StepRecord?
  private var steps: [String: (step: Int, layers: [String: StepRecord.Layer])] = [:]
  private var norms: [String: [String: (step: Int, norms: PartNorms)]] = [:]

  private enum PartNorms {
    case list([Float])
    case digest(NormDigest)
  }

  /// The rank whose records say of no other.
  static let main = ""
  /// A damaged log may name any number of them.
  private static let mostRanks = 65_536

  init(_ header: RunHeader) {
    for layer in header.layers { add(layer, of: Self.main) }
  }

  /// Whether any layer is held in parts.
  package var isMerging: Bool { !parts.isEmpty }

  /// Whether the rank is heard of for the first time.
  mutating func note(_ name: String) -> Bool {
    guard !names.contains(name), names.count < Self.mostRanks else { return false }
    names.append(name)
    return true
  }

  /// Takes in which units of a layer a rank holds.
  mutating func add(_ layer: RunHeader.Layer, of rank: String) {
    guard let part = layer.heldUnits else { return }
    parts[layer.name, default: [:]][rank] = part
  }

  func isPart(_ name: String) -> Bool { parts[name] != nil }

  /// The units of a layer on all ranks together.
  func units(of name: String) -> Int? { parts[name].map { $0.values.reduce(0) { $0 + $1.count } } }

  // MARK: Steps

  /// Holds the main rank's step until the others have told of it.
  mutating func hold(_ record: StepRecord) { held = record }

  mutating func take(_ record: StepRecord, of rank: String) {
    let layers = record.layers.map { ($0.name, $0) }
    steps[rank] = (record.step, Dictionary(layers) { first, _ in first })
  }

  /// Whether all ranks that hold parts have told of the step that is held.
  var isComplete: Bool {
    guard let held else { return false }
    let ranks = Set(parts.values.flatMap(\.keys)).subtracting([Self.main])
    return ranks.allSatisfy { steps[$0].map { $0.step >= held.step } ?? false }
  }

  /// The step that was held, its layers put together from what is known of it.
  mutating func release() -> StepRecord? {
    guard var record = held else { return nil }
    held = nil
    for (name, ranks) in parts {
      let own = record.layers.firstIndex { $0.name == name }
      let told = ranks.sorted { $0.value.lowerBound < $1.value.lowerBound }.compactMap {
        rank, units -> (units: Int, layer: StepRecord.Layer)? in
        var layer: StepRecord.Layer?
        if rank == Self.main {
          layer = own.map { record.layers[$0] }
        } else if let told = steps[rank], told.step == record.step {
          layer = told.layers[name]
        }
        return layer.map { (units: units.count, layer: $0) }
      }
      guard let layer = StepRecord.Layer.merged(told) else { continue }
      if let own { record.layers[own] = layer } else { record.layers.append(layer) }
    }
    return record
  }

  // MARK: Norms

  /// Takes in a rank's norms of a layer; those of the whole layer once all ranks have told them.
  mutating func take(
    _ list: [Float], of rank: String, layer: String, at step: Int
  ) -> [Float]? {
    guard let told = add(.list(list), of: rank, layer: layer, at: step) else { return nil }
    var whole: [Float] = []
    for (units, norms) in told {
      guard case .list(let list) = norms, list.count == units.count else { return nil }
      whole += list
    }
    return whole
  }

  /// The same with digests.
  mutating func take(
    _ digest: NormDigest, of rank: String, layer: String, at step: Int
  ) -> NormDigest? {
    guard let told = add(.digest(digest), of: rank, layer: layer, at: step) else { return nil }
    var sets: [QuantileSet] = []
    var largest: [NormDigest.Unit] = []
    for (units, norms) in told {
      guard case .digest(let digest) = norms, digest.quantiles.count > 1 else { return nil }
      sets.append(QuantileSet(units: Double(digest.units), quantiles: digest.quantiles))
      largest += digest.largest.map {
        NormDigest.Unit(index: $0.index &+ units.lowerBound, norm: $0.norm)
      }
    }
    return NormDigest(
      units: told.reduce(0) { $0 + $1.units.count },
      quantiles: QuantileSet.merged(sets, count: NormDigest.quantileCount),
      largest: Array(
        largest.sorted { $0.norm.isNaN || $0.norm > $1.norm }.prefix(NormDigest.largestCount)))
  }

  /// All parts of a layer in the order of their units, where all are of this step.
  private mutating func add(
    _ part: PartNorms, of rank: String, layer: String, at step: Int
  ) -> [(units: ClosedRange<Int>, norms: PartNorms)]? {
    guard let ranks = parts[layer], ranks[rank] != nil else { return nil }
    norms[layer, default: [:]][rank] = (step, part)
    let ordered = ranks.sorted { $0.value.lowerBound < $1.value.lowerBound }
    let told = ordered.compactMap { rank, units -> (units: ClosedRange<Int>, norms: PartNorms)? in
      guard let part = norms[layer]?[rank], part.step == step else { return nil }
      return (units: units, norms: part.norms)
    }
    guard told.count == ranks.count else { return nil }
    norms[layer] = nil
    return told
  }
}

extension RunHeader.Layer {
  /// The units of the whole layer that its rank holds; nil if it holds all, or the header is damaged.
  var heldUnits: ClosedRange<Int>? {
    guard part.count == 2, part[0] >= 0, part[1] >= part[0], part[1] < 1 << 40 else { return nil }
    return part[0]...part[1]
  }
}

extension StepRecord.Layer {
  /// A layer from its parts, each with its number of units; nil if there are none.
  static func merged(_ parts: [(units: Int, layer: StepRecord.Layer)]) -> StepRecord.Layer? {
    guard var whole = parts.first?.layer, parts.count > 1 else { return parts.first?.layer }
    let layers = parts.map(\.layer)
    whole.normMin = extreme(layers.map(\.normMin), isLarger: false)
    whole.normMax = extreme(layers.map(\.normMax), isLarger: true)
    let sets = parts.compactMap { units, layer -> QuantileSet? in
      let known = [layer.normMin, layer.normP25, layer.normMedian, layer.normP75, layer.normMax]
      let quantiles = known.compactMap(\.self)
      return quantiles.count == 5 ? QuantileSet(units: Double(units), quantiles: quantiles) : nil
    }
    let quantiles = sets.count == parts.count ? QuantileSet.merged(sets, count: 5) : []
    whole.normP25 = quantiles.isEmpty ? nil : quantiles[1]
    whole.normMedian = quantiles.isEmpty ? nil : quantiles[2]
    whole.normP75 = quantiles.isEmpty ? nil : quantiles[3]
    whole.atCeiling = sum(layers.map(\.atCeiling))
    whole.exceeded = sum(layers.map(\.exceeded))
    whole.clipped = sum(layers.map(\.clipped))
    whole.clippedTotal = sum(layers.map(\.clippedTotal))
    whole.shrinkMean = mean(
      layers.map { ($0.shrinkMean, Double($0.clipped ?? 0)) }, without: 1)
    // Of unknown lengths: as if all units were of one.
    whole.updateRatio = mean(parts.map { ($0.layer.updateRatio, Double($0.units)) }, without: nil)
    return whole
  }

  private static func extreme(_ norms: [Float?], isLarger: Bool) -> Float? {
    let known = norms.compactMap(\.self)
    if known.contains(where: \.isNaN) { return .nan }
    return isLarger ? known.max() : known.min()
  }

  /// A sum is unknown where a part of it is.
  private static func sum(_ counts: [Int?]) -> Int? {
    counts.reduce(0) { sum, count in sum.flatMap { sum in count.map { sum &+ $0 } } }
  }

  private static func mean(_ values: [(value: Float?, weight: Double)], without: Float?) -> Float? {
    let known = values.compactMap { value, weight in value.map { (Double($0), weight) } }
    guard known.count == values.count else { return nil }
    let weight = known.reduce(0) { $0 + $1.1 }
    return weight > 0 ? Float(known.reduce(0) { $0 + $1.0 * $1.1 } / weight) : without
  }
}

extension RunSegment {
  /// Takes in what another rank tells: its parts of layers, and that it is there.
  mutating func apply(_ record: RankRecord) {
    _ = ranks.note(record.name)
    switch record.content {
    case .header(let header): join(header, of: record.name)
    case .step(let step):
      ranks.take(step, of: record.name)
      if ranks.isComplete { releaseHeldStep() }
    case .norms(let norms): merge(norms, of: record.name)
    case .evaluation, .end: break
    }
  }

  /// A layer of which the first header holds all, or none has a part, is each rank's own copy.
  private mutating func join(_ header: RunHeader, of rank: String) {
    for layer in header.layers where layer.heldUnits != nil {
      let place = layers.firstIndex { $0.name == layer.name }
      if place != nil, !ranks.isPart(layer.name) { continue }
      ranks.add(layer, of: rank)
      if place == nil { layers.append(LayerState(layer, band: band)) }
    }
    countUnits()
  }

  /// Layers that are held in parts have the units of all of them.
  mutating func countUnits() {
    guard ranks.isMerging else { return }
    for index in layers.indices {
      if let units = ranks.units(of: layers[index].name) { layers[index].header.units = units }
    }
  }

  /// What was held of the main rank's steps is shown now.
  mutating func releaseHeldStep() {
    if let record = ranks.release() { take(record) }
  }

  /// Takes in the parts of layers that a rank tells norms of.
  mutating func merge(_ record: NormsRecord, of rank: String) {
    for layer in record.layers {
      guard let place = layers.firstIndex(where: { $0.name == layer.name }),
        let whole = ranks.take(layer.norms, of: rank, layer: layer.name, at: record.step)
      else { continue }
      layers[place].apply(whole, at: record.step)
    }
    for layer in record.digests {
      guard let place = layers.firstIndex(where: { $0.name == layer.name }),
        let whole = ranks.take(layer.digest, of: rank, layer: layer.name, at: record.step)
      else { continue }
      layers[place].apply(whole, at: record.step)
    }
  }
}
