// What the bytes of sequences, strings and pastes mean, from their beginning to their end.

extension InputDecoder {
  mutating func singleShift(_ byte: UInt8, _ inputs: inout [DecodedInput]) {
    switch byte {
    case Self.escapeByte: beginEscape()
    case Self.redrawByte: emit(.key(.control("l")), &inputs)
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ";"):
      length += 1
      if bytes.count < Self.mostKeptBytes { bytes.append(byte) }
      if length >= Self.mostBytes { rest() }
    case 0x20..<0x7F:
      bytes.append(byte)
      complete(SingleShift(bytes).key(strings).map(Input.key), &inputs)
    // The first byte of a C1 control; the next one says which.
    case 0xC2: break
    default: rest()
    }
  }

  mutating func sequence(_ byte: UInt8, _ inputs: inout [DecodedInput]) {
    length += 1
    switch byte {
    case Self.escapeByte: return beginEscape()
    // No sequence contains it: the user wants a screen clean of what a torn one has left.
    case Self.redrawByte: emit(.key(.control("l")), &inputs)
    // Cancel and substitute end a sequence.
    case 0x18, 0x1A: return rest()
    case 0..<0x20, 0x7F...: break
    case UInt8(ascii: "[") where bytes.count == 2: state = .consoleKey
    case UInt8(ascii: "M") where bytes.count == 2 && strings.key(bytes + [byte]) == nil:
      report.begin()
      state = .mouseReport
    // rxvt's keys with shift end where other sequences continue.
    case UInt8(ascii: "$") where bytes.count > 2 && bytes[2...].allSatisfy({ 0x30...0x39 ~= $0 }):
      return endSequence(byte, &inputs)
    case 0x20..<0x40: if bytes.count < Self.mostKeptBytes { bytes.append(byte) }
    default: return endSequence(byte, &inputs)
    }
    if length >= Self.mostBytes { rest() }
  }

  private mutating func endSequence(_ final: UInt8, _ inputs: inout [DecodedInput]) {
    guard bytes.count < Self.mostKeptBytes else { return complete(nil, &inputs) }
    bytes.append(final)
    let sequence = ControlSequence(bytes)
    if sequence?.beginsPaste == true {
      if isDoubled { complete(nil, &inputs) }
      paste.begin()
      state = .paste
      return
    }
    // The answer to where the cursor is may look like a key of the terminal's description.
    let isKnown = final != UInt8(ascii: "R") || bytes.count == 3
    let key = isKnown ? strings.key(bytes) : nil
    complete(key.map(Input.key) ?? sequence?.input, &inputs)
  }

  mutating func consoleKey(_ byte: UInt8, _ inputs: inout [DecodedInput]) {
    if byte == Self.escapeByte { return beginEscape() }
    if byte == Self.redrawByte { return emit(.key(.control("l")), &inputs) }
    let isKey = UInt8(ascii: "A")...UInt8(ascii: "E") ~= byte
    complete(isKey ? .key(.function(Int(byte) - 0x40)) : nil, &inputs)
  }

  mutating func mouseReport(_ byte: UInt8, _ inputs: inout [DecodedInput]) {
    if byte == Self.escapeByte { return beginEscape() }
    switch report.take(byte) {
    case .more: break
    case .whole(let report): complete(report.event.map(Input.mouse), &inputs)
    case .wholeBefore(let report):
      complete(report.event.map(Input.mouse), &inputs)
      ground(byte, &inputs)
    }
  }

  // MARK: Strings and pastes

  mutating func string(_ byte: UInt8, endsWithBell: Bool) {
    length += 1
    switch byte {
    case Self.escapeByte:
      firstRead = read
      state = .stringEscape
    case 0x07 where endsWithBell: rest()
    case 0x18, 0x1A: rest()
    default: if length >= Self.mostBytes { rest() }
    }
  }

  mutating func stringEscape(_ byte: UInt8, _ inputs: inout [DecodedInput]) {
    switch byte {
    case UInt8(ascii: "\\"): rest()
    case Self.escapeByte: firstRead = read
    default:
      let begin = firstRead
      beginEscape()
      firstRead = begin
      escape(byte, &inputs)
    }
  }

  mutating func endPaste(_ inputs: inout [DecodedInput]) {
    emit(.paste(paste.text), &inputs)
    rest()
  }
}
