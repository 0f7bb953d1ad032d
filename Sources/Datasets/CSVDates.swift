// Columns of dates: how they are written, and which way a series goes.
import Basics

extension CSVTable {
  /// How the dates of a column are written.
  ///
  /// - Throws: `ProgramError` if no one way fits all cells, or several that read different dates.
  func dateFormat(_ column: Int, key: String) throws(ProgramError) -> DateFormat {
    let formats = reading.dateFormat.map { [$0] } ?? DateFormat.allCases
    let (fitting, row) = fitting(formats, column, allowsAny: reading.dateFormat != nil)
    if let first = fitting.first, fitting.count == 1 { return first }
    guard fitting.isEmpty else { throw ambiguous(fitting, column, key: key) }
    let cell = self[row ?? 0, column]
    throw .bad(
      place: place(row: row ?? 0, column: column),
      problem: reading.dateFormat.map { "expected a date written \($0.rawValue), found '\(cell)'" }
        ?? "expected a date written as those above it, found '\(cell)'",
      hint: "write all of them alike; data.date_format is one of "
        + DateFormat.allCases.map(\.rawValue).joined(separator: " | "))
  }

  /// The formats that fit every cell with a value, each reading other dates; and the first row that
  /// none of those fits which fit the rows before it.
  func fitting(
    _ formats: [DateFormat], _ column: Int, allowsAny: Bool = false
  ) -> (formats: [DateFormat], row: Int?) {
    var fitting = formats
    var (misfit, hasValue): (Int?, Bool) = (nil, false)
    // Formats differ where a cell says so: 3/3 is one day either way.
    var differs = false
    forEachCell(of: column) { row, cell in
      if markers.isMissing(cell, isText: false) { return true }
      hasValue = true
      let left = fitting.filter { format in
        format.seconds(cell).map { allowsAny || format.allows($0) } ?? false
      }
      if left.isEmpty {
        misfit = row
        fitting = []
        return false
      }
      fitting = left
      if left.count > 1, !differs { differs = Set(left.map { $0.seconds(cell) }).count > 1 }
      return true
    }
    guard hasValue else { return ([], nil) }
    return (differs ? fitting : Array(fitting.prefix(1)), misfit)
  }

  /// Two formats fit all cells of a column.
  func ambiguous(_ formats: [DateFormat], _ column: Int, key: String) -> ProgramError {
    var found: (row: Int, readings: [String])?
    forEachCell(of: column) { row, cell in
      if markers.isMissing(cell, isText: false) { return true }
      let dates = formats.map { $0.seconds(cell) }
      guard Set(dates).count > 1 else { return true }
      found = (
        row,
        zip(formats, dates).map { format, seconds in
          "\(seconds.map { DateFormat.text(seconds: $0) } ?? "") as \(format.rawValue)"
        }
      )
      return false
    }
    return .bad(
      place: place(row: found?.row ?? 0, column: column),
      problem: "expected one way to read '\(self[found?.row ?? 0, column])', found several: "
        + (found?.readings ?? []).joined(separator: ", "),
      hint: "set data.date_format to one of them")
  }

  /// The dates of a column in seconds since 1970; NaN for a cell without a value if
  /// `allowsMissing`.
  ///
  /// - Throws: `ProgramError` with line and column of a cell that is not a date.
  func dates(
    _ column: Int, _ format: DateFormat, allowsMissing: Bool
  ) throws(ProgramError) -> [Double] {
    var dates: [Double] = []
    dates.reserveCapacity(rowCount)
    var wrong: Int?
    forEachCell(of: column) { row, cell in
      if let seconds = format.seconds(cell) {
        dates.append(seconds)
      } else if allowsMissing, markers.isMissing(cell, isText: false) {
        dates.append(.nan)
      } else {
        wrong = row
        return false
      }
      return true
    }
    if let row = wrong {
      let cell = self[row, column]
      throw .bad(
        place: place(row: row, column: column),
        problem: "expected a date, found \(cell.isEmpty ? "an empty cell" : "'\(cell)'")",
        hint: "fill the cell or drop the row")
    }
    return dates
  }

