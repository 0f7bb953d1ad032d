// The cells that have no value.

/// Which cells have no value, in columns of numbers and in those of texts and labels.
struct MissingMarkers: Sendable {
  private let numbers: Set<String>
  private let texts: Set<String>
  /// Numbers that stand for nothing, as -999.
  private let values: [Double]
  /// The longest of them, in bytes: longer cells need no look.
  private let longest: Int
  /// What else than empty cells was asked for; nil: the usual.
  private let isUsual: Bool

  /// What programs write for nothing where numbers are expected.
  static let usualNumbers: Set<String> = [
    "NA", "N/A", "NULL", "null", "None", "nan", "-", ".", "?", "#N/A", "<NA>", "NaN", "na", "n/a",
    "none", "NAN", "Null", "Nan",
  ]
  /// Of those, what nobody takes for a name: `-`, `None` and `NA` are people's classes.
  static let usualTexts: Set<String> = ["#N/A", "<NA>", "NaN", "NULL", "null", "N/A"]

  init(_ listed: [String]?) {
    isUsual = listed == nil
    numbers = listed.map(Set.init) ?? Self.usualNumbers
    texts = listed.map(Set.init) ?? Self.usualTexts
    values = listed?.compactMap(Double.init).filter(\.isFinite) ?? []
    longest = values.isEmpty ? numbers.map(\.utf8.count).max() ?? 0 : .max
  }

  /// Whether the cell has no value; an empty cell never has one.
  func isMissing(_ cell: UnsafeBufferPointer<UInt8>, isText: Bool) -> Bool {
    if cell.isEmpty { return true }
    guard cell.count <= longest, !numbers.isEmpty else { return false }
    // Digits first: most cells are numbers, and none of the usual markers begins with one.
    if isUsual, cell.isDigit(0) { return false }
    let text = String(decoding: cell, as: UTF8.self)
    if (isText ? texts : numbers).contains(text) { return true }
    guard !values.isEmpty, let number = Double(text) else { return false }
    return values.contains(number)
  }

  /// A word that is missing among numbers, but a value among texts unless an experiment says so.
  func isDoubtful(_ text: String) -> Bool {
    isUsual && Self.usualNumbers.contains(text) && !Self.usualTexts.contains(text)
  }
}
