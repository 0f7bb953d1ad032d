// Reads the keys of tables, series and texts, of files or shipped ones.
import Basics
import Datasets
import RunRecords

extension DataDocument {
  func csv() throws(ProgramError) -> DataSettings {
    let tasks = Dataset.TableTask.allCases.map(\.rawValue) + ["forecast"]
    let word = try only("task").choice("task", tasks, default: "classification")
    let path = try only("csv").path("csv")
    // Unknown keys are reported before missing ones: the one may be the other, misspelt.
    guard let task = Dataset.TableTask(rawValue: word) else {
      _ = try reader(keys(.file(path)))
      return try forecast(
        .file(path), defaults: ForecastOptions(column: try only("column").text("column")))
    }
    _ = try reader(keys(.file(path), task: task))
    return try table(
      .file(path), defaults: TableOptions(target: try only("target").text("target"), task: task))
  }

  func table(
    _ origin: DataSettings.TableOrigin, defaults: TableOptions
  ) throws(ProgramError) -> DataSettings {
    let fields = try reader(keys(origin, task: defaults.task))
    var options = defaults
    options.validation = try fields.number("validation", above: 0, below: 1, default: 0.2)
    options.split = try fields.split()
    options.group = fields.has("group") ? try fields.text("group") : nil
    if options.group != nil, options.split != nil {
      throw fields.error(
        "split", "expected none beside data.group, whose groups are drawn; found one", "remove it")
    }
    options.missing = try missing(fields, [.drop, .mean], default: defaults.missing)
    options.ignore = try fields.texts("ignore", default: defaults.ignore)
    if case .file = origin {
      options.reading = try tableReading(fields)
      if options.reading.dateFormat != nil, options.reading.date.isEmpty {
        throw fields.error(
          "date_format", "expected data.date beside it, found no such key",
          "name the columns of dates there")
      }
    }
    return try DataSettings(
      .table(origin, options), fields, standardize: true,
      standardizeTarget: defaults.task == .regression)
  }

  func forecast(
    _ origin: DataSettings.SeriesOrigin, defaults: ForecastOptions
  ) throws(ProgramError) -> DataSettings {
    let fields = try reader(keys(origin))
    var options = defaults
    options.column = try fields.text("column", default: defaults.column)
    // The defaults of a shipped series are about its own column alone.
    let inputs = options.column == defaults.column ? defaults.inputs : []
    options.inputs = try fields.texts("inputs", default: inputs)
    options.window = try fields.integer("window", atLeast: 1, default: defaults.window)
    options.horizon = try fields.integer("horizon", atLeast: 1, default: defaults.horizon)
    if fields.has("season") || fields.isNull("season") {
      options.season = try fields.integerIfAny("season", atLeast: 1)
    }
    let transform = try fields.choice(
      "transform", Forecast.Transform.allCases.map(\.rawValue),
      default: defaults.transform.rawValue)
    options.transform = Forecast.Transform(rawValue: transform) ?? .none
    options.validation = try fields.number("validation", above: 0, below: 1, default: 0.2)
    options.missing = try missing(fields, [.drop, .interpolate], default: defaults.missing)
    if case .file = origin { options.reading = try tableReading(fields) }
    let limit = 1 << 30
    guard options.window <= limit, options.horizon <= limit else {
      throw fields.error(
        options.window > limit ? "window" : "horizon", "expected at most \(limit), found more")
    }
    return try DataSettings(.forecast(origin, options), fields, standardize: true)
  }

  func text() throws(ProgramError) -> DataSettings {
    _ = try only("task").choice("task", ["language"], default: "language")
    return try language(path: try only("text").path("text"))
  }

  /// A text's windows; nil is the text that ships.
  func language(path: String?) throws(ProgramError) -> DataSettings {
    let own = path == nil ? ["source"] : ["text", "task"]
    let fields = try reader(own + ["window", "validation", "train", "standardize"])
    try refuseStandardization(fields)
    let window = try fields.integer("window", atLeast: 1, default: 100)
    return try DataSettings(
      .language(
        path: path, window: window,
        validation: try fields.number("validation", above: 0, below: 1, default: 0.1)), fields)
  }

  /// Characters have no scale; the key is known so that a message can say so.
  func refuseStandardization(_ fields: FieldReader) throws(ProgramError) {
    if try fields.flag("standardize", default: false) {
      throw fields.error(
        "standardize", "expected no scale for characters, found true", "leave it out")
    }
  }

  private func keys(_ origin: DataSettings.TableOrigin, task: Dataset.TableTask) -> [String] {
    let own =
      switch origin {
      case .file: ["csv", "target", "task"] + Self.textKeys + ["text"]
      case .shipped: ["source"]
      }
    return own + Self.classKeys + ["validation", "split", "group", "missing", "ignore"]
      + (task == .regression ? ["standardize_target"] : [])
  }

  private func keys(_ origin: DataSettings.SeriesOrigin) -> [String] {
    let own =
      switch origin {
      case .file: ["csv", "task", "column", "inputs"] + Self.textKeys
      case .shipped: ["source", "column", "inputs"]
      case .generated: ["source", "length"]
      }
    return own + [
      "window", "horizon", "season", "transform", "validation", "missing", "train", "standardize",
    ]
  }

  private func missing(
    _ fields: FieldReader, _ choices: [MissingCells], default: MissingCells?
  ) throws(ProgramError) -> MissingCells? {
    MissingCells(
      rawValue: try fields.choice(
        "missing", ["none"] + choices.map(\.rawValue), default: `default`?.rawValue ?? "none"))
  }
}

extension FieldReader {
  /// How examples are dealt out; nil if nobody says.
  func split() throws(ProgramError) -> Split? {
    guard has("split") else { return nil }
    let word = try choice("split", Split.allCases.map(\.rawValue))
    return Split(rawValue: word)
  }

  /// A list of texts.
  func texts(_ key: String, default: [String]) throws(ProgramError) -> [String] {
    guard let value = self[key] else { return `default` }
    guard case .list(let values) = value else {
      throw error(key, expected: "a list of names", found: value)
    }
    var texts: [String] = []
    for value in values {
      switch value {
      case .text(let text): texts.append(text)
      case .integer(let integer): texts.append(String(integer))
      default: throw error(key, expected: "a list of names", found: value)
      }
    }
    return texts
  }
}