  /// The column that says when each row of a series was, and its date format: the named one, or the
  /// only one besides the given ones that holds dates; nil if there is no such column.
  func dateColumn(besides used: Set<Int>) throws(ProgramError) -> (column: Int, format: DateFormat)?
  {
    if let name = reading.date.first {
      guard reading.date.count == 1 else {
        throw .bad(
          place: "data.date", problem: "expected one column, found \(reading.date.count)",
          hint: "a series goes by one of them")
      }
      let column = try column(name, key: "data.date")
      return (column, try dateFormat(column, key: "data.date"))
    }
    guard reading.findsDate else { return nil }
    var found: [(column: Int, format: DateFormat)] = []
    for column in columns.indices where !used.contains(column) {
      let formats = reading.dateFormat.map { [$0] } ?? DateFormat.allCases
      let (fitting, misfit) = fitting(formats, column)
      guard let format = fitting.first else {
        try checkBroken(column, formats, misfit)
        continue
      }
      let isNamed = namesTime(column)
      // A number is a date where its column is named like one, or goes one way.
      if format.isNumber || format.isWeak {
        let order = SeriesOrder(try dates(column, format, allowsMissing: true))
        guard order.isStrict || isNamed && !format.isWeak else { continue }
        if !isNamed, format != .compact, order.isEven == false { continue }
      }
      if fitting.count > 1 { throw ambiguous(fitting, column, key: "data.date") }
      found.append((column, format))
    }
    guard found.count > 1 else { return found.first }
    var orders: [SeriesOrder] = []
    for candidate in found {
      orders.append(SeriesOrder(try dates(candidate.column, candidate.format, allowsMissing: true)))
    }
    let strict = found.indices.filter { orders[$0].isStrict }
    if let first = strict.first,
      strict.allSatisfy({ orders[$0].isDescending == orders[first].isDescending })
    {
      return found[first]
    }
    throw .bad(
      place: "\(name): header",
      problem: "expected one column of dates, found "
        + found.map { "'\(columns[$0.column])'" }.joined(separator: ", "),
      hint: "name in data.date the one that the series goes by")
  }

  /// A column most of whose first cells are dates is one, and its other cells are damage.
  private func checkBroken(
    _ column: Int, _ formats: [DateFormat], _ misfit: Int?
  ) throws(ProgramError) {
    guard let misfit, misfit > 0 else { return }
    let words = formats.filter { !$0.isNumber && !$0.isWeak }
    var dates = 0
    forEachCell(of: column) { row, cell in
      if words.contains(where: { $0.seconds(cell) != nil }) { dates += 1 }
      return true
    }
    guard 2 * dates > rowCount else { return }
    throw .bad(
      place: place(row: misfit, column: column),
      problem: "expected a date written as those above it, found '\(self[misfit, column])'",
      hint: "mend the cell, or set data.date_format or data.date")
  }

  private func namesTime(_ column: Int) -> Bool {
    let name = columns[column].lowercased()
    return ["date", "time", "stamp", "unix", "epoch", "when", "datum"].contains {
      name.contains($0)
    }
      || ["ts", "t", "year", "month", "day", "week", "hour"].contains(name)
  }
}

/// Which way the dates of a series go.
struct SeriesOrder {
  /// From new to old.
  let isDescending: Bool
  /// Each date is behind, or each before, the one above it.
  let isStrict: Bool
  /// The steps are multiples of the shortest, or near it.
  let isEven: Bool

  init(_ dates: [Double]) {
    let steps = zip(dates.dropFirst(), dates).map { $0 - $1 }
    let down = steps.count { $0 < 0 }
    isDescending = 2 * down > steps.count
    isStrict = !steps.isEmpty && (down == steps.count || steps.allSatisfy { $0 > 0 })
    let sorted = steps.map { abs($0) }.sorted()
    let middle = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    isEven = 2 * steps.count { abs($0) == middle } > steps.count
  }
}
