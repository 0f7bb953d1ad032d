// Names in the order in which people count: `r-2` before `r-10`.

/// Compares bytes, and numbers within them by their size.
///
/// Foundation's numeric comparison knows languages, and takes ten times as long.
enum NaturalOrder {
  static func isBefore(_ one: String, _ other: String) -> Bool {
    var (mine, theirs) = (one.utf8[...], other.utf8[...])
    while let first = mine.first, let second = theirs.first {
      guard isDigit(first), isDigit(second) else {
        if first != second { return first < second }
        mine = mine.dropFirst()
        theirs = theirs.dropFirst()
        continue
      }
      let (number, otherNumber) = (digits(&mine), digits(&theirs))
      if number.count != otherNumber.count { return number.count < otherNumber.count }
      if !number.elementsEqual(otherNumber) { return number.lexicographicallyPrecedes(otherNumber) }
    }
    return mine.isEmpty && !theirs.isEmpty
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  /// The digits at the start of a text without zeros in front, which are taken off it.
  private static func digits(_ text: inout Substring.UTF8View) -> Substring.UTF8View {
    let all = text.prefix(while: isDigit)
    text = text[all.endIndex...]
    return all.drop { $0 == 0x30 }
  }
}
