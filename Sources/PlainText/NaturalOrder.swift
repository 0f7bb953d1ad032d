// The order in which people expect names: numbers in them count as numbers.

/// Compares names so that `layer.2` stands before `layer.10`.
package enum NaturalOrder {
  /// Whether `first` stands before `second`; names that differ in zeros alone go by their text.
  package static func precedes(_ first: String, _ second: String) -> Bool {
    let (left, right) = (Array(first.utf8), Array(second.utf8))
    var (i, j) = (0, 0)
    while i < left.count, j < right.count {
      guard isDigit(left[i]), isDigit(right[j]) else {
        if left[i] != right[j] { return left[i] < right[j] }
        (i, j) = (i + 1, j + 1)
        continue
      }
      let (a, b) = (number(in: left, from: &i), number(in: right, from: &j))
      // A longer number is a larger one, however many digits it has.
      if a.count != b.count { return a.count < b.count }
      if !a.elementsEqual(b) { return a.lexicographicallyPrecedes(b) }
    }
    let (restLeft, restRight) = (left.count - i, right.count - j)
    return restLeft != restRight ? restLeft < restRight : first < second
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  /// The digits from a place on, without the zeros in front.
  private static func number(in text: [UInt8], from place: inout Int) -> ArraySlice<UInt8> {
    let start = place
    while place < text.count, isDigit(text[place]) { place += 1 }
    return text[start..<place].drop { $0 == 0x30 }
  }
}
