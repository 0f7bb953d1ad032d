// Rows of another series as inputs of a network that was trained to forecast one like it.
import Basics

extension Series {
  /// What turns rows into windows as these are; nil for a generated series.
  func encoding(_ options: ForecastOptions, scale: FeatureScale?) -> SeriesEncoding? {
    guard let source else { return nil }
    var encoding = SeriesEncoding(
      text: source.text, columns: source.columns, date: source.date, window: options.window,
      horizon: options.horizon, transform: options.transform.rawValue,
      missing: source.missing?.rawValue)
    if let scale {
      for index in encoding.columns.indices {
        encoding.columns[index].means = [scale.means[index]]
        encoding.columns[index].deviations = [scale.deviations[index]]
      }
    }
    return encoding
  }
}

extension SeriesEncoding {
  /// The window that ends in each row, which forecasts what comes `horizon` rows later.
  ///
  /// Rows at the start, rows without a value and rows whose window holds a missing value have no input,
  /// but a reason. A table that goes from new to old, as its dates say, is read from its end.
  ///
  /// - Throws: `ProgramError` if a column is missing, or dates are out of order.
  package func rows(_ source: TableSource) throws(ProgramError) -> EncodedRows {
    let table = try source.table(text, columns: columns)
    var reasons = [String?](repeating: nil, count: table.rowCount)
    var cells: [[Double]] = []
    for (column, place) in zip(columns, try table.places(of: columns)) {
      cells.append(column.numbers(of: table, place, reasons: &reasons))
    }
    var kept = try order(of: table)
    if policy == .drop { kept.removeAll { reasons[$0] != nil } }
    var values = cells.map { column in kept.map { column[$0] } }
    if policy == .interpolate {
      for index in values.indices {
        guard values[index].fillGaps() else {
          throw .bad(
            place: "\(table.name): column \(columns[index].name)",
            problem: "expected at least one number, found none", hint: "")
        }
      }
    }
    let windows = Windows(self, values)
    var truth = [[Double]?](repeating: nil, count: table.rowCount)
    var origins = [Double](repeating: .nan, count: table.rowCount)
    var inputs = [[Float]](repeating: [], count: table.rowCount)
    for (step, row) in kept.enumerated() {
      origins[row] = values[0][step]
      let target = step + horizon
      if target < kept.count, reasons[kept[target]] == nil {
        truth[row] = [values[0][target]]
      }
      guard reasons[row] == nil else { continue }
      switch windows.window(endingAt: step) {
      case .success(let window): inputs[row] = window
      case .failure(let absence): reasons[row] = absence.reason
      }
    }
    var rows = EncodedRows(reasons: reasons)
    rows.inputs = inputs.flatMap { $0 }
    rows.truth = .numbers(truth)
    rows.origins = origins
    rows.notes = table.notes
    return rows
  }

  private var policy: MissingCells? { missing.flatMap(MissingCells.init) }

  /// The rows from old to new.
  private func order(of table: CSVTable) throws(ProgramError) -> [Int] {
    let rows = Array(0..<table.rowCount)
    guard let date, let place = table.columns.firstIndex(of: date.name) else { return rows }
    let dates = try table.dates(place, date.dateFormat, allowsMissing: false)
    let isDescending = SeriesOrder(dates).isDescending
    let order = isDescending ? rows.reversed() : rows
    for (earlier, later) in zip(order, order.dropFirst()) where dates[later] <= dates[earlier] {
      throw .bad(
        place: table.place(row: later, column: place),
        problem: "expected dates in order, found '\(table[later, place])' beside "
          + "'\(table[earlier, place])'", hint: "sort the rows by date, one row for each")
    }
    return order
  }

  /// Why a row has no window.
  private struct Absence: Error { var reason: String }

  /// The windows of a series whose gaps are NaN or filled.
  private struct Windows {
    private let encoding: SeriesEncoding
    /// The first one transformed.
    private var columns: [[Double]]
    /// Rows before the first that ends a window.
    private let first: Int

    init(_ encoding: SeriesEncoding, _ values: [[Double]]) {
      self.encoding = encoding
      let transform = Forecast.Transform(rawValue: encoding.transform) ?? .none
      columns = values
      columns[0] = values[0].indices.map {
        transform.change(values[0], from: max($0 - 1, 0), to: $0)
      }
      first = encoding.window - 1 + (transform == .none ? 0 : 1)
    }

    func window(endingAt end: Int) -> Result<[Float], Absence> {
      guard end >= first else {
        return .failure(
          Absence(reason: "expected \(first) earlier rows for its window, found \(end)"))
      }
      var window: [Float] = []
      window.reserveCapacity(encoding.window * columns.count)
      for step in end - encoding.window + 1...end {
        for (column, values) in zip(encoding.columns, columns) {
          let value = values[step]
          guard value.isFinite else {
            return .failure(
              Absence(
                reason: value.isNaN
                  && encoding.transform != Forecast.Transform.logDifference.rawValue
                  ? "a cell of column '\(column.name)' in its window is missing"
                  : "a cell of column '\(column.name)' in its window is missing or not above 0"))
          }
          window.append(column.scaled(value))
        }
      }
      return .success(window)
    }
  }
}

extension ColumnEncoding {
  /// The cells of a column, NaN where there is no number, with the reason.
  fileprivate func numbers(
    of table: CSVTable, _ place: Int, reasons: inout [String?]
  ) -> [Double] {
    readings(of: table, place).enumerated().map { row, reading in
      switch reading {
      case .number(let value): return value
      case .missing: reasons[row] = reasons[row] ?? "column '\(name)': the cell is missing"
      case .other:
        reasons[row] =
          reasons[row] ?? "column '\(name)': expected a number, found '\(table[row, place])'"
      }
      return .nan
    }
  }
}
