// The data settings as a document with every key filled in.
import Datasets
import RunRecords

extension DataSettings {
  /// Reading it gives the same settings.
  var document: JSONValue {
    var fields = source.fields
    if let train, !fields.contains(where: { $0.key == "train" }) {
      fields.append(.init("train", .integer(train)))
    }
    if source.takesLabelNoise { fields.append(.init("label_noise", .number(labelNoise))) }
    if source.takesStandardization { fields.append(.init("standardize", .flag(standardize))) }
    if source.takesTargetScale {
      fields.append(.init("standardize_target", .flag(standardizeTarget)))
    }
    return .fields(fields + parts.fields)
  }
}

extension DataSettings.Source {
  /// One class an example may be made wrong.
  var takesLabelNoise: Bool {
    switch self {
    case .temperature, .random, .forecast, .language, .dates, .delayedSum, .shapes, .canvasDigits:
      false
    case .table(_, let options): options.task == .classification
    case .digits, .images, .idx, .cifar, .npy, .noisyTable, .vowels, .points: true
    }
  }

  /// The inputs are numbers, not tokens.
  var takesStandardization: Bool {
    switch self {
    case .language, .dates: false
    case .digits, .images, .idx, .cifar, .npy, .temperature, .random, .noisyTable, .table,
      .forecast,
      .vowels, .shapes, .canvasDigits, .delayedSum, .points:
      true
    }
  }

  /// Numbers to be predicted may be standardized apart from the inputs.
  var takesTargetScale: Bool {
    switch self {
    case .table(_, let options): options.task == .regression
    case .npy, .delayedSum, .random: true
    case .digits, .images, .idx, .cifar, .temperature, .noisyTable, .forecast, .language, .vowels,
      .shapes, .canvasDigits, .dates, .points:
      false
    }
  }

  fileprivate static func field(_ split: Split?) -> [JSONValue.Field] {
    split.map { [.init("split", .text($0.rawValue))] } ?? []
  }

  private static func counts(_ train: Int, _ validation: Int) -> [JSONValue.Field] {
    [.init("train", .integer(train)), .init("validation", .integer(validation))]
  }

  /// The keys of the source itself.
  fileprivate var fields: [JSONValue.Field] {
    switch self {
    case .digits(let image):
      [.init("source", .text("digits")), .init("image", .flag(image))]
    case .images(let set, let full):
      [.init("source", .text(set.rawValue))]
        + (set == .cifar10 ? [] : [.init("full", .flag(full))])
    case .idx(let path, let set, let validation, let split):
      [.init("idx", .text(path))] + (set.map { [.init("set", .text($0))] } ?? [])
        + [.init("validation", .number(validation))] + Self.field(split)
    case .cifar(let set, let path): [.init(set.rawValue, .text(path))]
    case .npy(let paths): paths.fields
    case .temperature: [.init("source", .text("temperature"))]
    case .random(let inputs, let outputs, let train, let validation):
      [
        .init("source", .text("random")), .init("inputs", .integer(inputs)),
        .init("outputs", .integer(outputs)), .init("train", .integer(train)),
        .init("validation", .integer(validation)),
      ]
    case .noisyTable(let features, let informative, let flips, let train, let validation):
      [
        .init("source", .text("noisy_table")), .init("features", .integer(features)),
        .init("informative", .integer(informative)), .init("flips", .number(flips)),
        .init("train", .integer(train)),
        .init("validation", .integer(validation)),
      ]
    case .table(let origin, let options): origin.fields(options) + options.fields
    case .forecast(let origin, let options): origin.fields(options) + options.fields
    case .language(let path, let window, let validation):
      (path.map { [.init("text", .text($0)), .init("task", .text("language"))] }
        ?? [.init("source", .text("kjv"))])
        + [.init("window", .integer(window)), .init("validation", .number(validation))]
    case .vowels: [.init("source", .text("vowels"))]
    case .shapes(let options):
      [
        .init("source", .text("shapes")), .init("task", .text(options.task.rawValue)),
        .init("size", .integer(options.size)),
      ] + Self.counts(options.train, options.validation)
    case .canvasDigits(let size, let train, let validation):
      [.init("source", .text("canvas_digits")), .init("size", .integer(size))]
        + Self.counts(train, validation)
    case .dates(let train, let validation):
      [.init("source", .text("dates"))] + Self.counts(train, validation)
    case .delayedSum(let length, let train, let validation):
      [.init("source", .text("delayed_sum")), .init("length", .integer(length))]
        + Self.counts(train, validation)
    case .points(let set, let noise, let train, let validation):
      [.init("source", .text(set.rawValue)), .init("noise", .number(noise))]
        + Self.counts(train, validation)
    }
  }
}

