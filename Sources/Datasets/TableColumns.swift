// Which columns of a table are inputs, and how each is read.
import Basics

/// The parts of a table's columns.
struct TableColumns {
  /// How an input is read.
  enum Reading {
    case numbers(NumberConvention)
    case texts
    case dates(DateFormat)

    var isText: Bool { if case .texts = self { true } else { false } }
  }

  let target: Int
  /// The target's; nil if it is a class.
  private let targetConvention: NumberConvention?
  private let inputs: [(place: Int, reading: Reading)]
  /// What keeps rows together; nil: nothing.
  private let group: Int?
  /// What a user should know.
  private(set) var notes: [String] = []

  /// Chooses the columns, and leaves out the rows that have no target or, where that is asked for, no
  /// value in an input.
  init(_ table: inout CSVTable, _ options: TableOptions) throws(ProgramError) {
    target = try table.column(options.target, key: "data.target")
    var ignored: Set<Int> = []
    for name in options.ignore { ignored.insert(try table.column(name, key: "data.ignore")) }
    if let name = options.group {
      let place = try table.column(name, key: "data.group")
      guard place != target else {
        throw .bad(
          place: "data.group", problem: "expected another column than data.target, found it again",
          hint: "name the column that says whose rows they are")
      }
      ignored.insert(place)
      group = place
    } else {
      group = nil
    }
    for name in table.reading.text { _ = try table.column(name, key: "data.text") }
    var dates: Set<Int> = []
    for name in table.reading.date { dates.insert(try table.column(name, key: "data.date")) }
    notes += try table.namesakeNotes(target: target, ignored: ignored)
    if table.countsRows(0), target != 0 {
      ignored.insert(0)
      notes.append("column 1 has no name and counts the rows: it is no input")
    }
    let target = target
    let places = table.columns.indices.filter { $0 != target && !ignored.contains($0) }
    guard !places.isEmpty else {
      throw .bad(
        place: "\(table.name): header",
        problem: "expected columns besides '\(options.target)', found none",
        hint: "add input columns")
    }
    let isRegression = options.task == .regression
    try Self.dropRowsWithoutTarget(&table, target, isText: !isRegression, &notes)
    targetConvention = isRegression ? try Self.targetConvention(table, target) : nil
    var inputs: [(place: Int, reading: Reading)] = []
    for place in places {
      let reading: Reading
      if dates.contains(place) {
        reading = .dates(try table.dateFormat(place, key: "data.date"))
      } else if let convention = try table.convention(place) {
        reading = .numbers(convention)
      } else {
        reading = .texts
      }
      inputs.append((place, reading))
    }
    self.inputs = inputs
    var conventions = inputs.compactMap { input -> (Int, NumberConvention)? in
      if case .numbers(let convention) = input.reading { (input.place, convention) } else { nil }
    }
    if let targetConvention { conventions.append((target, targetConvention)) }
    notes += table.conventionNotes(conventions)
    if options.missing == .drop {
      let before = table.rowCount
      try table.dropRows(missing: inputs.map { ($0.place, $0.reading.isText) })
      if table.rowCount < before {
        notes.append(
          "\(before - table.rowCount) of \(before) rows have a missing cell and are left out")
      }
    }
  }

  /// Nothing can be learnt from a row without a target.
  private static func dropRowsWithoutTarget(
    _ table: inout CSVTable, _ target: Int, isText: Bool, _ notes: inout [String]
  ) throws(ProgramError) {
    let before = table.rowCount
    try table.dropRows(missing: [(target, isText)], hint: "choose another data.target")
    let count = before - table.rowCount
    guard count > 0 else { return }
    notes.append(
      "\(count) of \(before) rows have no '\(table.columns[target])' and are left out")
  }

  private static func targetConvention(
    _ table: CSVTable, _ target: Int
  ) throws(ProgramError) -> NumberConvention {
    if let convention = try table.convention(target) { return convention }
    let row = table.firstKnown(target)
    throw .bad(
      place: table.place(row: row, column: target),
      problem: "expected a number, found '\(table[row, target])'",
      hint: "leave data.task out to predict classes, or choose another data.target")
  }

  /// The inputs' numbers.
  func inputs(of table: CSVTable, fills: Bool) throws(ProgramError) -> TableInputs {
    var numbers = TableInputs()
    for input in inputs {
      switch input.reading {
      case .numbers(let convention):
        numbers.append(
          try table.numbers(input.place, convention, allowsMissing: fills),
          name: table.columns[input.place])
      case .dates(let format):
        numbers.append(
          try table.dates(input.place, format, allowsMissing: fills).map { $0 / 86400 },
          name: table.columns[input.place])
      case .texts:
        let (codes, texts) = table.texts(input.place)
        try table.checkTexts(input.place, codes: codes, texts: texts)
        if !fills, let row = codes.firstIndex(of: -1) {
          throw table.missingCell(row: row, column: input.place, expected: "a text")
        }
        try numbers.append(codes, texts: texts, name: table.columns[input.place], of: table.name)
      }
    }
    return numbers
  }

  /// The group of each row; nil without a column of groups.
  func groups(of table: CSVTable) throws(ProgramError) -> RowGroups? {
    guard let group else { return nil }
    let (codes, _) = table.texts(group)
    if let row = codes.firstIndex(of: -1) {
      throw table.missingCell(row: row, column: group, expected: "a group")
    }
    return RowGroups(numbers: codes.map { Int($0) }, name: table.columns[group])
  }

