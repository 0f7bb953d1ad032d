// Numbers that are not finite: their names in files, among other numbers, and in words.

/// The one spelling of NaN and the infinities.
package enum NonFinite {
  /// In records and what else other programs read; Python's json writes the same.
  package static let names = (nan: "NaN", infinity: "Infinity", negativeInfinity: "-Infinity")
  /// Among numbers that people read.
  private static let texts = (nan: "NaN", infinity: "inf", negativeInfinity: "-inf")

  /// In place of a number, where there is room for words.
  package static let words = "not finite"
  /// In place of a chart.
  package static let wordsOfChart = "no finite value (NaN or infinite)"

  /// The name of a value that is not finite.
  package static func name(of value: some BinaryFloatingPoint) -> String {
    value.isNaN ? names.nan : value > 0 ? names.infinity : names.negativeInfinity
  }

  /// The text of a value that is not finite.
  package static func text(of value: some BinaryFloatingPoint) -> String {
    value.isNaN ? texts.nan : value > 0 ? texts.infinity : texts.negativeInfinity
  }

  /// Whether a cell of a table has such a text.
  package static func isText(_ cell: String) -> Bool {
    [texts.nan, texts.infinity, texts.negativeInfinity].contains(cell)
  }
}
