// The digest of a weight tensor's unit norms: what stands for a list that would be too long.

/// Quantiles of a tensor's unit norms, and its largest units.
package struct NormDigest: Sendable, Equatable {
  /// The number of units.
  package var units: Int
  /// The norms at evenly spaced shares of the units, from the smallest to the largest.
  package var quantiles: [Float]
  /// The units with the largest norms, the largest first.
  package var largest: [Unit]

  /// A unit by its index in the tensor, with its norm.
  package struct Unit: Sendable, Equatable {
    package var index: Int
    package var norm: Float

    package init(index: Int, norm: Float) {
      self.index = index
      self.norm = norm
    }
  }

  /// As many quantiles, and as many of the largest units, as this program writes.
  package static let quantileCount = 33
  package static let largestCount = 8

  package init(units: Int, quantiles: [Float], largest: [Unit] = []) {
    self.units = units
    self.quantiles = quantiles
    self.largest = largest
  }

  /// The digest of norms in unit order; a norm that is no number counts as the largest.
  package init(of norms: [Float]) {
    var sorted = norms
    Quantile.sort(&sorted)
    units = norms.count
    let last = Double(Self.quantileCount - 1)
    quantiles = (0..<Self.quantileCount).map { Quantile.of(sorted, Double($0) / last) }
    largest = []
    for index in norms.indices {
      let unit = Unit(index: index, norm: norms[index])
      if largest.count == Self.largestCount, let least = largest.last, !unit.isLarger(than: least) {
        continue
      }
      let place = largest.firstIndex { unit.isLarger(than: $0) } ?? largest.endIndex
      largest.insert(unit, at: place)
      if largest.count > Self.largestCount { largest.removeLast() }
    }
  }
}

extension NormDigest.Unit {
  fileprivate func isLarger(than other: Self) -> Bool {
    norm.isNaN ? !other.norm.isNaN : norm > other.norm
  }
}

extension NormDigest: RecordFields, FieldValue {
  static var blank: NormDigest { NormDigest(units: 0, quantiles: []) }

  mutating func code(_ fields: inout some FieldCoder) {
    fields.required("units", &units)
    // A damaged log may hold any number; what is counted from it must not overflow.
    units = min(max(0, units), 1 << 40)
    fields.required("quantiles", &quantiles)
    fields.field("largest", &largest)
  }

  func write(to json: inout JSONWriter, _ key: String?) {
    var digest = self
    json.object(key) { digest.code(&$0) }
  }

  var cell: String { quantiles.cell }
}

extension NormDigest.Unit: FieldValue {
  /// Reads `[index, norm]`.
  package init(from decoder: any Decoder) throws {
    var values = try decoder.unkeyedContainer()
    index = try values.decode(Int.self)
    norm = try values.decode(Float.self)
  }

  func write(to json: inout JSONWriter, _ key: String?) {
    json.list(key) { json in
      index.write(to: &json, nil)
      norm.write(to: &json, nil)
    }
  }

  var cell: String { "\(index) \(norm.cell)" }
}

/// How a log tells the norms of units.
package enum NormsDetail: String, Sendable, CaseIterable {
  /// Every unit's norm.
  case full
  /// Digests, and for tensors of few units every norm, which is shorter then.
  case digest
  /// Every unit's norm, and digests beside them.
  case both
  /// Not at all: of thousands of runs nobody looks at them.
  case none
}

extension Record {
  /// The record as a log tells it, with the distributions of weights or without; nil if it does not.
  package func told(_ detail: NormsDetail, histograms: Bool) -> Record? {
    switch self {
    case .norms where detail == .none, .twin(.norms) where detail == .none: nil
    case .norms(let record): .norms(record.told(detail, histograms: histograms))
    case .twin(.norms(let record)): .twin(.norms(record.told(detail, histograms: histograms)))
    case .header, .step, .evaluation, .sample, .event, .end, .refused, .twin, .rank: self
    }
  }
}

extension NormsRecord {
  /// Tensors of more units than this have digests: of fewer, all norms are hardly longer.
  package static let fewestDigested = 64

  /// The norms as a log tells them, with the distributions of weights or without.
  package func told(_ detail: NormsDetail, histograms: Bool) -> NormsRecord {
    var record = self
    if !histograms { record.histograms = [] }
    guard detail == .digest || detail == .both else { return record }
    let digested = layers.filter { $0.norms.count > Self.fewestDigested }
    record.digests = digested.map { Digest(name: $0.name, digest: NormDigest(of: $0.norms)) }
    if detail == .digest { record.layers.removeAll { $0.norms.count > Self.fewestDigested } }
    return record
  }
}
