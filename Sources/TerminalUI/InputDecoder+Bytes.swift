// What each byte means, by where it comes.

extension InputDecoder {
  static let escapeByte: UInt8 = 0x1B
  /// Control-l, which draws the screen anew, whatever is torn.
  static let redrawByte: UInt8 = 0x0C

  mutating func take(_ byte: UInt8, _ inputs: inout [DecodedInput]) {
    defer { lastByte = byte }
    // Like ESC, a C1 control ends what it interrupts, and begins something new.
    if lastByte == 0xC2, 0x80..<0xA0 ~= byte, isInterruptible {
      rest()
      firstRead = read
      return begin(Unicode.Scalar(byte))
    }
    switch state {
    case .ground: ground(byte, &inputs)
    case .character: character(byte, &inputs)
    case .escape: escape(byte, &inputs)
    case .keyString: keyString(byte, &inputs)
    case .singleShift: singleShift(byte, &inputs)
    case .sequence: sequence(byte, &inputs)
    case .consoleKey: consoleKey(byte, &inputs)
    case .mouseReport: mouseReport(byte, &inputs)
    case .string(let endsWithBell): string(byte, endsWithBell: endsWithBell)
    case .stringEscape: stringEscape(byte, &inputs)
    case .paste: if paste.take(byte) { endPaste(&inputs) }
    case .bracket: bracket(byte, &inputs)
    }
  }

  private var isInterruptible: Bool {
    switch state {
    case .singleShift, .sequence, .string: true
    case .ground, .character, .escape, .keyString, .consoleKey, .mouseReport, .stringEscape, .paste,
      .bracket:
      false
    }
  }

  // MARK: Characters

  mutating func ground(_ byte: UInt8, _ inputs: inout [DecodedInput]) {
    firstRead = read
    switch byte {
    case Self.escapeByte: beginEscape()
    case _ where isResidue(byte): state = .bracket
    case 0x20..<0x7F: emit(.key(.character(Character(Unicode.Scalar(byte)))), &inputs)
    case 0..<0x80:
      if let key = strings.key([byte]) ?? Self.control(byte) { emit(.key(key), &inputs) }
    default: if characters.begin(byte) { state = .character }
    }
  }

  /// The key of a control character.
  private static func control(_ byte: UInt8) -> Key? {
    switch byte {
    case 0: .control(" ")
    case 0x08, 0x7F: .backspace
    case 0x09: .tab
    case 0x0A, 0x0D: .enter
    case 1...26: .control(Character(Unicode.Scalar(byte + 0x60)))
    default: nil
    }
  }

  private mutating func character(_ byte: UInt8, _ inputs: inout [DecodedInput]) {
    switch characters.take(byte) {
    case .more: break
    case .broken:
      rest()
      ground(byte, &inputs)
    case .whole(let scalar):
      if 0x80..<0xA0 ~= scalar.value {
        rest()
        begin(scalar)
      } else {
        let key = Key.character(Character(scalar))
        emit(.key(isAlt ? key.with(.alt) : key), &inputs)
        rest()
      }
    }
  }

  /// Begins what a control of C1 begins in one character; the others mean nothing.
  mutating func begin(_ control: Unicode.Scalar) {
    switch control.value {
    case 0x8F: begin(.singleShift, [Self.escapeByte, UInt8(ascii: "O")])
    case 0x9B:
      begin(.sequence, [Self.escapeByte, UInt8(ascii: "[")])
      paste.isOfOneCharacter = true
    case 0x9D: begin(.string(endsWithBell: true))
    case 0x90, 0x98, 0x9E, 0x9F: begin(.string(endsWithBell: false))
    default: break
    }
  }

  /// The `[` behind an Esc: a digit or a mark at once behind it make it a sequence that came late.
  private mutating func bracket(_ byte: UInt8, _ inputs: inout [DecodedInput]) {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "?"), UInt8(ascii: ">"),
      UInt8(ascii: "<"), UInt8(ascii: "M"):
      begin(.sequence, [Self.escapeByte, UInt8(ascii: "[")])
      paste.isOfOneCharacter = false
      isLate = true
      sequence(byte, &inputs)
    default:
      emit(.key(.character("[")), &inputs)
      rest()
      ground(byte, &inputs)
    }
  }

  // MARK: Behind ESC

  mutating func beginEscape() {
    rest()
    firstRead = read
    begin(.escape, [Self.escapeByte])
  }

  mutating func begin(_ state: State, _ bytes: [UInt8] = []) {
    self.state = state
    self.bytes.removeAll(keepingCapacity: true)
    self.bytes += bytes
    // What begins has two bytes, ESC and the next; what is one character begins no differently.
    length = 2
  }

  mutating func escape(_ byte: UInt8, _ inputs: inout [DecodedInput]) {
    bytes.append(byte)
    if let key = strings.key(bytes) { return complete(.key(key), &inputs) }
    switch byte {
    case Self.escapeByte:
      if isDoubled { emit(.key(.escape), &inputs) }
      isDoubled = true
      bytes.removeLast()
    case UInt8(ascii: "["):
      begin(.sequence, [Self.escapeByte, byte])
      paste.isOfOneCharacter = false
    case UInt8(ascii: "O"): begin(.singleShift, [Self.escapeByte, byte])
    case UInt8(ascii: "]"): begin(.string(endsWithBell: true))
    case UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"), UInt8(ascii: "X"):
      begin(.string(endsWithBell: false))
    // The end of a string that was dropped.
    case UInt8(ascii: "\\"): complete(nil, &inputs)
    case _ where strings.continues(after: bytes): state = .keyString
    default: alt(byte, &inputs)
    }
  }

  private mutating func alt(_ byte: UInt8, _ inputs: inout [DecodedInput]) {
    if isDoubled { emit(.key(.escape), &inputs) }
    switch byte {
    case 0x20..<0x7F:
      emit(.key(Key.character(Character(Unicode.Scalar(byte))).with(.alt)), &inputs)
      rest()
    case 0..<0x80:
      if let key = Self.control(byte) { emit(.key(key.with(.alt)), &inputs) }
      rest()
    default:
      rest()
      guard characters.begin(byte) else { return }
      isAlt = true
      state = .character
    }
  }

  private mutating func keyString(_ byte: UInt8, _ inputs: inout [DecodedInput]) {
    if byte == Self.escapeByte { return beginEscape() }
    bytes.append(byte)
    if let key = strings.key(bytes) {
      complete(.key(key), &inputs)
    } else if !strings.continues(after: bytes) {
      complete(nil, &inputs)
      if byte >= 0x80 { ground(byte, &inputs) }
    }
  }
}
