// Turns a table into examples: one column is the target, the others are the inputs.
import Basics

/// What is done about cells without a value.
package enum MissingCells: String, Sendable, CaseIterable {
  /// Rows with such a cell are left out.
  case drop
  /// Tables: the mean of the column's training rows.
  case mean
  /// Series: a straight line between the values before and after.
  case interpolate
}

/// What a table's columns are for.
package struct TableOptions: Sendable, Equatable {
  /// The column to be predicted.
  package var target: String
  /// What it holds.
  package var task: Dataset.TableTask
  /// Share of the rows that is measured on.
  package var validation: Double
  /// The column whose rows of one value stay in one part; it is no input.
  package var group: String?
  /// How rows are dealt out; nil: by a seeded shuffle, by class where a class would be missing.
  package var split: Split?
  /// nil: a missing cell is an error.
  package var missing: MissingCells?
  /// Columns that are not inputs.
  package var ignore: [String]
  /// How the file's text is read.
  package var reading: TableReading

  package init(
    target: String, task: Dataset.TableTask, validation: Double = 0.2,
    missing: MissingCells? = nil, ignore: [String] = [], reading: TableReading = TableReading()
  ) {
    self.target = target
    self.task = task
    self.validation = validation
    self.missing = missing
    self.ignore = ignore
    self.reading = reading
  }
}

extension Dataset {
  /// What a table is for.
  package enum TableTask: String, Sendable, CaseIterable {
    case classification, regression
  }

  /// Examples from a table, split by a seeded shuffle unless the options say otherwise.
  ///
  /// Classes are the distinct cells of the target column, numbers in their order, text in the
  /// alphabet's; a row without a target is left out. An input column of text becomes one column for
  /// each of its texts, 1 if it stands there and 0 elsewhere; one of dates becomes days since 1970.
  ///
  /// - Throws: `ProgramError` with line and column of a cell that is missing, cannot be read for sure,
  ///   or is not finite.
  package static func table(
    _ table: CSVTable, _ options: TableOptions, seed: UInt64,
    preparation: Preparation = Preparation()
  ) throws(ProgramError) -> Dataset {
    var table = table
    let columns = try TableColumns(&table, options)
    var inputs = try columns.inputs(of: table, fills: options.missing == .mean)
    let targets = try columns.targets(of: table)
    var split = try RowSplit(
      table.rowCount, validation: .share(options.validation), by: options.split,
      classes: targets.classes, groups: try columns.groups(of: table), preparation.parts,
      seed: seed,
      place: table.name)
    if options.missing == .mean { try inputs.fill(by: split.train, table: table.name) }
    if let count = preparation.train { try split.keepTrainingRows(count, seed: seed) }
    return try Dataset(
      inputs, targets, table: table, columns: columns, split: split, preparation: preparation)
  }

  /// Inputs and targets of the rows of each part.
  private init(
    _ inputs: TableInputs, _ targets: TableTargets, table: CSVTable, columns: TableColumns,
    split: RowSplit, preparation: Preparation
  ) throws(ProgramError) {
    let numbers = try PreparedNumbers(
      inputs, features: FeatureLayout(shape: [inputs.size]), split: split,
      standardizes: preparation.standardizesInputs,
      origin: .init(
        place: { "\(table.name): column \(inputs.names[$0])" }, key: "data.standardize"))
    let (train, validation, test): (Targets, Targets, Targets)
    var task = DatasetTask.classification
    var testTask = task
    var names: [String] = []
    switch targets {
    case .numbers(let values):
      let prepared = try PreparedNumbers(
        StoredRows(values: values, size: 1), features: FeatureLayout(shape: [1]), split: split,
        standardizes: preparation.standardizesTargets,
        origin: .init(
          place: { _ in "\(table.name): column \(table.columns[columns.target])" },
          key: "data.standardize_target"))
      train = .values(prepared.train, size: 1)
      validation = .values(prepared.validation, size: 1)
      test = .values(prepared.test, size: 1)
      let scale = RegressionScale(
        name: table.columns[columns.target], prepared,
        standardized: preparation.standardizesTargets, truth: split.validation.map { values[$0] })
      task = .regression(scale)
      testTask = .regression(scale.measured(on: split.test.map { values[$0] }))
    case .classes(let labels, let classes):
      names = classes
      train = .classes(split.train.map { labels[$0] }, classes: classes.count)
      validation = .classes(split.validation.map { labels[$0] }, classes: classes.count)
      test = .classes(split.test.map { labels[$0] }, classes: classes.count)
    }
    self.init(
      train: Examples(inputs: numbers.train, targets: train, count: split.train.count),
      validation: Examples(
        inputs: numbers.validation, targets: validation, count: split.validation.count),
      inputShape: [inputs.size], classNames: names, task: task)
    if !split.test.isEmpty {
      self.test = TestPart(
        examples: Examples(inputs: numbers.test, targets: test, count: split.test.count),
        task: testTask)
    }
    encoding = .table(
      columns.encoding(table, inputs, scale: preparation.standardizesInputs ? numbers.scale : nil))
    self.columns = columns.report(table, inputs, classes: names.isEmpty ? nil : names.count)
    notes = table.notes + columns.notes + columns.doubtfulNotes(table) + split.notes
  }
}

/// What is to be predicted, row by row.
enum TableTargets {
  case numbers([Double])
  case classes([Int32], names: [String])

  /// The class of each row; nil for numbers.
  var classes: RowClasses? {
    switch self {
    case .numbers: nil
    case .classes(let labels, let names): RowClasses(labels: labels, names: names)
    }
  }
}
