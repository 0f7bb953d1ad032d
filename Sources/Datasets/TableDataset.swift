// Turns a table into examples: one column is the target, the others are the inputs.
import Kernels

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
    _ table: CSVTable, _ options: TableOptions, seed: UInt64
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
    var inputs = TableInputs(rows: table.rows.count)
    for column in inputColumns {
      try inputs.append(table, column: column, fills: options.missing == .mean)
    }
    let targets: DatasetTargets
    var classNames: [String] = []
    switch options.task {
    case .regression:
      var values: [Float] = []
      for row in table.rows { values.append(try table.number(row: row, column: targetColumn)) }
      targets = .values(values, size: 1)
    case .classification:
      let labels: [Int32]
      (labels, classNames) = try table.classes(column: targetColumn)
      targets = .classes(labels, classes: classNames.count)
    }
    let all = DatasetPart(inputs: inputs.values, targets: targets, count: table.rows.count)
    var data = Dataset(
      train: all, validation: all, inputShape: [inputs.names.count], classNames: classNames,
      task: .classification)
    try data.splitTrainingPart(share: options.validation, seed: seed, place: table.name)
    if options.missing == .mean { try data.fillMissing(columns: inputs.names, table: table.name) }
    if options.task == .regression {
      data.task = .regression(
        RegressionScale(name: options.target, train: data.train, validation: data.validation))
    }
    return data
  }

  /// Puts the mean of a column's training rows where it has no number.
  private mutating func fillMissing(
    columns: [String], table: String
  ) throws(DatasetError) {
    for (column, name) in columns.enumerated() {
      var sum = 0.0
      var count = 0
      for index in stride(from: column, to: train.inputs.count, by: columns.count)
      where !train.inputs[index].isNaN {
        sum += Double(train.inputs[index])
        count += 1
      }
      guard count > 0 else {
        throw .bad(
          place: "\(table): column \(name)",
          problem: "expected a value in a row to train on, found none", hint: "ignore the column")
      }
      let mean = Float(sum / Double(count))
      func fill(_ values: inout [Float]) {
        for index in stride(from: column, to: values.count, by: columns.count)
        where values[index].isNaN { values[index] = mean }
      }
      fill(&train.inputs)
      fill(&validation.inputs)
    }
  }
}

/// Input columns as numbers, beside each other.
private struct TableInputs {
  /// One for each column of numbers.
  private(set) var names: [String] = []
  private var columns: [[Float]] = []
  private let rows: Int
  private static let mostTexts = 100

  init(rows: Int) { self.rows = rows }

  /// A column of numbers as it is, one of text as a column for each text; NaN where there is nothing
  /// and it is filled in later.
  mutating func append(_ table: CSVTable, column: Int, fills: Bool) throws(DatasetError) {
    let name = table.columns[column]
    guard table.holdsText(column: column) else {
      var values: [Float] = []
      values.reserveCapacity(rows)
      for row in table.rows {
        let isMissing = fills && table.isMissing(row: row, column: column, isText: false)
        values.append(isMissing ? .nan : try table.number(row: row, column: column))
      }
      names.append(name)
      columns.append(values)
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
    for text in texts {
      names.append("\(name)=\(text)")
      columns.append(
        table.rows.map { row in
          let cell = row.cells[column]
          return cell.isEmpty ? .nan : cell == text ? 1 : 0
        })
    }
  }

  /// Row by row.
  var values: [Float] {
    [Float](unsafeUninitializedCapacity: rows * columns.count) { values, count in
      for (column, numbers) in columns.enumerated() {
        for row in 0..<rows { values[row * columns.count + column] = numbers[row] }
      }
      count = rows * columns.count
    }
  }
}
