// Keys behind ESC O: arrows, F1 to F4 and the keypad as VT100 had them, with numbers from others.

/// A sequence behind `ESC O`: a letter, or numbers and a letter.
struct SingleShift {
  private let bytes: [UInt8]

  /// `bytes` begin with ESC and `O`, and end with the last of the sequence.
  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The key; first as the terminal's description has it.
  func key(_ strings: KeyStrings) -> Key? {
    if let key = strings.key(bytes) { return key }
    guard bytes.count >= 3, let letter = bytes.last else { return nil }
    let numbers = bytes[2..<(bytes.count - 1)].split(separator: UInt8(ascii: ";"))
    let last = numbers.last.flatMap { Int(String(decoding: $0, as: UTF8.self)) }
    guard let modifiers = Key.Modifiers(parameter: last) else { return nil }
    return Self.key(letter)?.with(modifiers)
  }

  private static func key(_ letter: UInt8) -> Key? {
    switch letter {
    case UInt8(ascii: "M"): return .enter
    case UInt8(ascii: "I"): return .tab
    case UInt8(ascii: " "): return .character(" ")
    case UInt8(ascii: "X"): return .character("=")
    // rxvt's arrows with control.
    case UInt8(ascii: "a")...UInt8(ascii: "d"):
      return ControlSequence.letterKey(letter - 0x20)?.with(.control)
    // The keypad's signs and digits, in the order of ASCII.
    case UInt8(ascii: "j")...UInt8(ascii: "y"):
      return .character(Character(Unicode.Scalar(letter - 0x40)))
    default: return ControlSequence.letterKey(letter)
    }
  }
}
