// A series in time: one column to be forecast, others beside it, with its gaps.
import Basics

/// Values in the order of time, from a table or a generator.
package struct Series: Sendable, Equatable {
  /// Where it comes from, for messages.
  package var origin: String
  /// What is forecast.
  package var name: String { names[0] }
  /// The columns' names, of what is forecast first.
  package var names: [String]
  /// The values to be forecast first, then the other inputs; all of one length.
  package var columns: [[Double]]
  /// The rows where a value was filled in; such a value is never forecast and ends no window.
  package var isFilled: [Bool]
  /// The line of the table each row stands on; empty for a generated series.
  package var lines: [Int]
  /// What a user should know of how it was read: a sentence each, without a full stop.
  package var notes: [String] = []
  /// What became of the columns of its table; empty for a generated series.
  package var tableColumns: [TableColumn] = []
  /// How its table was read; nil for a generated series.
  var source: Source?

  /// How the columns of a table are read as a series.
  struct Source: Equatable {
    var text: TextEncoding
    /// Of what is forecast first.
    var columns: [ColumnEncoding]
    var date: ColumnEncoding?
    var missing: MissingCells?
  }

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
  /// A column of dates beside them says which way the series goes: from new to old it is turned round.
  ///
  /// - Throws: `ProgramError` with line and column of a cell that is missing or no number, or of a date
  ///   that comes twice or out of order.
  package init(
    _ table: CSVTable, column: String, inputs: [String], missing: MissingCells?
  ) throws(ProgramError) {
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
    var notes = table.notes
    let date = try table.dateColumn(besides: Set(places))
    if let date {
      _ = try SeriesDates(&table, column: date.column, format: date.format, notes: &notes)
    }
    var conventions: [NumberConvention] = []
    for place in places {
      guard let convention = try table.convention(place) else {
        throw table.noNumber(row: table.firstKnown(place), column: place)
      }
      conventions.append(convention)
    }
    notes += table.conventionNotes(Array(zip(places, conventions)))
    var source = Source(
      text: TextEncoding(table),
      columns: zip(places, conventions).map { ColumnEncoding(table.columns[$0], $1) },
      missing: missing)
    if let date {
      source.date = ColumnEncoding(table.columns[date.column], .date)
      source.date?.format = date.format.rawValue
    }
    self.source = source
    if missing == .drop {
      let before = table.rowCount
      try table.dropRows(missing: places.map { ($0, false) })
      if table.rowCount < before {
        notes.append(
          "\(before - table.rowCount) of \(before) rows have a missing cell and are left out")
      }
    }
    origin = table.name
    names = [column] + inputs
    lines = (0..<table.rowCount).map { table.line($0) }
    isFilled = Array(repeating: false, count: table.rowCount)
    columns = []
    for (place, convention) in zip(places, conventions) {
      var values = try table.numbers(place, convention, allowsMissing: missing == .interpolate)
      for row in values.indices where values[row].isNaN { isFilled[row] = true }
      guard values.fillGaps() else {
        throw .bad(
          place: "\(table.name): column \(table.columns[place])",
          problem: "expected at least one number, found none", hint: "choose another column")
      }
      columns.append(values)
    }
    let filled = isFilled.count { $0 }
    if filled > 0 { notes.append("\(filled) of \(isFilled.count) rows have a gap that is filled") }
    self.notes = notes
    tableColumns = table.columns.indices.map { place in
      let kind: TableColumn.Kind =
        place == places[0]
        ? .target : places.contains(place) ? .number : place == date?.column ? .date : .ignored
      return TableColumn(name: table.columns[place], kind: kind)
    }
  }

  /// The place of a row for messages.
  func place(_ row: Int) -> String {
    lines.isEmpty ? "\(origin): step \(row)" : "\(origin): line \(lines[row]) (\(name))"
  }
}

extension [Double] {
  /// Straight lines over runs of NaN, the nearest value at the ends; false if all are NaN.
  mutating func fillGaps() -> Bool {
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
