// Keys by the number of their character: xterm's modifyOtherKeys, CSI u, and kitty's protocol.

/// A key by its number, as in `CSI 99;5u` and `CSI 27;5;99~`.
///
/// See https://sw.kovidgoyal.net/kitty/keyboard-protocol for the numbers.
struct KeyCode {
  private let code: Int
  /// The character that shift makes of it; nil if the terminal does not say.
  private let shifted: Int?
  private let modifiers: Key.Modifiers
  private let hasCapsLock: Bool
  /// The text that the key types; nil if the terminal does not say.
  private let text: Character?
  private let isPressed: Bool
  /// Whether the code is of the character that comes out, shift included.
  private let isResult: Bool

  /// From `CSI code:shifted:base ; modifiers:event ; text u`; nil if it has no such form.
  init?(_ sequence: ControlSequence) {
    guard 1...3 ~= sequence.parameters.count, let code = sequence.number(0),
      let held = Key.Modifiers(parameter: sequence.number(1))
    else { return nil }
    self.code = code
    self.modifiers = held
    shifted = sequence.number(0, 1)
    hasCapsLock = ((sequence.number(1) ?? 1) - 1) & 64 != 0
    isPressed = sequence.number(1, 1).map { $0 == 1 || $0 == 2 } ?? true
    let texts = sequence.parameters.count == 3 ? sequence.parameters[2] : []
    text = texts.count == 1 ? texts[0].flatMap(Self.character) : nil
    isResult = false
  }

  /// From `CSI 27 ; modifiers ; code ~`.
  init?(otherKey code: Int?, modifiers: Int?) {
    guard let code, let held = Key.Modifiers(parameter: modifiers) else { return nil }
    self.code = code
    self.modifiers = held
    (shifted, text, hasCapsLock, isPressed, isResult) = (nil, nil, false, true, true)
  }

  /// The key; nil if it was released, types nothing on its own, or is unknown.
  var key: Key? {
    guard isPressed else { return nil }
    if modifiers.subtracting(.shift).isEmpty, let text { return .character(text) }
    if let key = Self.named(code) { return key.with(modifiers) }
    guard let character = Self.character(code) else { return nil }
    return typed(character)
  }

  /// A character's key: with shift what shift makes of it, where that can be known.
  private func typed(_ character: Character) -> Key? {
    let isShifted = modifiers.contains(.shift)
    // Control with shift is a separate key, unlike in the old form.
    if modifiers.contains(.control) { return Key.character(character).with(modifiers) }
    var result = character
    if isShifted, let shifted = shifted.flatMap(Self.character) {
      result = shifted
    } else if character.isLetter {
      let isLarge = !isResult && isShifted != hasCapsLock
      let large = character.uppercased()
      if isLarge, large.count == 1 { result = Character(large) }
    } else if isShifted, !isResult, !Self.needsShift.contains(character), character != " " {
      // What it types depends on the keyboard.
      return nil
    }
    return Key.character(result).with(modifiers.subtracting(.shift))
  }

  /// Characters that no usual keyboard types without shift: reported as they come out.
  private static let needsShift = Set("~!@#$%^&*()_+{}|:\"<>?")

  /// A character that can be typed.
  private static func character(_ code: Int) -> Character? {
    guard code >= 0x20, code != 0x7F, !(0x80..<0xA0 ~= code), !(0xE000..<0xF900 ~= code),
      let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init)
    else { return nil }
    return Character(scalar)
  }

  /// Keys that have names, and those of the keypad; nil for characters, locks and media keys.
  private static func named(_ code: Int) -> Key? {
    switch code {
    case 8, 127: return .backspace
    case 9: return .tab
    case 13, 57414: return .enter
    case 27: return .escape
    case 57376...57398: return .function(code - 57363)
    case 57399...57408: return .character(Character(Unicode.Scalar(UInt8(code - 57399 + 0x30))))
    case 57409...57413, 57415, 57416: break
    case 57417: return .left
    case 57418: return .right
    case 57419: return .up
    case 57420: return .down
    case 57421: return .pageUp
    case 57422: return .pageDown
    case 57423: return .home
    case 57424: return .end
    case 57425: return .insert
    case 57426: return .delete
    default: return nil
    }
    let signs: [Int: Character] = [
      57409: ".", 57410: "/", 57411: "*", 57412: "-", 57413: "+", 57415: "=", 57416: ",",
    ]
    return signs[code].map(Key.character)
  }
}
