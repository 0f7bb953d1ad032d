// Turns a table into examples: one column is the target, the others are the inputs.
import Kernels

extension Dataset {
  /// What a table is for.
  package enum TableTask: String, Sendable, CaseIterable {
    case classification, regression
  }

  /// Examples from a table, split by a seeded shuffle.
  ///
  /// Classes are the distinct cells of the target column, numbers in their order, text in the
  /// alphabet's. `validation` is the share of the rows that is measured on.
  ///
  /// - Throws: `DatasetError` with line and column of a cell that is missing, no number or not finite.
  package static func table(
    _ table: CSVTable, target: String, task: TableTask, validation: Double, seed: UInt64
  ) throws(DatasetError) -> Dataset {
    guard let targetColumn = table.columns.firstIndex(of: target) else {
      throw .bad(
        place: "\(table.name): header",
        problem: "expected a column '\(target)', found \(table.columns.joined(separator: ", "))",
        hint: "set data.target to one of them")
    }
    let inputColumns = table.columns.indices.filter { $0 != targetColumn }
    guard !inputColumns.isEmpty else {
      throw .bad(
        place: "\(table.name): header",
        problem: "expected columns besides '\(target)', found none", hint: "add input columns")
    }
    let trainCount = table.rows.count - Int((Double(table.rows.count) * validation).rounded())
    guard trainCount >= 1, trainCount < table.rows.count else {
      throw .bad(
        place: table.name,
        problem: "expected rows for both parts at validation \(validation), "
          + "found \(table.rows.count) rows", hint: "add rows or change data.validation")
    }
    var inputs: [Float] = []
    inputs.reserveCapacity(table.rows.count * inputColumns.count)
    for row in table.rows {
      for column in inputColumns { inputs.append(try table.number(row: row, column: column)) }
    }
    let targets: DatasetTargets
    var classNames: [String] = []
    switch task {
    case .regression:
      var values: [Float] = []
      for row in table.rows { values.append(try table.number(row: row, column: targetColumn)) }
      targets = .values(values, size: 1)
    case .classification:
      let labels: [Int32]
      (labels, classNames) = try table.classes(column: targetColumn)
      targets = .classes(labels, classes: classNames.count)
    }
    let all = DatasetPart(inputs: inputs, targets: targets, count: table.rows.count)
    let size = inputColumns.count
    var order = Array(0..<all.count)
    var random = RandomSource(seed: seed, stream: Stream.split)
    random.shuffleInPlace(&order)
    let train = all.rows(order.prefix(trainCount), inputSize: size)
    let validation = all.rows(order.dropFirst(trainCount), inputSize: size)
    return switch task {
    case .regression:
      .regression(target, train: train, validation: validation, inputShape: [size])
    case .classification:
      Dataset(
        train: train, validation: validation, inputShape: [size], classNames: classNames,
        task: .classification)
    }
  }
}

extension CSVTable {
  fileprivate func number(row: Row, column: Int) throws(DatasetError) -> Float {
    let cell = row.cells[column]
    guard !cell.isEmpty else {
      throw .bad(
        place: place(row: row, column: column),
        problem: "expected a number, found an empty cell", hint: "fill the cell or drop the row")
    }
    // Float reads hexadecimal too; in a table that is more likely a code than a number.
    guard let value = Float(cell), !cell.lowercased().contains("x") else {
      throw .bad(
        place: place(row: row, column: column),
        problem: "expected a number, found '\(cell)'",
        hint: "drop the column or encode it as numbers")
    }
    guard value.isFinite else {
      throw .bad(
        place: place(row: row, column: column),
        problem: "expected a finite number, found '\(cell)'", hint: "drop the row")
    }
    return value
  }

  /// Each row's class, and the classes' names in order.
  ///
  /// Where every cell is a number, equal numbers are one class, however they are written.
  fileprivate func classes(
    column: Int
  ) throws(DatasetError) -> (labels: [Int32], names: [String]) {
    let cells = rows.map { $0.cells[column] }
    for (row, cell) in zip(rows, cells) where cell.isEmpty {
      throw .bad(
        place: place(row: row, column: column),
        problem: "expected a class, found an empty cell", hint: "fill the cell or drop the row")
    }
    let numbers = cells.compactMap(Double.init)
    guard numbers.count == cells.count else {
      let names = Set(cells).sorted()
      return (try labels(of: cells, classes: names, column: column), names)
    }
    for (row, number) in zip(rows, numbers) where !number.isFinite {
      throw .bad(
        place: place(row: row, column: column),
        problem: "expected a finite number or a name, found '\(row.cells[column])'",
        hint: "drop the row")
    }
    let classes = Set(numbers).sorted()
    let names = classes.map { number in
      Int(exactly: number).map(String.init) ?? number.description
    }
    return (try labels(of: numbers, classes: classes, column: column), names)
  }

  private func labels<Value: Hashable>(
    of values: [Value], classes: [Value], column: Int
  ) throws(DatasetError) -> [Int32] {
    guard classes.count > 1 else {
      throw .bad(
        place: "\(name): column \(columns[column])",
        problem: "expected at least two classes, found one", hint: "choose another data.target")
    }
    let limit = 1000
    guard classes.count <= limit else {
      throw .bad(
        place: "\(name): column \(columns[column])",
        problem: "expected at most \(limit) classes, found \(classes.count)",
        hint: "set data.task to regression")
    }
    let places = Dictionary(uniqueKeysWithValues: zip(classes, Int32(0)...))
    return values.compactMap { places[$0] }
  }
}
