// Reads the keys of data that is drawn from a seed.
import Basics
import Datasets
import RunRecords

extension DataDocument {
  static let generatedNames =
    ["temperature", "random", "noisy_table", "shapes", "canvas_digits", "dates", "delayed_sum"]
    + PointSet.allCases.map(\.rawValue)

  func generated(_ name: String) throws(ProgramError) -> DataSettings {
    if let set = PointSet(rawValue: name) { return try points(set) }
    switch name {
    case "shapes", "canvas_digits": return try pictures(name)
    case "dates":
      let fields = try reader(["source", "standardize"] + Self.countKeys)
      try refuseStandardization(fields)
      let (train, validation) = try counts(fields, train: 10_000, validation: 1000, values: 64)
      let test = fields.drawnTest(beside: validation)
      guard train + validation + test <= Dataset.mostDates else {
        throw fields.error(
          "train",
          "expected at most \(Dataset.mostDates) dates in \(test > 0 ? "all" : "both") parts, found "
            + "\(train + validation + test)")
      }
      return try DataSettings(
        .dates(train: train, validation: validation), fields, train: false)
    case "delayed_sum":
      let fields = try reader(
        ["source", "length", "standardize", "standardize_target"] + Self.countKeys)
      let length = try fields.integer("length", atLeast: 2, default: 100)
      let (train, validation) = try counts(
        fields, train: 2000, validation: 500, values: length.multipliedReportingOverflow(by: 2))
      return try DataSettings(
        .delayedSum(length: length, train: train, validation: validation), fields, train: false)
    case "temperature":
      return try DataSettings(
        .temperature, try reader(["source", "validation", "standardize"]))
    case "random":
      let fields = try reader(
        ["source", "standardize", "standardize_target", "inputs", "outputs"] + Self.countKeys)
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

  private static let countKeys = ["train", "validation"]

  private func points(_ set: PointSet) throws(ProgramError) -> DataSettings {
    let fields = try reader(["source", "noise", "validation"] + Self.classKeys)
    let noise = try fields.number("noise", atLeast: 0, default: set.noise)
    let (train, validation) = try counts(fields, train: 300, validation: 1000, values: 2)
    return try DataSettings(
      .points(set, noise: noise, train: train, validation: validation), fields, train: false)
  }

  private func pictures(_ name: String) throws(ProgramError) -> DataSettings {
    let isShapes = name == "shapes"
    let fields = try reader(
      ["source", "size", "standardize"] + Self.countKeys + (isShapes ? ["task"] : []))
    let size = try fields.integer(
      "size", atLeast: isShapes ? 24 : 40, default: isShapes ? 32 : 64)
    let (train, validation) = try counts(
      fields, train: 1000, validation: 200, values: size.multipliedReportingOverflow(by: size))
    guard isShapes else {
      return try DataSettings(
        .canvasDigits(size: size, train: train, validation: validation), fields, train: false)
    }
    let tasks = ShapesOptions.Task.allCases.map(\.rawValue)
    let task = ShapesOptions.Task(
      rawValue: try fields.choice("task", tasks, default: "segmentation"))
    let options = ShapesOptions(
      task: task ?? .segmentation, size: size, train: train, validation: validation)
    return try DataSettings(.shapes(options), fields, train: false)
  }

  private func counts(
    _ fields: FieldReader, train: Int, validation: Int,
    values: (partialValue: Int, overflow: Bool)
  ) throws(ProgramError) -> (train: Int, validation: Int) {
    try counts(
      fields, train: train, validation: validation,
      values: values.overflow ? .max : values.partialValue)
  }

  /// The sizes of training and validation part, of examples of `values` values.
  ///
  /// Refuses data that no machine holds, before its size overflows.
  private func counts(
    _ fields: FieldReader, train: Int, validation: Int, values: Int
  ) throws(ProgramError) -> (train: Int, validation: Int) {
    let train = try fields.integer("train", atLeast: 1, default: train)
    let validation = try fields.integer("validation", atLeast: 1, default: validation)
    let limit = 1 << 30
    let test = fields.drawnTest(beside: validation)
    let (measured, isTooMany) = validation.addingReportingOverflow(test)
    let rows = max(train, isTooMany ? .max : measured)
    let (cells, overflow) = values.multipliedReportingOverflow(by: rows)
    guard !overflow, cells <= limit else {
      throw fields.error(
        "train", "expected at most \(limit) generated values, found \(rows) rows of \(values)",
        "lower the number of rows or columns")
    }
    return (train, validation)
  }
}
