// What the columns of a table hold, before anybody says what they are for.
import Basics
import Foundation

/// The columns of a table, each looked at by itself.
package struct TableSummary: Sendable {
  /// Where it came from, for messages.
  package let name: String
  package let rowCount: Int
  package let columns: [ColumnSummary]

  /// Looks at all cells.
  ///
  /// - Throws: `ProgramError` if the numbers of a column could be read in two ways.
  package init(_ table: CSVTable) throws(ProgramError) {
    name = table.name
    rowCount = table.rowCount
    var columns: [ColumnSummary] = []
    for place in table.columns.indices { columns.append(try ColumnSummary(table, place)) }
    self.columns = columns
  }

  /// The place of a column; nil: none, or several of that name.
  package func place(of name: String) -> Int? {
    let places = columns.indices.filter { columns[$0].name == name }
    return places.count == 1 ? places[0] : nil
  }
}

/// What a column of a table holds.
package struct ColumnSummary: Sendable, Equatable {
  package var name: String
  package var kind: Kind
  /// Cells with a value, and those without.
  package var known = 0
  package var missing = 0
  /// Different values.
  package var distinct = 0
  /// The most frequent texts first, of equally frequent ones in the alphabet's order; of numbers only
  /// where there are few.
  package var counts: [Count] = []
  /// Of numbers, and of dates in days since 1970; nil for texts.
  package var numbers: NumberSummary?
  /// Whether it is only a name or a number of the row: each has another.
  package var tellsRowsApart = false
  /// Whether its numbers are whole.
  package var isWhole = false

  /// What the cells look like.
  package enum Kind: Sendable, Equatable {
    case number
    case date(DateFormat)
    case text
    /// Numbers or dates with something around them, which only a person can decide about.
    case measure
    /// Some are numbers, others are not.
    case mixed
    /// Dates that can be read in two ways.
    case ambiguousDate
    /// No cell has a value.
    case empty
  }

  /// How often a value stands there.
  package struct Count: Sendable, Equatable {
    package var text: String
    package var count: Int
  }

  /// Values are counted one by one up to so many different ones.
  package static let mostCounts = 1000

  init(_ table: CSVTable, _ place: Int) throws(ProgramError) {
    name = table.columns[place]
    kind = .empty
    let isText = table.reading.text.contains(name)
    let survey = table.survey(place)
    var convention: NumberConvention?
    if survey.firstText == nil, !isText { convention = try table.convention(place) }
    if let convention, survey.known > 0 {
      kind = .number
      summarize(try table.numbers(place, convention, allowsMissing: true))
      tellsRowsApart = distinct == table.rowCount && isWhole && Self.namesRows(name)
      return
    }
    if survey.known == 0, !isText {
      missing = table.rowCount
      return
    }
    if survey.numbers == 0, !isText, let format = Self.dateFormat(table, place) {
      guard let format else {
        kind = .ambiguousDate
        count(table.texts(place), rows: table.rowCount)
        return
      }
      kind = .date(format)
      summarize(try table.dates(place, format, allowsMissing: true).map { $0 / 86400 })
      return
    }
    let (codes, texts) = table.texts(place)
    count((codes, texts), rows: table.rowCount)
    let isRefused = (try? table.checkTexts(place, codes: codes, texts: texts)) == nil
    kind = isText ? .text : survey.numbers > 0 ? .mixed : isRefused ? .measure : .text
    tellsRowsApart = known > 20 && distinct == known
  }

  /// The format of a column of dates; nil inside if several read other dates, nil if it has none.
  private static func dateFormat(_ table: CSVTable, _ place: Int) -> DateFormat?? {
    let formats = DateFormat.allCases.filter { !$0.isNumber }
    let (fitting, misfit) = table.fitting(formats, place)
    guard misfit == nil, let first = fitting.first else { return nil }
    return .some(fitting.count == 1 ? first : nil)
  }

  private static func namesRows(_ name: String) -> Bool {
    let words = ["id", "index", "idx", "no", "nr", "row", "number", "#", "unnamed: 0"]
    let name = name.lowercased()
    return words.contains(name) || name.hasSuffix("_id") || name.hasSuffix(" id")
  }

  private mutating func count(_ column: (codes: [Int32], texts: [String]), rows: Int) {
    var frequencies = [Int](repeating: 0, count: column.texts.count)
    for code in column.codes where code >= 0 { frequencies[Int(code)] += 1 }
    known = frequencies.reduce(0, +)
    missing = rows - known
    distinct = column.texts.count
    counts = Self.sorted(zip(column.texts, frequencies).map { Count(text: $0, count: $1) })
  }

  /// Values with NaN for nothing.
  private mutating func summarize(_ values: [Double]) {
    let rows = values.count
    let values = values.filter { !$0.isNaN }.sorted()
    known = values.count
    missing = rows - known
    isWhole = values.allSatisfy { $0 == $0.rounded() }
    var counts: [(value: Double, count: Int)] = []
    for value in values {
      if counts.last?.value == value {
        counts[counts.count - 1].count += 1
      } else {
        counts.append((value, 1))
      }
    }
    distinct = counts.count
    if distinct <= 20 {
      self.counts = Self.sorted(
        counts.map { value, count in
          Count(text: Int(exactly: value).map(String.init) ?? value.description, count: count)
        })
    }
    numbers = NumberSummary(sorted: values)
  }

  private static func sorted(_ counts: [Count]) -> [Count] {
    Array(
      counts.enumerated().sorted { left, right in
        left.element.count == right.element.count
          ? left.offset < right.offset : left.element.count > right.element.count
      }.map(\.element).prefix(mostCounts))
  }
}

/// The figures of a column of numbers.
package struct NumberSummary: Sendable, Equatable {
  package var least: Double
  package var most: Double
  package var median: Double
  package var mean: Double
  package var deviation: Double
  /// Values in equally wide parts from the least to the most.
  package var histogram: [Int]

  /// Parts of a histogram.
  package static let binCount = 24

  /// nil without values.
  init?(sorted values: [Double]) {
    guard let least = values.first, let most = values.last else { return nil }
    self.least = least
    self.most = most
    let middle = values.count / 2
    median =
      values.count.isMultiple(of: 2) ? (values[middle - 1] + values[middle]) / 2 : values[middle]
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    deviation =
      (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
    histogram = Array(repeating: 0, count: Self.binCount)
    let width = (most - least) / Double(Self.binCount)
    for value in values {
      let place = width > 0 ? Int((value - least) / width) : 0
      histogram[min(max(place, 0), Self.binCount - 1)] += 1
    }
  }
}

extension TableSummary {
  /// Different texts of a column that can become inputs; of more it must be left out.
  package static let mostTexts = TableInputs.mostTexts
}
