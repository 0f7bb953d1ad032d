// Reads the `data` of an experiment: its source, and what each source takes.
import Basics
import Datasets
import RunRecords

extension DataSettings {
  init(_ document: JSONValue, experiment: String) throws(ProgramError) {
    let data = DataDocument(document: document, experiment: experiment)
    switch DataDocument.fileKeys.first(where: { document[$0] != nil }) {
    case "csv": self = try data.csv()
    case "text": self = try data.text()
    case "idx": self = try data.idx()
    case "cifar10": self = try data.cifar(.cifar10)
    case "cifar100": self = try data.cifar(.cifar100)
    case "npy": self = try data.npy()
    default: self = try data.named()
    }
  }

  /// `train` and what is done to the examples; `fields` knows which of the keys the source takes.
  ///
  /// If `train` is a generator's own key, it is not a choice among examples.
  init(
    _ source: Source, _ fields: FieldReader, standardize: Bool = false,
    standardizeTarget: Bool = false, train: Bool = true
  ) throws(ProgramError) {
    self.source = source
    self.train = train ? try fields.integerIfAny("train", atLeast: 1) : nil
    labelNoise = try fields.number("label_noise", atLeast: 0, below: 1, default: 0)
    self.standardize = try fields.flag("standardize", default: standardize)
    self.standardizeTarget = try fields.flag("standardize_target", default: standardizeTarget)
    parts = try fields.parts(of: source)
  }
}

/// The mapping below `data`, and what every source needs to read its part of it.
struct DataDocument {
  let document: JSONValue
  let experiment: String

  /// Keys that name a file or folder; without one of them there is a `source`.
  static let fileKeys = ["csv", "text", "idx", "cifar10", "cifar100", "npy"]
  /// What every set takes that has one class an example.
  static let classKeys = ["train", "label_noise", "standardize"]

  /// What every source takes: a part for the end, and the split of a resampling.
  private static let partKeys = ["test", "sealed", "resample"]

  func reader(_ keys: [String]) throws(ProgramError) -> FieldReader {
    try FieldReader(
      document, experiment: experiment, path: "data", keys: keys + Self.partKeys, place: .data)
  }

  /// Reads the one key that decides which others there may be.
  func only(_ key: String) throws(ProgramError) -> FieldReader {
    let fields = document[key].map { [JSONValue.Field(key, $0)] } ?? []
    return try FieldReader(.fields(fields), experiment: experiment, path: "data", keys: [key])
  }

  /// What goes by `source: NAME`.
  fileprivate func named() throws(ProgramError) -> DataSettings {
    let names =
      ["digits"] + ImageSet.allCases.map(\.rawValue) + ShippedTable.allCases.map(\.rawValue)
      + ShippedSeries.allCases.map(\.rawValue) + ["vowels", "kjv"]
      + GeneratedSeries.allCases.map(\.rawValue) + Self.generatedNames
    guard document["source"] != nil else {
      // Reports unknown keys first, then the missing source.
      let fields = try reader(["source"] + Self.fileKeys)
      throw fields.error(
        "source",
        "expected one of \(names.joined(separator: ", ")), "
          + "or \(Self.fileKeys.joined(separator: ", ")); found no such key")
    }
    let name = try only("source").choice("source", names)
    if let set = ImageSet(rawValue: name) {
      let fields = try reader(
        ["source", "validation"] + Self.classKeys + (set == .cifar10 ? [] : ["full"]))
      return try DataSettings(.images(set, full: try fields.flag("full", default: false)), fields)
    }
    if let table = ShippedTable(rawValue: name) {
      return try self.table(.shipped(table), defaults: table.options)
    }
    if let series = ShippedSeries(rawValue: name) {
      return try forecast(.shipped(series), defaults: series.options)
    }
    if let series = GeneratedSeries(rawValue: name) {
      let fields = try only("length")
      let length = try fields.integer("length", atLeast: 1, default: 3000)
      guard length <= 1 << 24 else {
        throw fields.error("length", "expected at most \(1 << 24) steps, found \(length)")
      }
      return try forecast(.generated(series, length: length), defaults: series.options)
    }
    switch name {
    case "digits":
      let fields = try reader(["source", "image", "validation"] + Self.classKeys)
      return try DataSettings(.digits(image: try fields.flag("image", default: false)), fields)
    case "vowels":
      let fields = try reader(["source", "validation"] + Self.classKeys)
      return try DataSettings(.vowels, fields, standardize: true)
    case "kjv": return try language(path: nil)
    default: return try generated(name)
    }
  }
}
