// A control sequence taken apart, and the key, click or change of focus it stands for.

/// A sequence behind `ESC [`, by its parts (ECMA-48, 5.4).
struct ControlSequence {
  /// `<`, `=`, `>` or `?` before the numbers: the terminal's own, no key.
  let mark: UInt8?
  /// The numbers; each may be parted by colons, and what is left out is nil.
  let parameters: [[Int?]]
  let intermediates: ArraySlice<UInt8>
  let final: UInt8

  /// Takes the bytes from ESC and `[` on apart; nil if they have not that form.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 3, let last = bytes.last else { return nil }
    var body = bytes[2..<(bytes.count - 1)]
    final = last
    if let first = body.first, 0x3C...0x3F ~= first {
      mark = first
      body.removeFirst()
    } else {
      mark = nil
    }
    let end = body.firstIndex { !(0x30...0x3B ~= $0) } ?? body.endIndex
    intermediates = body[end...]
    guard intermediates.allSatisfy({ 0x20...0x2F ~= $0 }) else { return nil }
    var parameters: [[Int?]] = []
    if end > body.startIndex {
      var parts: [Int?] = [nil]
      for byte in body[..<end] {
        switch byte {
        case 0x3A: parts.append(nil)
        case 0x3B:
          parameters.append(parts)
          parts = [nil]
        default:
          // No key and no place has a number as large as that.
          let number = (parts[parts.count - 1] ?? 0) * 10 + Int(byte - 0x30)
          parts[parts.count - 1] = min(number, 9_999_999)
        }
      }
      parameters.append(parts)
    }
    self.parameters = parameters
  }

  /// A number by its place; nil if it is left out.
  func number(_ index: Int, _ part: Int = 0) -> Int? {
    guard parameters.indices.contains(index), parameters[index].indices.contains(part) else {
      return nil
    }
    return parameters[index][part]
  }

  var beginsPaste: Bool {
    mark == nil && intermediates.isEmpty && final == UInt8(ascii: "~")
      && parameters.count == 1 && number(0) == 200
  }

  /// What it stands for; nil for answers and anything unknown.
  var input: Input? {
    if mark == UInt8(ascii: "<") {
      guard intermediates.isEmpty, final == UInt8(ascii: "M") || final == UInt8(ascii: "m"),
        parameters.count == 3
      else { return nil }
      return mouse(button: 0, isRelease: final == UInt8(ascii: "m"))
    }
    guard mark == nil, intermediates.isEmpty else { return nil }
    switch Character(Unicode.Scalar(final)) {
    // rxvt's, without a mark before the numbers.
    case "M" where parameters.count == 3: return mouse(button: 32, isRelease: nil)
    case "I" where parameters.isEmpty: return .focus(true)
    case "O" where parameters.isEmpty: return .focus(false)
    default: return key.map(Input.key)
    }
  }

  private func mouse(button base: Int, isRelease: Bool?) -> Input? {
    guard let button = number(0), let column = number(1), let row = number(2) else { return nil }
    return MouseReport(button: button - base, column: column, row: row, isRelease: isRelease)
      .event.map(Input.mouse)
  }

  // MARK: Keys

  private var key: Key? {
    switch Character(Unicode.Scalar(final)) {
    case "u": return KeyCode(self)?.key
    case "~" where number(0) == 27 && parameters.count == 3:
      return KeyCode(otherKey: number(2), modifiers: number(1))?.key
    case "~": return numbered.flatMap { modified($0) }
    // rxvt's for control, shift and both.
    case "^": return plainNumbered?.with(.control)
    case "$": return plainNumbered?.with(.shift)
    case "@": return plainNumbered?.with([.control, .shift])
    case "Z": return letter(.backTab)
    case "a", "b", "c", "d":
      return parameters.isEmpty ? Self.letterKey(final - 0x20)?.with(.shift) : nil
    // A report of the cursor's place ends like F3.
    case "R": return parameters.isEmpty ? .function(3) : nil
    default: return Self.letterKey(final).flatMap(letter)
    }
  }

  /// The key of a letter has no number, or a 1 before the number of the modifiers.
  private func letter(_ key: Key) -> Key? {
    number(0).map { $0 == 1 } ?? true ? modified(key) : nil
  }

  private var plainNumbered: Key? { parameters.count == 1 ? numbered : nil }

  /// The key of a number before `~`.
  private var numbered: Key? {
    switch number(0) ?? 0 {
    case 1, 7: .home
    case 2: .insert
    case 3: .delete
    case 4, 8: .end
    case 5: .pageUp
    case 6: .pageDown
    case let code where 11...15 ~= code: .function(code - 10)
    case let code where 17...21 ~= code: .function(code - 11)
    case let code where 23...26 ~= code: .function(code - 12)
    case 28, 29: .function((number(0) ?? 0) - 13)
    case let code where 31...34 ~= code: .function(code - 14)
    default: nil
    }
  }

  /// The key of a letter at the end, behind `ESC [` or `ESC O`.
  static func letterKey(_ letter: UInt8) -> Key? {
    switch Character(Unicode.Scalar(letter)) {
    case "A": .up
    case "B": .down
    case "C": .right
    case "D": .left
    case "F": .end
    case "H": .home
    case "P": .function(1)
    case "Q": .function(2)
    case "R": .function(3)
    case "S": .function(4)
    default: nil
    }
  }

  /// The key with the modifiers that the second number stands for, if it is pressed at all.
  private func modified(_ key: Key) -> Key? {
    guard parameters.count <= 3, number(1, 1).map({ $0 == 1 || $0 == 2 }) ?? true,
      let modifiers = Key.Modifiers(parameter: number(1))
    else { return nil }
    return key.with(modifiers)
  }
}

extension Key.Modifiers {
  /// What terminals add to 1 for modifiers; nil if the number is invalid.
  ///
  /// Locks are ignored.
  init?(parameter: Int?) {
    let bits = (parameter ?? 1) - 1
    guard 0...255 ~= bits else { return nil }
    self = []
    if bits & 1 != 0 { insert(.shift) }
    if bits & (2 | 32) != 0 { insert(.alt) }
    if bits & 4 != 0 { insert(.control) }
    if bits & 8 != 0 { insert(.command) }
    if bits & 16 != 0 { insert(.hyper) }
  }
}

extension Key {
  /// This key with modifiers.
  ///
  /// With shift alone, keys other than letters are the plain ones, but for tab and F1 to F35.
  package func with(_ modifiers: Modifiers) -> Key {
    var modifiers = modifiers
    var key = self
    if case .modified(let others, let base) = self {
      modifiers.formUnion(others)
      key = base
    }
    switch key {
    case .tab where modifiers.contains(.shift):
      key = .backTab
      modifiers.remove(.shift)
    case .function, .control: break
    case .character(let character) where modifiers.contains(.control):
      modifiers.remove(.control)
      let letter = character.lowercased()
      key = .control(letter.count == 1 ? Character(letter) : character)
    default: modifiers.remove(.shift)
    }
    return modifiers.isEmpty ? key : .modified(modifiers, key)
  }
}
