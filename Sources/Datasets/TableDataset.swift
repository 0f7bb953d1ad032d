// Turns a table into examples: one column is the target, the others are the inputs.

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
  /// How rows are dealt out; nil: by a seeded shuffle, by class where a class would be missing.
  package var split: Split?
  /// nil: a missing cell is an error.
  package var missing: MissingCells?
  /// Columns that are no inputs.
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
  /// each of its texts, 1 where it stands there and 0 elsewhere; one of dates becomes days since 1970.
  ///
  /// - Throws: `DatasetError` with line and column of a cell that is missing, cannot be read for sure,
  ///   or is not finite.
  package static func table(
    _ table: CSVTable, _ options: TableOptions, seed: UInt64,
    preparation: Preparation = Preparation()
  ) throws(DatasetError) -> Dataset {
    var table = table
    if options.missing == .drop {
      try table.dropRows(missing: inputColumns + [targetColumn])
    }
    var inputs = TableInputs()
    for column in inputColumns {
      try inputs.append(table, column: column, fills: options.missing == .mean)
    }
    let classes =
      options.task == .classification ? try table.classes(column: targetColumn) : nil
    var split = try RowSplit(
      table.rows.count, share: options.validation, by: options.split,
      classes: classes.map { RowClasses(labels: $0.labels, names: $0.names) }, seed: seed,
      place: table.name)
    if options.missing == .mean { try inputs.fill(by: split.train, table: table.name) }
    if let count = preparation.train { try split.keepTrainingRows(count, seed: seed) }
    let targets = try columns.targets(of: table)
    return try Dataset(
      filled, targets, table: table, columns: columns, split: split, preparation: preparation)
  }

  /// Inputs and targets of the rows of each part.
  private init(
    _ inputs: TableInputs, _ targets: TableTargets, table: CSVTable, columns: TableColumns,
    split: RowSplit, preparation: Preparation
  ) throws(DatasetError) {
    let numbers = try PreparedNumbers(
      inputs, features: FeatureLayout(shape: [inputs.size]), split: split,
      standardizes: preparation.standardizesInputs,
      origin: .init(
        place: { "\(table.name): column \(inputs.names[$0])" }, key: "data.standardize"))
    let (train, validation): (DatasetTargets, DatasetTargets)
    var task = DatasetTask.classification
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
      task = .regression(
        RegressionScale(
          name: table.columns[columns.target], prepared,
          standardized: preparation.standardizesTargets,
          truth: split.validation.map { values[$0] }))
    case .classes(let labels, let classes):
      names = classes
      train = .classes(split.train.map { labels[$0] }, classes: classes.count)
      validation = .classes(split.validation.map { labels[$0] }, classes: classes.count)
    }
    self.init(
      train: DatasetPart(inputs: numbers.train, targets: train, count: split.train.count),
      validation: DatasetPart(
        inputs: numbers.validation, targets: .values([], size: 1), count: split.validation.count),
      inputShape: [inputs.size], task: .classification)
    data.notes = split.notes
    if let (labels, names) = classes {
      data.classNames = names
      data.train.targets = .classes(split.train.map { labels[$0] }, classes: names.count)
      data.validation.targets = .classes(split.validation.map { labels[$0] }, classes: names.count)
    } else {
      try data.setTargets(
        table, column: targetColumn, split: split, standardizes: preparation.standardizesTargets)
    }
    return data
  }

  /// The numbers of a column as what is to be predicted.
  private mutating func setTargets(
    _ table: CSVTable, column: Int, split: RowSplit, standardizes: Bool
  ) throws(DatasetError) {
    var values: [Double] = []
    values.reserveCapacity(table.rows.count)
    for row in table.rows { values.append(try table.double(row: row, column: column)) }
    let name = table.columns[column]
    let targets = try PreparedNumbers(
      StoredRows(values: values, size: 1), features: FeatureLayout(shape: [1]), split: split,
      standardizes: standardizes,
      origin: .init(
        place: { _ in "\(table.name): column \(name)" }, key: "data.standardize_target"))
    train.targets = .values(targets.train, size: 1)
    validation.targets = .values(targets.validation, size: 1)
    task = .regression(
      RegressionScale(
        name: name, targets, standardized: standardizes,
        truth: split.validation.map { values[$0] }))
  }
}

/// What is to be predicted, row by row.
enum TableTargets {
  case numbers([Double])
  case classes([Int32], names: [String])
}
