// How the text of a table is to be read: what an experiment says, and what is found where it says nothing.

/// What an experiment says about a table's text; nil: as it is found.
package struct TableReading: Sendable, Equatable {
  /// What stands between two cells.
  package var separator: Separator?
  /// What stands before a number's fraction.
  package var decimal: DecimalMark?
  /// What groups a number's digits.
  package var thousands: ThousandsMark?
  /// How dates are written.
  package var dateFormat: DateFormat?
  /// Texts for missing values, besides empty cells; an empty list: no others.
  package var missingValues: [String]?
  /// Whether the first line names the columns.
  package var header: Header?
  /// Columns that are read as texts whatever they look like.
  package var text: [String]
  /// Columns of dates; in a series at most one.
  package var date: [String]
  /// Without a name in `date`, a column of dates is looked for that a series goes by.
  package var findsDate: Bool

  package init(
    separator: Separator? = nil, decimal: DecimalMark? = nil, thousands: ThousandsMark? = nil,
    dateFormat: DateFormat? = nil, missingValues: [String]? = nil, header: Header? = nil,
    text: [String] = [], date: [String] = [], findsDate: Bool = true
  ) {
    self.separator = separator
    self.decimal = decimal
    self.thousands = thousands
    self.dateFormat = dateFormat
    self.missingValues = missingValues
    self.header = header
    self.text = text
    self.date = date
    self.findsDate = findsDate
  }

  /// What stands between two cells.
  package enum Separator: String, Sendable, CaseIterable {
    case comma = ","
    case semicolon = ";"
    case tab = "tab"
    case bar = "|"

    var byte: UInt8 {
      switch self {
      case .comma: UInt8(ascii: ",")
      case .semicolon: UInt8(ascii: ";")
      case .tab: UInt8(ascii: "\t")
      case .bar: UInt8(ascii: "|")
      }
    }
  }

  /// What stands before a number's fraction.
  package enum DecimalMark: String, Sendable, CaseIterable {
    case point = "."
    case comma = ","
  }

  /// What groups a number's digits.
  package enum ThousandsMark: String, Sendable, CaseIterable {
    case none
    case comma = ","
    case point = "."
    case apostrophe = "'"
    /// Also the no-break spaces.
    case space
  }

  /// Whether the first line names the columns.
  package enum Header: String, Sendable, CaseIterable {
    /// It does, even where it looks like data.
    case first
    /// It does not: columns go by their number, from 1.
    case none
  }
}
