// Reads the `data` of an experiment: its source, and what each source takes.
import Datasets
import RunRecords

extension DataSettings {
  init(_ document: Document, experiment: String) throws(ExperimentError) {
    func reader(_ keys: [String]) throws(ExperimentError) -> FieldReader {
      try FieldReader(document, experiment: experiment, path: "data", keys: keys)
    }
    if document["csv"] != nil {
      let fields = try reader([
        "csv", "target", "task", "validation", "train", "label_noise", "standardize",
      ])
      let source = Source.csv(
        path: try fields.text("csv"), target: try fields.text("target"),
        task: try fields.choice(
          "task", Dataset.TableTask.allCases.map(\.rawValue), default: "classification"),
        validation: try fields.number("validation", above: 0, below: 1, default: 0.2))
      try self.init(source, fields, standardize: true)
      return
    }
    let names = ["digits", "temperature", "random", "noisy_table"]
    let common = ["source", "train", "label_noise", "standardize"]
    guard document["source"] != nil else {
      // Reports unknown keys first, then the missing source.
      let fields = try reader(common + ["csv"])
      throw fields.error(
        "source",
        "expected one of \(names.joined(separator: ", ")), or csv: FILE; found no such key")
    }
    let sized = ["inputs", "outputs", "features", "informative", "flips", "validation"]
    switch try reader(common + sized).choice("source", names) {
    case "digits":
      try self.init(.digits, try reader(common), standardize: false)
    case "temperature":
      try self.init(.temperature, try reader(["source", "standardize"]), standardize: false)
    case "random":
      let fields = try reader(["source", "standardize", "inputs", "outputs", "train", "validation"])
      let inputs = try fields.integer("inputs", atLeast: 1)
      let outputs = try fields.integer("outputs", atLeast: 1)
      let train = try fields.integer("train", atLeast: 1, default: 1000)
      let validation = try fields.integer("validation", atLeast: 1, default: 200)
      try Self.checkSize(max(inputs, outputs), max(train, validation), fields)
      try self.init(
        .random(inputs: inputs, outputs: outputs, train: train, validation: validation),
        fields, standardize: false)
    default:
      let fields = try reader(common + ["features", "informative", "flips", "validation"])
      let features = try fields.integer("features", atLeast: 1, default: 50)
      let informative = try fields.integer("informative", atLeast: 1, default: min(5, features))
      guard informative <= features else {
        throw fields.error(
          "informative", "expected at most \(features) (data.features), found \(informative)")
      }
      let flips = try fields.number("flips", atLeast: 0, below: 1, default: 0.15)
      let train = try fields.integer("train", atLeast: 1, default: 200)
      let validation = try fields.integer("validation", atLeast: 1, default: 2000)
      try Self.checkSize(features, max(train, validation), fields)
      try self.init(
        .noisyTable(
          features: features, informative: informative, flips: flips, train: train,
          validation: validation),
        fields, standardize: false)
    }
  }

  /// Refuses tables that no machine holds, before their size overflows.
  private static func checkSize(
    _ columns: Int, _ rows: Int, _ fields: FieldReader
  ) throws(ExperimentError) {
    let limit = 1 << 30
    let (cells, overflow) = columns.multipliedReportingOverflow(by: rows)
    guard !overflow, cells <= limit else {
      throw fields.error(
        "train", "expected at most \(limit) generated values, found \(rows) rows of \(columns)",
        "lower the number of rows or columns")
    }
  }

  private init(
    _ source: Source, _ fields: FieldReader, standardize: Bool
  ) throws(ExperimentError) {
    self.source = source
    train = fields.has("train") ? try fields.integer("train", atLeast: 1) : nil
    labelNoise = try fields.number("label_noise", atLeast: 0, below: 1, default: 0)
    self.standardize = try fields.flag("standardize", default: standardize)
  }
}
