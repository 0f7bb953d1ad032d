// Rows of another table as inputs of a network that was trained on one like it.
import Basics
import Foundation

extension TableEncoding {
  /// The inputs of all rows, columns found by their names.
  ///
  /// A row with a cell that cannot be read, that is missing though no fill is known, or whose text was
  /// not among those trained on has no input, but a reason.
  ///
  /// - Throws: `ProgramError` if a column is missing.
  package func rows(
    _ source: TableSource, classes: [String]
  ) throws(ProgramError) -> EncodedRows {
    let table = try source.table(text, columns: columns)
    var reasons = [String?](repeating: nil, count: table.rowCount)
    let places = try table.places(of: columns)
    var values: [[Float]] = []
    for (column, place) in zip(columns, places) {
      values.append(column.values(of: table, place, reasons: &reasons))
    }
    var rows = EncodedRows(reasons: reasons)
    rows.inputs.reserveCapacity(rows.count * columns.reduce(0) { $0 + $1.size })
    for row in reasons.indices where reasons[row] == nil {
      for (column, values) in zip(columns, values) {
        rows.inputs += values[row * column.size..<(row + 1) * column.size]
      }
    }
    rows.truth = table.truth(target, classes: classes)
    rows.notes = table.notes
    return rows
  }
}

extension CSVTable {
  /// The place of each column; of several that have one name, each is the next of that name.
  ///
  /// - Throws: `ProgramError` that names the columns there are.
  func places(of wanted: [ColumnEncoding]) throws(ProgramError) -> [Int] {
    var taken: Set<Int> = []
    var found: [Int] = []
    for column in wanted {
      let place = columns.indices.first { columns[$0] == column.name && !taken.contains($0) }
      guard let place else {
        let near = columns.first { $0.lowercased() == column.name.lowercased() }
        throw .bad(
          place: "\(name): header",
          problem: "expected a column '\(column.name)' as in training, found "
            + columns.prefix(12).joined(separator: ", ") + (columns.count > 12 ? ", …" : ""),
          hint: near.map { "rename '\($0)': names are told apart by capitals" }
            ?? "add it; columns go by their names, in any order")
      }
      taken.insert(place)
      found.append(place)
    }
    return found
  }

  /// What the rows have in the target's column; nil without such a column.
  fileprivate func truth(_ target: ColumnEncoding, classes: [String]) -> EncodedRows.Truth? {
    guard let place = columns.firstIndex(of: target.name) else { return nil }
    if target.kind == .number {
      return .numbers(readings(place, target.convention).map { $0.value.map { [$0] } })
    }
    var labels: [Int?] = []
    let known = ClassNames(classes)
    forEachCell(of: place) { _, cell in
      let text = String(decoding: cell, as: UTF8.self)
      labels.append(markers.isMissing(cell, isText: true) ? nil : known.label(of: text))
      return true
    }
    return .classes(labels)
  }

  /// A cell as a number.
  enum NumberReading {
    case number(Double)
    case missing
    case other

    var value: Double? { if case .number(let value) = self { value } else { nil } }
  }

  /// The cells of a column as numbers of this convention.
  func readings(_ column: Int, _ convention: NumberConvention) -> [NumberReading] {
    let allowed = NumberConventions(where: {
      $0.decimal == convention.decimal
        && ($0.thousands == convention.thousands || $0.thousands == .none)
    })
    return readings(column) { cell in
      NumberShape(cell).conventions.isDisjoint(with: allowed) ? nil : cell.number(convention)
    }
  }

  /// The cells of a column as days since 1970.
  func readings(_ column: Int, _ format: DateFormat) -> [NumberReading] {
    readings(column) { format.seconds($0).map { $0 / 86400 } }
  }

  private func readings(
    _ column: Int, _ number: (UnsafeBufferPointer<UInt8>) -> Double?
  ) -> [NumberReading] {
    var readings: [NumberReading] = []
    readings.reserveCapacity(rowCount)
    forEachCell(of: column) { _, cell in
      if markers.isMissing(cell, isText: false) {
        readings.append(.missing)
      } else if let value = number(cell), Float(value).isFinite {
        readings.append(.number(value))
      } else {
        readings.append(.other)
      }
      return true
    }
    return readings
  }
}

extension ColumnEncoding {
  /// The cells of a column as numbers or days.
  func readings(of table: CSVTable, _ place: Int) -> [CSVTable.NumberReading] {
    kind == .date
      ? table.readings(place, dateFormat) : table.readings(place, convention)
  }

  /// The column's part of all rows' inputs, row-major; a row that has none gets a reason.
  fileprivate func values(
    of table: CSVTable, _ place: Int, reasons: inout [String?]
  ) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(table.rowCount * size)
    func refuse(_ row: Int, _ problem: String) {
      reasons[row] = reasons[row] ?? "column '\(name)': \(problem)"
      values += repeatElement(0, count: size)
    }
    func fill(_ row: Int) {
      guard let fills else { return refuse(row, "the cell is missing") }
      for (place, fill) in fills.enumerated() { values.append(scaled(fill, at: place)) }
    }
    guard let categories else {
      for (row, reading) in readings(of: table, place).enumerated() {
        switch reading {
        case .number(let value): values.append(scaled(value))
        case .missing: fill(row)
        case .other:
          refuse(
            row, "expected a \(kind == .date ? "date" : "number"), found '\(table[row, place])'")
        }
      }
      return values
    }
    let places = Dictionary(
      zip(categories, categories.indices), uniquingKeysWith: { first, _ in first })
    table.forEachCell(of: place) { row, cell in
      if table.markers.isMissing(cell, isText: true) {
        fill(row)
        return true
      }
      let text = String(decoding: cell, as: UTF8.self)
      guard let index = places[text] else {
        refuse(row, "'\(text)' was not in the training data")
        return true
      }
      for place in categories.indices {
        values.append(scaled(place == index ? 1 : 0, at: place))
      }
      return true
    }
    return values
  }
}

/// Which class a cell names: by its text, or by its number however it is written.
struct ClassNames {
  private let texts: [String: Int]
  private let numbers: [Double: Int]

  init(_ names: [String]) {
    texts = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
    numbers = Dictionary(
      names.enumerated().compactMap { index, name in Double(name).map { ($0, index) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// nil: none of the classes.
  func label(of text: String) -> Int? {
    texts[text] ?? Double(text).flatMap { numbers[$0] }
  }
}

/// Where a table comes from: a file, or bytes that were read already.
package enum TableSource: Sendable {
  case file(URL)
  case bytes([UInt8], name: String)

  /// Reads it as it was in training, with the separator that finds all columns.
  ///
  /// - Throws: `ProgramError`.
  func table(
    _ text: TextEncoding, columns: [ColumnEncoding]
  ) throws(ProgramError) -> CSVTable {
    let texts = columns.filter { $0.kind == .categories }.map(\.name)
    let trained = TableReading.Separator(rawValue: text.separator)
    // What cut the training data into its columns most likely cuts this table too.
    if let trained,
      let table = try? read(text.reading(separator: trained, texts: texts)),
      (try? table.places(of: columns)) != nil
    {
      return table
    }
    return try read(text.reading(separator: nil, texts: texts))
  }

  private func read(_ reading: TableReading) throws(ProgramError) -> CSVTable {
    switch self {
    case .file(let url):
      try CSVTable(contentsOf: url, reading, keepsEmptyRows: true)
    case .bytes(let bytes, let name):
      try CSVTable(bytes: bytes, reading, name: name, keepsEmptyRows: true)
    }
  }
}
