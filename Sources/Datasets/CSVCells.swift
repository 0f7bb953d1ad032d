// What the cells of a column mean: numbers, texts, nothing.
import Basics

/// What the cells of a column look like as numbers.
struct CellSurvey {
  /// Cells with a value.
  var known = 0
  /// Of those, the ones that look like numbers.
  var numbers = 0
  /// The conventions that all of those allow.
  var conventions: NumberConventions
  /// The first row whose cell is not a number.
  var firstText: Int?
  /// The first row whose mark could be of a fraction or of thousands.
  var firstAmbiguous: Int?
  /// The first row that allows none of what those before it allow.
  var firstMisfit: Int?
  /// Cells are written with a mark before the fraction.
  var isMarked = false
}

extension CSVTable {
  /// Looks at all cells of a column.
  func survey(_ column: Int) -> CellSurvey {
    let allowed = NumberConventions(reading)
    var survey = CellSurvey(conventions: allowed)
    let sides = TableReading.DecimalMark.allCases.map { mark in
      (
        NumberConventions(where: { $0.decimal == mark && $0.thousands == .none }),
        NumberConventions(where: { $0.decimal == mark })
      )
    }
    forEachCell(of: column) { row, cell in
      if markers.isMissing(cell, isText: false) { return true }
      survey.known += 1
      var shape = NumberShape(cell)
      // Where an experiment says what groups digits, not all need be grouped.
      if reading.thousands != nil {
        for (ungrouped, grouped) in sides where !shape.conventions.isDisjoint(with: ungrouped) {
          shape.conventions.formUnion(grouped)
        }
      }
      guard !shape.conventions.intersection(allowed).isEmpty else {
        survey.firstText = survey.firstText ?? row
        return true
      }
      survey.numbers += 1
      if shape.isAmbiguous { survey.firstAmbiguous = survey.firstAmbiguous ?? row }
      survey.conventions.formIntersection(shape.conventions)
      if survey.conventions.isEmpty { survey.firstMisfit = survey.firstMisfit ?? row }
      return true
    }
    let marks = [NumberConventions.point, .comma].filter {
      !survey.conventions.isDisjoint(with: $0)
    }
    survey.isMarked = survey.numbers > 0 && marks.count == 1
    return survey
  }

  /// How the numbers of a column are written; nil if it holds texts.
  ///
  /// - Throws: `ProgramError` if it holds numbers and texts, where no one way fits all cells, or
  ///   where two do that read different numbers.
  func convention(_ column: Int) throws(ProgramError) -> NumberConvention? {
    if reading.text.contains(columns[column]) { return nil }
    let survey = survey(column)
    // Words for nothing alone: numbers, all of them missing.
    guard survey.known > 0 else { return .plain }
    guard survey.numbers > 0 else { return nil }
    if let row = survey.firstText {
      throw noNumber(row: row, column: column)
    }
    if let row = survey.firstMisfit {
      throw .bad(
        place: place(row: row, column: column),
        problem: "expected a number written as those above it, found '\(self[row, column])'",
        hint: "write all of them alike; data.decimal and data.thousands say how")
    }
    guard let row = survey.firstAmbiguous else { return survey.conventions.first }
    return try settled(survey, row: row, column: column)
  }

  /// The convention of a column where a mark could be of a fraction or of thousands.
  private func settled(
    _ survey: CellSurvey, row: Int, column: Int
  ) throws(ProgramError) -> NumberConvention? {
    // Either side of the question: its mark is of a fraction, or groups.
    let fits = survey.conventions
    let isPoint = self[row, column].contains(".")
    let mark = isPoint ? NumberConventions.point : .comma
    let (fraction, grouping) = (fits.intersection(mark), fits.subtracting(mark))
    guard let first = fraction.first, let second = grouping.first else { return fits.first }
    // Programs write points and commas that way. Other files say by their other columns that a point
    // stands before their fractions.
    if isPoint {
      let others = columns.indices.lazy.filter { $0 != column }.map { self.survey($0) }
        .filter { $0.isMarked && $0.firstText == nil }
      let sides = Set(others.map { !$0.conventions.isDisjoint(with: .point) })
      if sides == [true] || sides.isEmpty && separator == .comma { return first }
    }
    let cell = self[row, column]
    func value(_ convention: NumberConvention) -> String {
      var text = cell
      let number = text.withUTF8 { $0.number(convention) } ?? 0
      return Int(exactly: number).map(String.init) ?? "\(number)"
    }
    throw .bad(
      place: place(row: row, column: column),
      problem: "expected one way to read '\(cell)', found two: \(value(first)) with \(first.keys), "
        + "\(value(second)) with \(second.keys)",
      hint: "set data.decimal and data.thousands (\"none\" where nothing groups digits)")
  }

  /// Notes of columns whose numbers are not written as programs do; one for each way.
  func conventionNotes(_ columns: [(place: Int, convention: NumberConvention)]) -> [String] {
    let mostNames = 3
    return NumberConvention.all.filter { $0 != .plain }.compactMap { convention in
      let places = columns.filter { $0.convention == convention }.map(\.place).sorted()
      guard !places.isEmpty else { return nil }
      let names = places.prefix(mostNames).map { "'\(self.columns[$0])'" }.joined(separator: ", ")
      let more = places.count > mostNames ? " and \(places.count - mostNames) more" : ""
      return places.count == 1
        ? "column \(names) is read with \(convention.keys)"
        : "columns \(names)\(more) are read with \(convention.keys)"
    }
  }

