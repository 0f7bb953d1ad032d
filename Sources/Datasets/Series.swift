// A series in time: one column to be forecast, others beside it, with its gaps.

/// Values in the order of time, from a table or a generator.
package struct Series: Sendable, Equatable {
  /// Where it comes from, for messages.
  package var origin: String
  /// What is forecast.
  package var name: String { names[0] }
  /// The columns' names, of what is forecast first.
  package var names: [String]
  /// The values to be forecast first, then what else is looked at; all of one length.
  package var columns: [[Double]]
  /// The rows where a value was filled in; such a value is never forecast and ends no window.
  package var isFilled: [Bool]
  /// The line of the table each row stands on; empty for a generated series.
  package var lines: [Int]

  /// A series without gaps.
  package init(origin: String, name: String, values: [Double]) {
    self.origin = origin
    names = [name]
    columns = [values]
    isFilled = Array(repeating: false, count: values.count)
    lines = []
  }

  /// Columns of a table; `missing` may be drop or interpolate.
  ///
  /// - Throws: `DatasetError` with line and column of a cell that is missing or no number.
  package init(
    _ table: CSVTable, column: String, inputs: [String], missing: MissingCells?
  ) throws(DatasetError) {
    var places = [try table.column(column, key: "data.column")]
    for name in inputs {
      let place = try table.column(name, key: "data.inputs")
      guard !places.contains(place) else {
        throw .bad(
          place: "data.inputs", problem: "expected other columns, found '\(name)' again",
          hint: "the past of data.column is an input by itself")
      }
      places.append(place)
    }
    var table = table
    if missing == .drop { try table.dropRows(missing: places) }
    origin = table.name
    names = [column] + inputs
    lines = table.rows.map(\.line)
    isFilled = Array(repeating: false, count: table.rows.count)
    columns = []
    for place in places {
      var values: [Double] = []
      values.reserveCapacity(table.rows.count)
      for (index, row) in table.rows.enumerated() {
        if missing == .interpolate, table.isMissing(row: row, column: place, isText: false) {
          isFilled[index] = true
          values.append(.nan)
        } else {
          values.append(try table.double(row: row, column: place))
        }
      }
      guard values.fillGaps() else {
        throw .bad(
          place: "\(table.name): column \(table.columns[place])",
          problem: "expected at least one number, found none", hint: "choose another column")
      }
      columns.append(values)
    }
  }

  /// The place of a row for messages.
  func place(_ row: Int) -> String {
    lines.isEmpty ? "\(origin): step \(row)" : "\(origin): line \(lines[row]) (\(name))"
  }
}

extension [Double] {
  /// Straight lines over runs of NaN, the nearest value at the ends; false where all are NaN.
  fileprivate mutating func fillGaps() -> Bool {
    guard var last = firstIndex(where: { !$0.isNaN }) else { return isEmpty }
    for index in 0..<last { self[index] = self[last] }
    for index in last..<count where !self[index].isNaN {
      let (from, slope) = (self[last], (self[index] - self[last]) / Double(index - last))
      for gap in (last + 1)..<Swift.max(index, last + 1) {
        self[gap] = from + slope * Double(gap - last)
      }
      last = index
    }
    for index in (last + 1)..<count { self[index] = self[last] }
    return true
  }
}
