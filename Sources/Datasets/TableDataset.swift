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
  /// nil: a missing cell is an error.
  package var missing: MissingCells?
  /// Columns that are no inputs.
  package var ignore: [String]

  package init(
    target: String, task: Dataset.TableTask, validation: Double = 0.2,
    missing: MissingCells? = nil, ignore: [String] = []
  ) {
    self.target = target
    self.task = task
    self.validation = validation
    self.missing = missing
    self.ignore = ignore
  }
}

extension Dataset {
  /// What a table is for.
  package enum TableTask: String, Sendable, CaseIterable {
    case classification, regression
  }

  /// Examples from a table, split by a seeded shuffle.
  ///
  /// Classes are the distinct cells of the target column, numbers in their order, text in the
  /// alphabet's. An input column of text becomes one column for each of its texts, 1 where it stands
  /// there and 0 elsewhere.
  ///
  /// - Throws: `DatasetError` with line and column of a cell that is missing, no number or not finite.
  package static func table(
    _ table: CSVTable, _ options: TableOptions, seed: UInt64,
    preparation: Preparation = Preparation()
  ) throws(DatasetError) -> Dataset {
    let targetColumn = try table.column(options.target, key: "data.target")
    var ignored = [targetColumn]
    for name in options.ignore { ignored.append(try table.column(name, key: "data.ignore")) }
    let inputColumns = table.columns.indices.filter { !ignored.contains($0) }
    guard !inputColumns.isEmpty else {
      throw .bad(
        place: "\(table.name): header",
        problem: "expected columns besides '\(options.target)', found none",
        hint: "add input columns")
    }
    var table = table
    if options.missing == .drop {
      try table.dropRows(missing: inputColumns + [targetColumn])
    }
    var inputs = TableInputs()
    for column in inputColumns {
      try inputs.append(table, column: column, fills: options.missing == .mean)
    }
    var split = try RowSplit(
      shuffling: table.rows.count, share: options.validation, seed: seed, place: table.name)
    if options.missing == .mean { try inputs.fill(by: split.train, table: table.name) }
    if let count = preparation.train { try split.keepTrainingRows(count, seed: seed) }
    let numbers = try PreparedNumbers(
      inputs, features: FeatureLayout(shape: [inputs.size]), split: split,
      standardizes: preparation.standardizesInputs,
      origin: .init(
        place: { "\(table.name): column \(inputs.names[$0])" }, key: "data.standardize"))
    var data = Dataset(
      train: DatasetPart(
        inputs: numbers.train, targets: .values([], size: 1), count: split.train.count),
      validation: DatasetPart(
        inputs: numbers.validation, targets: .values([], size: 1), count: split.validation.count),
      inputShape: [inputs.size], task: .classification)
    switch options.task {
    case .regression:
      try data.setTargets(
        table, column: targetColumn, split: split, standardizes: preparation.standardizesTargets)
    case .classification:
      let (labels, names) = try table.classes(column: targetColumn)
      data.classNames = names
      data.train.targets = .classes(split.train.map { labels[$0] }, classes: names.count)
      data.validation.targets = .classes(split.validation.map { labels[$0] }, classes: names.count)
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

/// Input columns beside each other.
private struct TableInputs: NumberRows {
  /// A column of the table.
  private enum Column {
    /// NaN where there is nothing, until it is filled.
    case numbers([Double])
    /// Which of so many texts stands in each row, -1 where there is nothing; and what fills the
    /// columns of those texts there.
    case texts([Int32], fills: [Double])
  }

  /// One for each value of a row.
  private(set) var names: [String] = []
  private var columns: [Column] = []
  private static let mostTexts = 100

  var size: Int { names.count }

  /// A column of numbers as it is, one of text as a column for each text, 1 where it stands there and
  /// 0 elsewhere.
  mutating func append(_ table: CSVTable, column: Int, fills: Bool) throws(DatasetError) {
    let name = table.columns[column]
    guard table.holdsText(column: column) else {
      var values: [Double] = []
      values.reserveCapacity(table.rows.count)
      for row in table.rows {
        let isMissing = fills && table.isMissing(row: row, column: column, isText: false)
        values.append(isMissing ? .nan : try table.double(row: row, column: column))
      }
      names.append(name)
      columns.append(.numbers(values))
      return
    }
    let texts = Set(table.rows.map { $0.cells[column] }).filter { !$0.isEmpty }.sorted()
    guard texts.count <= Self.mostTexts else {
      throw .bad(
        place: "\(table.name): column \(name)",
        problem: "expected numbers, or at most \(Self.mostTexts) different texts; "
          + "found \(texts.count)", hint: "name it in data.ignore, or encode it as numbers")
    }
    for row in table.rows where row.cells[column].isEmpty && !fills {
      throw table.missingCell(row: row, column: column, expected: "a text")
    }
    names += texts.map { "\(name)=\($0)" }
    let places = Dictionary(uniqueKeysWithValues: zip(texts, Int32(0)...))
    columns.append(
      .texts(
        table.rows.map { places[$0.cells[column]] ?? -1 },
        fills: Array(repeating: .nan, count: texts.count)))
  }

  /// Puts the mean of these rows where a column has no value.
  mutating func fill(by rows: [Int], table: String) throws(DatasetError) {
    var first = 0
    for index in columns.indices {
      func mean(of sum: Double, _ count: Int) throws(DatasetError) -> Double {
        guard count > 0 else {
          throw .bad(
            place: "\(table): column \(names[first])",
            problem: "expected a value in a row to train on, found none", hint: "ignore the column")
        }
        return sum / Double(count)
      }
      switch columns[index] {
      case .numbers(var values):
        let known = rows.lazy.map { values[$0] }.filter { !$0.isNaN }
        let mean = try mean(of: known.reduce(0, +), known.count)
        for row in values.indices where values[row].isNaN { values[row] = mean }
        columns[index] = .numbers(values)
        first += 1
      case .texts(let codes, var fills):
        var counts = [Int](repeating: 0, count: fills.count)
        for row in rows where codes[row] >= 0 { counts[Int(codes[row])] += 1 }
        let known = counts.reduce(0, +)
        for text in fills.indices { fills[text] = try mean(of: Double(counts[text]), known) }
        columns[index] = .texts(codes, fills: fills)
        first += fills.count
      }
    }
  }

  func read(_ row: Int, into values: UnsafeMutableBufferPointer<Double>) {
    var place = 0
    for column in columns {
      switch column {
      case .numbers(let numbers):
        values[place] = numbers[row]
        place += 1
      case .texts(let codes, let fills):
        let code = Int(codes[row])
        for text in fills.indices {
          values[place + text] = code < 0 ? fills[text] : code == text ? 1 : 0
        }
        place += fills.count
      }
    }
  }
}
