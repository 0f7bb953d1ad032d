// A record's fields as scalars of an event file, under tags that are made once a run.

/// Under which tag TensorBoard shows a field, and as what.
struct ScalarTag: Sendable {
  /// `*` stands for the layer's name; the first part groups tags.
  let path: String
  let measure: Measure

  enum Measure: Sendable {
    /// The number as it is.
    case value
    /// A layer's ceiling; those below are only for layers that have one.
    case ceiling
    case underCeiling
    /// As a share of the layer's units, of all of them or of those in each step.
    case shareOfUnits, shareOfUnitsPerStep
  }

  static func value(_ path: String) -> Self { Self(path: path, measure: .value) }
  static func ceiling(_ path: String) -> Self { Self(path: path, measure: .ceiling) }
  static func underCeiling(_ path: String) -> Self { Self(path: path, measure: .underCeiling) }
  static func shareOfUnits(_ path: String) -> Self { Self(path: path, measure: .shareOfUnits) }
  static func shareOfUnitsPerStep(_ path: String) -> Self {
    Self(path: path, measure: .shareOfUnitsPerStep)
  }
}

/// The scalars of a kind of record in one run.
struct Scalars: Sendable {
  typealias Tags = [String: TensorBoardEntry.ScalarTag]

  /// By the path of the field's tag.
  private let tags: Tags
  private let layers: [String: Layer]

  fileprivate struct Layer: Sendable {
    let units: Float?
    let tags: Tags
  }

  /// Makes the tags of a kind of record for the layers of a run.
  init(_ record: some RecordFields, layers: [RunHeader.Layer] = []) {
    tags = ScalarCoder.tags(record, layer: "")
    let all = layers.map { layer in
      (
        layer.name,
        Layer(
          units: layer.units.map { Float(max($0, 1)) },
          tags: ScalarCoder.tags(StepRecord.Layer.blank, layer: layer.name))
      )
    }
    self.layers = Dictionary(all) { first, _ in first }
  }

  /// Adds what a record knows; `steps` are those it covers.
  func add(_ record: some RecordFields, steps: Int? = nil, to entry: inout TensorBoardEntry) {
    var coder = ScalarCoder(entry: entry, tags: tags, layers: layers)
    coder.steps = steps.map { Float(max($0, 1)) }
    var record = record
    record.code(&coder)
    entry = coder.entry
  }
}

/// Adds the fields that have a tag to an entry.
private struct ScalarCoder: FieldCoder {
  var entry: TensorBoardEntry
  var tags: Scalars.Tags
  var layers: [String: Scalars.Layer]
  /// Of the layer whose fields these are; nil if that is unknown.
  var units: Float?
  var steps: Float?
  private var hasCeiling = false
  /// The name for which tags are made; nil: none are made.
  private var namedLayer: String?

  init(entry: TensorBoardEntry, tags: Scalars.Tags, layers: [String: Scalars.Layer]) {
    (self.entry, self.tags, self.layers) = (entry, tags, layers)
  }

  /// The tags of a kind of record.
  static func tags(_ record: some RecordFields, layer: String) -> Scalars.Tags {
    var coder = ScalarCoder(
      entry: TensorBoardEntry(step: 0, wallTime: 0), tags: [:], layers: [:])
    coder.namedLayer = layer
    var record = record
    record.code(&coder)
    return coder.tags
  }

  mutating func field<Value: FieldValue>(
    _ key: String, _ value: inout Value?, _ presence: FieldPresence, tag: ScalarTag?
  ) {
    guard let tag else { return }
    if let namedLayer {
      tags[tag.path] = .init(tag.path.replacing("*", with: namedLayer))
      return
    }
    if case .ceiling = tag.measure { hasCeiling = value != nil }
    guard let number = value?.scalar, let made = tags[tag.path],
      let shown = shown(number, tag.measure)
    else { return }
    entry.scalar(made, shown)
  }

  private func shown(_ number: Float, _ measure: ScalarTag.Measure) -> Float? {
    switch measure {
    case .value, .ceiling: return number
    case .underCeiling: return hasCeiling ? number : nil
    case .shareOfUnits:
      guard hasCeiling, let units else { return nil }
      return number / units
    case .shareOfUnitsPerStep:
      guard hasCeiling, let units, let steps else { return nil }
      return number / steps / units
    }
  }

  mutating func required<Value: FieldValue>(_ key: String, _ value: inout Value) {
    // Where a layer's fields begin.
    guard key == "name", let layer = layers[value.cell] else { return }
    (tags, units) = (layer.tags, layer.units)
  }

  mutating func mark(_ key: String, _ isOn: inout Bool) {}

  mutating func part<Part: RecordFields>(
    _ key: String, _ part: inout Part?, _ presence: FieldPresence
  ) {
    guard var known = namedLayer == nil ? part : part ?? .blank else { return }
    known.code(&self)
  }

  mutating func list<Part: RecordFields>(
    _ key: String, _ parts: inout [Part], _ presence: FieldPresence
  ) {
    for var part in parts {
      var own = ScalarCoder(entry: entry, tags: [:], layers: layers)
      own.steps = steps
      part.code(&own)
      entry = own.entry
    }
  }

  mutating func named<Value: FieldValue>(
    _ key: String, _ entries: inout [(name: String, value: Value)], _ presence: FieldPresence
  ) {
    guard namedLayer == nil else { return }
    for known in entries {
      if let number = known.value.scalar { entry.scalar(.init("metrics/\(known.name)"), number) }
    }
  }

  mutating func figure(_ name: inout String, _ value: inout Float, besides other: String) {}
  mutating func check(_ fits: Bool, _ key: String, _ problem: @autoclosure () -> String) {}
}