  /// What is to be predicted.
  func targets(of table: CSVTable) throws(ProgramError) -> TableTargets {
    if let targetConvention {
      return .numbers(try table.numbers(target, targetConvention, allowsMissing: false))
    }
    let (labels, names) = try table.classes(column: target)
    return .classes(labels, names: names)
  }

  /// What became of every column.
  func report(_ table: CSVTable, _ numbers: TableInputs, classes: Int?) -> [TableColumn] {
    table.columns.indices.map { place in
      let name = table.columns[place]
      if place == target { return TableColumn(name: name, kind: .target, categories: classes) }
      guard let index = inputs.firstIndex(where: { $0.place == place }) else {
        return TableColumn(name: name, kind: place == group ? .group : .ignored)
      }
      switch inputs[index].reading {
      case .numbers: return TableColumn(name: name, kind: .number)
      case .dates: return TableColumn(name: name, kind: .date)
      case .texts:
        return TableColumn(
          name: name, kind: .categories, categories: numbers.categories(ofColumn: index))
      }
    }
  }

  /// What turns a row's cells into the inputs; `scale` is what was taken out of them.
  func encoding(
    _ table: CSVTable, _ numbers: TableInputs, scale: FeatureScale?
  ) -> TableEncoding {
    var first = 0
    let encoded = inputs.enumerated().map { index, input in
      let name = table.columns[input.place]
      var column: ColumnEncoding
      switch input.reading {
      case .numbers(let convention): column = ColumnEncoding(name, convention)
      case .dates(let format):
        column = ColumnEncoding(name, .date)
        column.format = format.rawValue
      case .texts:
        column = ColumnEncoding(name, .categories)
        let count = numbers.categories(ofColumn: index) ?? 0
        column.categories = numbers.names[first..<first + count].map {
          String($0.dropFirst(name.count + 1))
        }
      }
      let places = first..<first + column.size
      if !numbers.fills.isEmpty { column.fills = numbers.fills[index] }
      column.means = scale.map { Array($0.means[places]) }
      column.deviations = scale.map { Array($0.deviations[places]) }
      first = places.upperBound
      return column
    }
    let name = table.columns[target]
    return TableEncoding(
      text: TextEncoding(table), columns: encoded,
      target: targetConvention.map { ColumnEncoding(name, $0) }
        ?? ColumnEncoding(name, .categories))
  }

  /// Notes of words among texts that may have been meant as missing.
  func doubtfulNotes(_ table: CSVTable) -> [String] {
    let texts = inputs.filter(\.reading.isText).map(\.place)
    return (texts + (targetConvention == nil ? [target] : [])).flatMap { place in
      let (codes, texts) = table.texts(place)
      return table.doubtfulNotes(place, codes: codes, texts: texts)
    }
  }
}

/// Input columns beside each other.
struct TableInputs: NumberRows {
  /// A column of the table.
  private enum Column {
    /// NaN where there is nothing, until it is filled.
    case numbers([Double])
    /// Which of the different texts stands in each row, -1 for a missing one; and what missing ones
    /// are filled with.
    case texts([Int32], fills: [Double])
  }

  /// One for each value of a row.
  private(set) var names: [String] = []
  private var columns: [Column] = []
  /// What missing cells of each column are filled with, a number for each value of it; empty before.
  private(set) var fills: [[Double]] = []
  /// Different texts of a column that become inputs.
  static let mostTexts = 100

  var size: Int { names.count }

  /// A column of numbers as it is.
  mutating func append(_ values: [Double], name: String) {
    names.append(name)
    columns.append(.numbers(values))
  }

  /// A column of texts as a column for each text, 1 if it stands there and 0 elsewhere.
  mutating func append(
    _ codes: [Int32], texts: [String], name: String, of table: String
  ) throws(ProgramError) {
    guard texts.count <= Self.mostTexts else {
      throw .bad(
        place: "\(table): column \(name)",
        problem: "expected numbers, or at most \(Self.mostTexts) different texts; "
          + "found \(texts.count)", hint: "name it in data.ignore, or encode it as numbers")
    }
    names += texts.map { "\(name)=\($0)" }
    columns.append(.texts(codes, fills: Array(repeating: .nan, count: texts.count)))
  }

  /// The number of texts of a column; nil if it holds numbers.
  func categories(ofColumn index: Int) -> Int? {
    if case .texts(_, let fills) = columns[index] { fills.count } else { nil }
  }

  /// Puts the mean of these rows where a column has no value.
  mutating func fill(by rows: [Int], table: String) throws(ProgramError) {
    var first = 0
    for index in columns.indices {
      func mean(of sum: Double, _ count: Int) throws(ProgramError) -> Double {
        guard count > 0 else {
          throw .bad(
            place: "\(table): column \(names[first])",
            problem: "expected a value in a row to train on, found none", hint: "ignore the column")
        }
        return sum / Double(count)
      }
      switch columns[index] {
      case .numbers(var values):
        columns[index] = .numbers([])
        var (sum, count) = (0.0, 0)
        for row in rows where !values[row].isNaN {
          sum += values[row]
          count += 1
        }
        let mean = try mean(of: sum, count)
        for row in values.indices where values[row].isNaN { values[row] = mean }
        columns[index] = .numbers(values)
        fills.append([mean])
        first += 1
      case .texts(let codes, var fills):
        var counts = [Int](repeating: 0, count: fills.count)
        for row in rows where codes[row] >= 0 { counts[Int(codes[row])] += 1 }
        let known = counts.reduce(0, +)
        for text in fills.indices { fills[text] = try mean(of: Double(counts[text]), known) }
        columns[index] = .texts(codes, fills: fills)
        self.fills.append(fills)
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
