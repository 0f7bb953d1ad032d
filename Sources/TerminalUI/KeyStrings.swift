// What the terminal's description says its keys send, as data for the decoder.

/// The strings of keys, by their bytes.
///
/// Those that the decoder understands by their form need not be in here.
package struct KeyStrings: Sendable {
  private var keys: [[UInt8]: Key] = [:]
  /// All beginnings of strings that are not whole.
  private var beginnings: Set<[UInt8]> = []

  package init() {}

  /// Takes a key's string; what no terminal's description may change is left alone.
  ///
  /// These are single control characters that every keyboard has (tab, enter, escape, backspace),
  /// and what begins with a printable character.
  package mutating func add(_ string: [UInt8], _ key: Key) {
    guard let first = string.first, first < 0x20, keys[string] == nil else { return }
    if string.count == 1 {
      guard ![0x08, 0x09, 0x0A, 0x0D, 0x1B].contains(first) else { return }
    } else {
      // The beginnings of control sequences are not keys, whatever terminfo says.
      guard first == 0x1B, ![[0x1B, 0x1B], [0x1B, 0x4F], [0x1B, 0x5B]].contains(string) else {
        return
      }
    }
    keys[string] = key
    for length in 1..<string.count { beginnings.insert(Array(string.prefix(length))) }
  }

  /// The key that sends exactly these bytes.
  func key(_ bytes: [UInt8]) -> Key? { keys[bytes] }

  /// Whether a key's string continues after these bytes.
  func continues(after bytes: [UInt8]) -> Bool { beginnings.contains(bytes) }
}
