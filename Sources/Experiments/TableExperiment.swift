// An experiment from nothing but a table: which column is predicted as what, and from which others.
import Basics
import Datasets
import Foundation
import RunRecords

/// What becomes of a table for which nobody has written an experiment.
package struct TableExperiment {
  /// The experiment; its notes say what was chosen.
  package let source: ExperimentSource
  /// What the table holds.
  package let summary: TableSummary

  /// Whole numbers of no more different values than these are classes.
  private static let mostClasses = 20

  /// - Throws: `ProgramError` if the table cannot be read, or no column can be predicted.
  package init(_ path: String, _ options: DataFileOptions) throws(ProgramError) {
    let folder = URL(
      fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
    let url = path.hasPrefix("/") ? URL(fileURLWithPath: path) : folder.appendingPathComponent(path)
    let reading = try Self.reading(options.settings, path)
    let table = try CSVTable(contentsOf: url, reading)
    summary = try TableSummary(table)
    let target = try Self.target(summary, options.target)
    let task = options.task ?? Self.task(summary, target)
    var made: (data: [JSONValue.Field], net: SizedNet, notes: [String])
    switch task {
    case .classification, .regression:
      try Self.check(summary.columns[target], for: task, of: shownName(path))
      made = try Self.rows(
        table, summary, target: target, task == .regression ? .regression : .classification, reading
      )
    case .forecast: made = try Self.series(table, summary, target: target, reading)
    }
    let isLast = target == summary.columns.count - 1
    let how =
      options.target != nil
      ? "" : isLast ? " (the last column; --target names another)" : " (--target names another)"
    let what = made.notes.removeFirst()
    made.notes.insert(
      "\(shownName(path)): predicts '\(summary.columns[target].name)'\(how)\(what)", at: 0)
    made.notes.append(
      "the net: \(made.net.words), adam; 'maxnorm new \(shownName(path))' writes all of it as YAML, "
        + "and --save FILE keeps what 'maxnorm predict' answers other rows with")
    var source = ExperimentSource(
      document: .fields(
        [
          .init(
            "title",
            .text("\(summary.columns[target].name) of \(shownName(path)), \(made.net.words)")),
          .init("data", .fields([.init("csv", .text(path))] + made.data)),
        ] + made.net.fields(loss: task == .classification ? "cross_entropy" : "mse")),
      name: path, folder: folder)
    source.dataNotes = made.notes
    self.source = source
  }

  /// How the table's text is to be read.
  private static func reading(
    _ settings: [JSONValue.Field], _ path: String
  ) throws(ProgramError) -> TableReading {
    let keys = DataDocument.textKeys + ["text"]
    let data = DataDocument(
      document: .fields(settings.filter { keys.contains($0.key) }), experiment: path)
    return try data.tableReading(try data.reader(keys))
  }

  // MARK: The target

  private static func target(
    _ summary: TableSummary, _ name: String?
  ) throws(ProgramError) -> Int {
    guard let name else {
      // A series of dates and one column of numbers, whichever comes first.
      return seriesColumn(summary) ?? summary.columns.count - 1
    }
    guard let place = summary.place(of: name) else {
      let names = summary.columns.map(\.name)
      throw ProgramError(
        .data, .usage, "\(summary.name): --target",
        "expected one of \(names.prefix(20).joined(separator: ", "))\(names.count > 20 ? ", …" : ""); "
          + "found '\(name)'",
        nearest(name, among: names).map { "did you mean '\($0)'?" } ?? "")
    }
    return place
  }

  /// The only column of numbers beside one of dates; nil: it is no such table.
  private static func seriesColumn(_ summary: TableSummary) -> Int? {
    let columns = summary.columns.indices
    let dates = columns.filter { if case .date = summary.columns[$0].kind { true } else { false } }
    let numbers = columns.filter { summary.columns[$0].kind == .number }
    return summary.columns.count == 2 && dates.count == 1 && numbers.count == 1
      && summary.columns[dates[0]].distinct == summary.rowCount ? numbers[0] : nil
  }

  private static func task(_ summary: TableSummary, _ target: Int) -> DataFileOptions.Task {
    if seriesColumn(summary) == target { return .forecast }
    let column = summary.columns[target]
    guard column.kind == .number else { return .classification }
    let isFew = column.distinct <= mostClasses && column.known >= 5 * column.distinct
    return column.distinct == 2 || column.isWhole && isFew ? .classification : .regression
  }

  private static func check(
    _ column: ColumnSummary, for task: DataFileOptions.Task, of file: String
  ) throws(ProgramError) {
    guard task == .classification, column.kind != .number, column.distinct > mostClasses,
      2 * column.distinct > column.known
    else { return }
    throw ProgramError(
      .data, .usage, "\(file): column '\(column.name)'",
      "expected classes that several rows have, found \(column.distinct) different values in "
        + "\(column.known) rows", "name another column with --target")
  }

  // MARK: Rows

  private static func rows(
    _ table: CSVTable, _ summary: TableSummary, target: Int, _ task: Dataset.TableTask,
    _ reading: TableReading
  ) throws(ProgramError) -> (data: [JSONValue.Field], net: SizedNet, notes: [String]) {
    var options = TableOptions(
      target: summary.columns[target].name, task: task, reading: reading)
    var ignored: [String] = []
    var notes: [String] = []
    for (place, column) in summary.columns.enumerated() where place != target {
      if let reason = column.reasonToIgnore {
        options.ignore.append(column.name)
        ignored.append("'\(column.name)' (\(reason))")
        continue
      }
      switch column.kind {
      case _ where reading.date.contains(column.name): break
      case .date: options.reading.date.append(column.name)
      case .mixed, .measure: options.reading.text.append(column.name)
      case .number, .text, .ambiguousDate, .empty: break
      }
      if column.missing > 0 { options.missing = .mean }
    }
    let dataset = try Dataset.table(
      try CSVTable(contentsOf: URL(fileURLWithPath: table.name), options.reading), options, seed: 1)
    let used = dataset.columns.count { [.number, .categories, .date].contains($0.kind) }
    let what =
      task == .regression
      ? " as a number" : " as one of \(dataset.classNames.count) classes"
    notes.append(
      "\(what), from \(counted(dataset.inputShape[0], "input")) in \(counted(used, "column"))"
    )
    if !ignored.isEmpty {
      notes.append(
        "left out as inputs: " + ignored.prefix(6).joined(separator: ", ")
          + (ignored.count > 6 ? " and \(ignored.count - 6) more" : ""))
    }
    var data: [JSONValue.Field] = [
      .init("target", .text(options.target)), .init("task", .text(task.rawValue)),
    ]
    if let missing = options.missing { data.append(.init("missing", .text(missing.rawValue))) }
    let lists = [
      ("ignore", options.ignore), ("date", options.reading.date), ("text", options.reading.text),
    ]
    for (key, names) in lists where !names.isEmpty {
      data.append(.init(key, .list(names.map { .text($0) })))
    }
    return (
      data,
      SizedNet(
        examples: dataset.train.count, inputShape: dataset.inputShape,
        outputs: task == .regression ? 1 : dataset.classNames.count), notes
    )
  }

  // MARK: Series

  private static func series(
    _ table: CSVTable, _ summary: TableSummary, target: Int, _ reading: TableReading
  ) throws(ProgramError) -> (data: [JSONValue.Field], net: SizedNet, notes: [String]) {
    let column = summary.columns[target]
    var options = ForecastOptions(column: column.name, reading: reading)
    options.window = summary.rowCount < 200 ? 12 : summary.rowCount < 2000 ? 24 : 64
    if column.missing > 0 { options.missing = .interpolate }
    let dataset = try Dataset.forecast(
      try Series(table, column: column.name, inputs: [], missing: options.missing), options)
    var data: [JSONValue.Field] = [
      .init("task", .text("forecast")), .init("column", .text(options.column)),
      .init("window", .integer(options.window)),
    ]
    if let missing = options.missing { data.append(.init("missing", .text(missing.rawValue))) }
    return (
      data,
      SizedNet(examples: dataset.train.count, inputShape: dataset.inputShape, outputs: 1),
      [" a row ahead, from \(options.window) rows of its past"]
    )
  }
}

extension ColumnSummary {
  /// Why it should be no input; nil: it may be one.
  package var reasonToIgnore: String? {
    if tellsRowsApart { return "it tells rows apart" }
    switch kind {
    case .empty: return "no cell has a value"
    case .ambiguousDate: return "its dates can be read in two ways: data.date_format says which"
    case .text, .mixed, .measure:
      return distinct > TableSummary.mostTexts
        ? "\(distinct) different texts" : distinct < 2 && missing == 0 ? "all cells are alike" : nil
    case .number, .date:
      return distinct < 2 && missing == 0 ? "all cells are alike" : nil
    }
  }
}
