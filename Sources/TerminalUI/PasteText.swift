// The text of a paste, up to the sequence that ends it.
import PlainText

/// What lies between the marks of bracketed paste.
struct PasteText: Sendable {
  /// Whether the mark at the beginning had its `ESC [` as one character: the one at the end has it
  /// so too, and the other form is text.
  var isOfOneCharacter = false
  private var scalars = String.UnicodeScalarView()
  private var count = 0
  private var characters = UTF8Assembler()
  private var isWithinCharacter = false
  /// How many bytes of the mark at the end have come.
  private var matched = 0

  /// Longer text is cut: no field here takes that much.
  private static let mostCharacters = 65_536
  private static let end = Array("\u{1B}[201~".utf8)
  private static let endOfOneCharacter = Array("\u{9B}201~".utf8)

  mutating func begin() {
    scalars = String.UnicodeScalarView()
    count = 0
    isWithinCharacter = false
    matched = 0
  }

  /// The text without what controls a terminal.
  var text: String { String(scalars) }

  /// Takes a byte; true if it is the last of the mark at the end.
  mutating func take(_ byte: UInt8) -> Bool {
    let mark = isOfOneCharacter ? Self.endOfOneCharacter : Self.end
    if byte == mark[matched] {
      matched += 1
      return matched == mark.count
    }
    // No part of the mark but the first byte can begin it anew.
    for held in mark[..<matched] { add(held) }
    matched = 0
    if byte == mark[0] { matched = 1 } else { add(byte) }
    return false
  }

  private mutating func add(_ byte: UInt8) {
    if isWithinCharacter {
      switch characters.take(byte) {
      case .more: return
      case .whole(let scalar):
        isWithinCharacter = false
        return add(scalar)
      case .broken: isWithinCharacter = false
      }
    }
    if byte < 0x80 {
      add(Unicode.Scalar(byte))
    } else {
      isWithinCharacter = characters.begin(byte)
    }
  }

  private mutating func add(_ scalar: Unicode.Scalar) {
    guard count < Self.mostCharacters, !ScreenText.isForbidden(scalar) else { return }
    scalars.append(scalar)
    count += 1
  }
}