  /// The first row whose cell has a value; 0 if none has.
  func firstKnown(_ column: Int) -> Int {
    var first = 0
    forEachCell(of: column) { row, cell in
      first = row
      return markers.isMissing(cell, isText: false)
    }
    return first
  }

  /// The numbers of a column; NaN for a cell without a value if `allowsMissing`.
  ///
  /// - Throws: `ProgramError` with line and column of a cell that is not a number, or none that a
  ///   Float can hold.
  func numbers(
    _ column: Int, _ convention: NumberConvention, allowsMissing: Bool
  ) throws(ProgramError) -> [Double] {
    var wrong: Int?
    let allowed = NumberConventions(where: {
      $0.decimal == convention.decimal
        && ($0.thousands == convention.thousands || $0.thousands == .none)
    })
    let values = [Double](unsafeUninitializedCapacity: rowCount) { values, count in
      forEachCell(of: column) { row, cell in
        var value = Double.nan
        if !markers.isMissing(cell, isText: false) {
          let shape = NumberShape(cell)
          let isNumber = !shape.conventions.isDisjoint(with: allowed)
          value = isNumber ? cell.number(convention) ?? .nan : .nan
          if !Float(value).isFinite { wrong = wrong ?? row }
        } else if !allowsMissing {
          wrong = wrong ?? row
        }
        values.initializeElement(at: row, to: value)
        count = row + 1
        return wrong == nil
      }
    }
    if let row = wrong { throw noNumber(row: row, column: column) }
    return values
  }

  /// What is wrong with a cell that is not a finite number.
  func noNumber(row: Int, column: Int) -> ProgramError {
    var cell = self[row, column]
    let place = place(row: row, column: column)
    let (isMissing, isNumber) = cell.withUTF8 { cell in
      (markers.isMissing(cell, isText: false), !NumberShape(cell).conventions.isEmpty)
    }
    if isMissing { return missingCell(row: row, column: column, expected: "a number") }
    let lowercased = cell.lowercased()
    if isNumber && NumberConventions(reading) == .all
      || ["inf", "-inf", "+inf", "infinity", "-infinity"].contains(lowercased)
    {
      return .bad(
        place: place, problem: "expected a finite number, found '\(cell)'",
        hint: "drop the row, or list the cell in data.missing_values and set data.missing")
    }
    let hint =
      isNumber
      ? "set data.decimal and data.thousands as the column is written"
      : "list the cell in data.missing_values if it stands for nothing, or name the column in "
        + "data.text (one column a text) or data.ignore"
    return .bad(place: place, problem: "expected a number, found '\(cell)'", hint: hint)
  }

  func missingCell(row: Int, column: Int, expected: String) -> ProgramError {
    let cell = self[row, column]
    let found = cell.isEmpty ? "an empty cell" : "'\(cell)', which stands for no value"
    return .bad(
      place: place(row: row, column: column), problem: "expected \(expected), found \(found)",
      hint: "set data.missing, fill the cell or drop the row"
        + (cell.isEmpty ? "" : "; data.missing_values says what stands for nothing"))
  }

  /// Which of its texts each cell of a column has, in the alphabet's order; -1 if it has no value.
  func texts(_ column: Int) -> (codes: [Int32], texts: [String]) {
    var places: [String: Int32] = [:]
    var found: [String] = []
    var codes: [Int32] = []
    codes.reserveCapacity(rowCount)
    forEachCell(of: column) { _, cell in
      if markers.isMissing(cell, isText: true) {
        codes.append(-1)
        return true
      }
      let text = String(decoding: cell, as: UTF8.self)
      if let code = places[text] {
        codes.append(code)
      } else {
        places[text] = Int32(found.count)
        codes.append(Int32(found.count))
        found.append(text)
      }
      return true
    }
    let order = found.indices.sorted { found[$0] < found[$1] }
    var codeOf = [Int32](repeating: 0, count: found.count)
    for (new, old) in order.enumerated() { codeOf[old] = Int32(new) }
    return (codes.map { $0 < 0 ? -1 : codeOf[Int($0)] }, order.map { found[$0] })
  }

  /// Words among the texts of a column that stand for nothing in columns of numbers.
  func doubtfulNotes(_ column: Int, codes: [Int32], texts: [String]) -> [String] {
    texts.indices.filter { markers.isDoubtful(texts[$0]) }.map { text in
      let count = codes.count { $0 == Int32(text) }
      return "column '\(columns[column])': '\(texts[text])' (\(count) "
        + "\(count == 1 ? "cell" : "cells")) is read as a value, not as missing; "
        + "data.missing_values: [\"\(texts[text])\"] changes that"
    }
  }

  /// Leaves out rows without a value in one of these columns; true in the list marks texts.
  ///
  /// - Throws: `ProgramError` if no row is left.
  mutating func dropRows(
    missing columns: [(place: Int, isText: Bool)], hint: String = "name it in data.ignore"
  ) throws(ProgramError) {
    var isKept = [Bool](repeating: true, count: rowCount)
    for column in columns {
      var found = false
      forEachCell(of: column.place) { row, cell in
        let isMissing = markers.isMissing(cell, isText: column.isText)
        if isMissing { isKept[row] = false } else { found = true }
        return true
      }
      guard found else {
        throw .bad(
          place: "\(name): column \(self.columns[column.place])",
          problem: "expected rows without missing cells, found none with a value in this column",
          hint: hint)
      }
    }
    keepRows(where: isKept)
    guard rowCount > 0 else {
      throw .bad(
        place: name, problem: "expected rows without missing cells, found none",
        hint: "name the empty columns in data.ignore, or set data.missing to mean")
    }
  }
}
