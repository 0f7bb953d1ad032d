// Reads the keys that say which parts data has: the test part at the end, and the splits of a resampling.
import Basics
import Datasets
import RunRecords

extension FieldReader {
  /// What is asked of the parts of a source.
  func parts(of source: DataSettings.Source) throws(ProgramError) -> PartSettings {
    var parts = PartSettings(test: try testSize(of: source), resample: try resampledSplit())
    parts.isSealed = try flag("sealed", default: false)
    if parts.isSealed, parts.test == nil {
      throw error(
        "sealed", "expected data.test beside it, which it seals; found no such key",
        "add test: true")
    }
    if source.hasOwnParts, has("validation") {
      guard parts.test != nil || parts.resample != nil else {
        throw error(
          "validation",
          "expected data.test beside it, for the set says itself what is measured on; found no such key",
          "add test: true, which holds that part out for the end, or remove validation")
      }
      parts.validation = try number("validation", above: 0, below: 1)
    }
    if case .npy(let paths) = source, paths.testInputs != nil || paths.validationInputs != nil {
      if paths.testInputs != nil, parts.test != nil {
        throw error("test", "expected no share beside test files, found one", "remove it")
      }
      if parts.resample != nil {
        throw error(
          "resample", "expected one file to deal out, found files for the parts",
          "give all rows as npy.inputs and npy.targets")
      }
    }
    return parts
  }

  private func testSize(of source: DataSettings.Source) throws(ProgramError) -> PartSize? {
    guard let value = self["test"], !value.isNone, value != .flag(false) else { return nil }
    if value == .flag(true) { return source.drawnValidation.map { .count($0) } ?? .usual }
    if source.drawnValidation != nil {
      guard let count = value.whole, count > 0 else {
        throw error("test", expected: "true, or a number of examples of at least 1", found: value)
      }
      return .count(count)
    }
    guard let share = value.double, share > 0, share < 1 else {
      throw error("test", expected: "true, or a share above 0 and below 1", found: value)
    }
    return .share(share)
  }

  /// `{split: J, of: N}`.
  private func resampledSplit() throws(ProgramError) -> ResampledSplit? {
    guard let value = self["resample"], !value.isNone else { return nil }
    let fields = try FieldReader(
      value, experiment: experiment, path: "data.resample", keys: ["split", "of"])
    let count = try fields.integer("of", atLeast: 2)
    let number = try fields.integer("split", atLeast: 1)
    guard number <= count, count <= 10_000 else {
      throw number > count
        ? fields.error("split", "expected at most \(count) (data.resample.of), found \(number)")
        : fields.error("of", "expected at most 10000, found \(count)")
    }
    return ResampledSplit(number: number, of: count)
  }

  /// Examples of the test part of data that are drawn, beside so many of the validation part.
  func drawnTest(beside validation: Int) -> Int {
    guard let value = self["test"], !value.isNone, value != .flag(false) else { return 0 }
    return value.whole ?? validation
  }
}

extension PartSettings {
  /// The keys that hold for every source, as far as they are set.
  var fields: [JSONValue.Field] {
    var fields: [JSONValue.Field] = []
    if let validation { fields.append(.init("validation", .number(validation))) }
    switch test {
    case nil: break
    case .usual?: fields.append(.init("test", .flag(true)))
    case .share(let share)?: fields.append(.init("test", .number(share)))
    case .count(let count)?: fields.append(.init("test", .integer(count)))
    }
    if isSealed { fields.append(.init("sealed", .flag(true))) }
    if let resample {
      fields.append(
        .init(
          "resample",
          .fields([
            .init("split", .integer(resample.number)), .init("of", .integer(resample.count)),
          ])))
    }
    return fields
  }
}

extension DataSettings.Source {
  /// The set says itself which examples are measured on.
  var hasOwnParts: Bool {
    switch self {
    case .digits, .images, .cifar, .temperature, .vowels: true
    case .idx, .npy, .random, .noisyTable, .table, .forecast, .language, .shapes, .canvasDigits,
      .dates, .delayedSum, .points:
      false
    }
  }

  /// The examples of the validation part, of data that are drawn: parts are numbers of them then.
  var drawnValidation: Int? {
    switch self {
    case .random(_, _, _, let validation), .noisyTable(_, _, _, _, let validation),
      .canvasDigits(_, _, let validation), .dates(_, let validation),
      .delayedSum(_, _, let validation), .points(_, _, _, let validation):
      validation
    case .shapes(let options): options.validation
    case .digits, .images, .idx, .cifar, .npy, .temperature, .table, .forecast, .language, .vowels:
      nil
    }
  }
}