extension DataSettings.TableOrigin {
  fileprivate func fields(_ options: TableOptions) -> [JSONValue.Field] {
    switch self {
    case .file(let path):
      [
        .init("csv", .text(path)), .init("target", .text(options.target)),
        .init("task", .text(options.task.rawValue)),
      ]
    case .shipped(let table): [.init("source", .text(table.rawValue))]
    }
  }
}

extension DataSettings.SeriesOrigin {
  fileprivate func fields(_ options: ForecastOptions) -> [JSONValue.Field] {
    let inputs = JSONValue.Field("inputs", .list(options.inputs.map { .text($0) }))
    let column = JSONValue.Field("column", .text(options.column))
    return switch self {
    case .file(let path):
      [.init("csv", .text(path)), .init("task", .text("forecast")), column, inputs]
    case .shipped(let series): [.init("source", .text(series.rawValue)), column, inputs]
    case .generated(let series, let length):
      [.init("source", .text(series.rawValue)), .init("length", .integer(length))]
    }
  }
}

extension TableOptions {
  fileprivate var fields: [JSONValue.Field] {
    [.init("validation", .number(validation))]
      + DataSettings.Source.field(split)
      + (group.map { [.init("group", .text($0))] } ?? [])
      + [
        .init("missing", .text(missing?.rawValue ?? "none")),
        .init("ignore", .list(ignore.map { .text($0) })),
      ] + reading.fields
  }
}

extension TableReading {
  /// Only what was set; what was found in the data is not a setting.
  fileprivate var fields: [JSONValue.Field] {
    var fields: [JSONValue.Field] = []
    func add(_ key: String, _ word: String?) {
      if let word { fields.append(.init(key, .text(word))) }
    }
    add("separator", separator?.rawValue)
    add("decimal", decimal?.rawValue)
    add("thousands", thousands?.rawValue)
    if !findsDate { add("date", "none") }
    if !date.isEmpty {
      fields.append(
        .init("date", date.count == 1 ? .text(date[0]) : .list(date.map { .text($0) })))
    }
    add("date_format", dateFormat?.rawValue)
    if let missingValues {
      fields.append(.init("missing_values", .list(missingValues.map { .text($0) })))
    }
    add("header", header?.rawValue)
    if !text.isEmpty { fields.append(.init("text", .list(text.map { .text($0) }))) }
    return fields
  }
}

extension ForecastOptions {
  fileprivate var fields: [JSONValue.Field] {
    [
      .init("window", .integer(window)), .init("horizon", .integer(horizon)),
      .init("season", season.map { .integer($0) } ?? .text("none")),
      .init("transform", .text(transform.rawValue)),
      .init("validation", .number(validation)),
      .init("missing", .text(missing?.rawValue ?? "none")),
    ] + reading.fields
  }
}

extension DataSettings.NPYPaths {
  fileprivate var fields: [JSONValue.Field] {
    let paths = [
      ("inputs", inputs), ("decoder_inputs", decoderInputs), ("targets", targets),
      ("validation_inputs", validationInputs),
      ("validation_decoder_inputs", validationDecoderInputs),
      ("validation_targets", validationTargets),
      ("test_inputs", testInputs), ("test_decoder_inputs", testDecoderInputs),
      ("test_targets", testTargets),
    ]
    let files = paths.compactMap { key, path in path.map { JSONValue.Field(key, .text($0)) } }
    var fields: [JSONValue.Field] = [.init("npy", .fields(files))]
    if let classes = options.classes { fields.append(.init("classes", .integer(classes))) }
    if validationInputs == nil { fields.append(.init("validation", .number(options.validation))) }
    fields += DataSettings.Source.field(options.split)
    if let layout = options.layout { fields.append(.init("layout", .text(layout.rawValue))) }
    return fields
  }
}
