// Characters as numbers.

/// An ordered set of characters; a character's token is its place, from 0.
///
/// A character is one Unicode scalar, so that text of any kind has a small alphabet.
package struct Alphabet: Sendable, Equatable {
  /// In the order of their tokens.
  package let characters: [Character]
  private let tokens: [Unicode.Scalar: Int32]

  /// Duplicates count once.
  package init(_ scalars: some Sequence<Unicode.Scalar>) {
    var tokens: [Unicode.Scalar: Int32] = [:]
    var characters: [Character] = []
    for scalar in scalars where tokens[scalar] == nil {
      tokens[scalar] = Int32(characters.count)
      characters.append(Character(scalar))
    }
    self.tokens = tokens
    self.characters = characters
  }

  /// The number of characters.
  package var count: Int { characters.count }

  /// The token of a character; nil if it is not in the alphabet.
  package func token(of scalar: Unicode.Scalar) -> Int32? { tokens[scalar] }

  /// The tokens of a text; characters that are not in the alphabet are left out.
  package func encode(_ text: some StringProtocol) -> [Int32] {
    text.unicodeScalars.compactMap { tokens[$0] }
  }

  /// The text of tokens, each 0..<count.
  package func decode(_ tokens: some Sequence<Int32>) -> String {
    String(String.UnicodeScalarView(tokens.flatMap { characters[Int($0)].unicodeScalars }))
  }
}
