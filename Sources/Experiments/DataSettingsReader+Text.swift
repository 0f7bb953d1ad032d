// Reads the keys that say how the text of a table is written.
import Basics
import Datasets
import RunRecords

extension DataDocument {
  /// What says how the text of a file is read.
  static let textKeys = [
    "separator", "decimal", "thousands", "date", "date_format", "missing_values", "header",
  ]

  /// What an experiment says of a file's text; what it leaves out is taken as it is found.
  func tableReading(_ fields: FieldReader) throws(ProgramError) -> TableReading {
    var reading = TableReading()
    // A tab in quotes is a tab too.
    if fields["separator"] == .text("\t") {
      reading.separator = .tab
    } else {
      reading.separator = try optional(fields, "separator")
    }
    reading.decimal = try optional(fields, "decimal")
    if fields["thousands"] == .text(" ") {
      reading.thousands = .space
    } else {
      reading.thousands = try optional(fields, "thousands")
    }
    if let decimal = reading.decimal, decimal.rawValue == reading.thousands?.rawValue {
      throw fields.error(
        "thousands", "expected another mark than data.decimal, found '\(decimal.rawValue)' for both"
      )
    }
    reading.dateFormat = try optional(fields, "date_format")
    reading.header = try optional(fields, "header")
    if fields.has("missing_values") { reading.missingValues = try missingValues(fields) }
    if fields.has("text") { reading.text = try fields.texts("text", default: []) }
    switch fields["date"] {
    case nil: break
    case .null, .text("none"): reading.findsDate = false
    case .list: reading.date = try fields.texts("date", default: [])
    default: reading.date = [try fields.text("date")]
    }
    return reading
  }

  private func optional<Word: RawRepresentable & CaseIterable>(
    _ fields: FieldReader, _ key: String
  ) throws(ProgramError) -> Word? where Word.RawValue == String {
    guard fields.has(key) else { return nil }
    return Word(rawValue: try fields.choice(key, Word.allCases.map(\.rawValue)))
  }

  /// Cells as they stand in the file: numbers and words that YAML takes for something else too.
  private func missingValues(_ fields: FieldReader) throws(ProgramError) -> [String] {
    let expected = "a list of cells"
    guard let value = fields["missing_values"], case .list(let values) = value else {
      throw fields.error(
        "missing_values",
        "expected \(expected), found "
          + (fields["missing_values"]?.kindAndText ?? "nothing"), "[] for none but empty cells")
    }
    var cells: [String] = []
    for value in values {
      switch value {
      case .text(let text): cells.append(text)
      case .integer(let integer): cells.append(String(integer))
      case .number(let number): cells.append(number.isNaN ? "NaN" : "\(number)")
      case .null: cells += ["null", "NULL"]
      case .flag(let flag): cells.append(flag ? "true" : "false")
      case .list, .fields: throw fields.error("missing_values", expected: expected, found: value)
      }
    }
    return cells
  }
}
