// What it takes to read the rows of a translation: both alphabets, lengths, and special tokens.

/// Texts of one alphabet and their translations into another.
///
/// A row holds `sourceLength` source tokens, padded in front, and behind them `targetLength` tokens
/// that the decoder reads under teacher forcing: the start token and the target without its last
/// token. The labels are the target's tokens.
package struct Translation: Sendable, Equatable {
  /// The characters of the sources; the first one pads.
  package var source: Alphabet
  /// The characters of the targets; the first one is the start token.
  package var target: Alphabet
  /// Source tokens in a row, padding included.
  package var sourceLength: Int
  /// Target tokens of an example.
  package var targetLength: Int

  /// The source token that fills the front of a row.
  package var padding: Int32 { 0 }
  /// The target token that the decoder reads first.
  package var start: Int32 { 0 }

  /// The source text of a row.
  package func sourceText(row: some Collection<Float>) -> String {
    source.decode(row.prefix(sourceLength).map { Int32($0) }.drop { $0 == padding })
  }

  /// The text of target tokens, of labels or of what a net answered; start tokens are left out.
  package func targetText(_ tokens: some Sequence<Int32>) -> String {
    target.decode(tokens.filter { $0 != start })
  }
}
