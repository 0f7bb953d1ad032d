// Reads the keys of data that is drawn from a seed.
import Datasets
import RunRecords

extension DataDocument {
  static let generatedNames = ["temperature", "random", "noisy_table"]

  func generated(_ name: String) throws(ExperimentError) -> DataSettings {
    switch name {
    case "temperature":
      return try DataSettings(.temperature, try reader(["source", "standardize"]))
    case "random":
      let fields = try reader(["source", "standardize", "inputs", "outputs", "train", "validation"])
      let inputs = try fields.integer("inputs", atLeast: 1)
      let outputs = try fields.integer("outputs", atLeast: 1)
      let (train, validation) = try counts(
        fields, train: 1000, validation: 200, values: max(inputs, outputs))
      return try DataSettings(
        .random(inputs: inputs, outputs: outputs, train: train, validation: validation), fields,
        train: false)
    default:
      let fields = try reader(
        ["source", "features", "informative", "flips", "validation"] + Self.classKeys)
      let features = try fields.integer("features", atLeast: 1, default: 50)
      let informative = try fields.integer("informative", atLeast: 1, default: min(5, features))
      guard informative <= features else {
        throw fields.error(
          "informative", "expected at most \(features) (data.features), found \(informative)")
      }
      let flips = try fields.number("flips", atLeast: 0, below: 1, default: 0.15)
      let (train, validation) = try counts(
        fields, train: 200, validation: 2000, values: features)
      return try DataSettings(
        .noisyTable(
          features: features, informative: informative, flips: flips, train: train,
          validation: validation), fields, train: false)
    }
  }

  /// The sizes of both parts, of examples of `values` values.
  ///
  /// Refuses data that no machine holds, before its size overflows.
  private func counts(
    _ fields: FieldReader, train: Int, validation: Int, values: Int
  ) throws(ExperimentError) -> (train: Int, validation: Int) {
    let train = try fields.integer("train", atLeast: 1, default: train)
    let validation = try fields.integer("validation", atLeast: 1, default: validation)
    let limit = 1 << 30
    let rows = max(train, validation)
    let (cells, overflow) = values.multipliedReportingOverflow(by: rows)
    guard !overflow, cells <= limit else {
      throw fields.error(
        "train", "expected at most \(limit) generated values, found \(rows) rows of \(values)",
        "lower the number of rows or columns")
    }
    return (train, validation)
  }
}
