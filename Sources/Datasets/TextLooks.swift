// Texts that are numbers or dates to a reader: in a table they are most likely not meant as texts.
import Basics

/// What a text looks like that is not a plain number.
enum TextLook: Equatable {
  case date
  /// A number with something in front or behind: `12 cm`, `$3.20`, `45%`.
  case measure(unit: String)

  /// nil for words, codes and ranges: `red`, `A1`, `18-24`.
  init?(_ text: String) {
    var text = text
    let formats = DateFormat.allCases.filter { !$0.isNumber }
    let isDate = text.withUTF8 { cell in formats.contains { $0.seconds(cell) != nil } }
    if isDate {
      self = .date
      return
    }
    guard let unit = Self.unit(of: text) else { return nil }
    self = .measure(unit: unit)
  }

  /// What stands around a number: a sign of money before it, or anything without digits behind it.
  private static func unit(of text: String) -> String? {
    var rest = text[...]
    var unit = ""
    if let first = rest.first, "(-−+".contains(first) { rest = rest.dropFirst() }
    let words = ["USD", "EUR", "GBP", "CHF", "Rs.", "Rs"]
    if let first = rest.unicodeScalars.first, first.properties.generalCategory == .currencySymbol {
      unit = String(rest.removeFirst())
    } else if let word = words.first(where: { rest.hasPrefix($0) }) {
      unit = word
      rest = rest.dropFirst(word.count)
    }
    rest = rest.drop { $0.isWhitespace }
    if let first = rest.first, "-−+".contains(first) { rest = rest.dropFirst() }
    let number = rest.prefix { $0.isASCII && $0.isNumber || ".,' ’\u{A0}\u{202F}".contains($0) }
    guard number.contains(where: \.isNumber) else { return nil }
    let tail = rest[number.endIndex...].drop { $0.isWhitespace }
    guard !tail.contains(where: \.isNumber), tail.count <= 12 else { return nil }
    unit += tail.trimmingPrefix { $0.isWhitespace }
    return unit
  }
}

extension CSVTable {
  /// Refuses a column of texts most of whose cells are dates or numbers to a reader.
  ///
  /// - Throws: `ProgramError` that says how the column may be read.
  func checkTexts(_ column: Int, codes: [Int32], texts: [String]) throws(ProgramError) {
    guard !reading.text.contains(columns[column]) else { return }
    var counts = [Int](repeating: 0, count: texts.count)
    for code in codes where code >= 0 { counts[Int(code)] += 1 }
    // Enough to decide by; a column with more texts is refused in any case.
    let mostLooks = 1000
    let known = counts.prefix(mostLooks).reduce(0, +)
    let looks = texts.prefix(mostLooks).map { TextLook($0) }
    func first(_ wanted: (TextLook) -> Bool) -> Int? {
      let all = looks.indices.filter { looks[$0].map(wanted) ?? false }
      guard 2 * all.reduce(0, { $0 + counts[$1] }) > known else { return nil }
      return codes.firstIndex { $0 >= 0 && all.contains(Int($0)) }
    }
    let others = "in data.ignore, or in data.text to have one input for each text"
    if let row = first({ $0 == .date }) {
      throw .bad(
        place: place(row: row, column: column),
        problem: "expected numbers or texts, found dates: '\(self[row, column])'",
        hint: "name the column in data.date (days since 1970 as a number), \(others)")
    }
    // One unit for most: "3rd" and "5th" have none in common.
    let units = Dictionary(
      grouping: looks.indices.compactMap { index -> (String, Int)? in
        if case .measure(let unit)? = looks[index] { (unit, counts[index]) } else { nil }
      }
    ) { $0.0 }
    guard
      let unit = units.max(by: { left, right in
        let (most, more) = (left.value.map(\.1).reduce(0, +), right.value.map(\.1).reduce(0, +))
        return most == more ? left.key > right.key : most < more
      })?.key, let row = first({ $0 == .measure(unit: unit) })
    else { return }
    throw .bad(
      place: place(row: row, column: column),
      problem: "expected numbers or texts, found numbers with something around them: "
        + "'\(self[row, column])'",
      hint: unit.isEmpty
        ? "write them as one kind of number (data.decimal and data.thousands say which), or name "
          + "the column \(others)"
        : "take '\(unit)' out of the cells and put it into the header, or name the column \(others)"
    )
  }
}
