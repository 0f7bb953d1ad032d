// What a program writes to a terminal, cut into characters and commands.

/// One command to a terminal.
enum TerminalCommand: Equatable {
  case print(Unicode.Scalar)
  /// A C0 control such as a line feed.
  case control(UInt8)
  /// ESC, perhaps an intermediate byte, a final byte: charsets, save and restore, reset.
  case escape(intermediate: UInt8?, final: UInt8)
  /// CSI: perhaps a private marker such as "?", numbers (nil if left out), a final byte.
  case sequence(marker: UInt8?, parameters: [Int?], final: UInt8)
  /// The start of an OSC, DCS, APC, PM or SOS, whose rest is skipped; the byte after ESC.
  case string(UInt8)
}

/// A small state machine after ECMA-48; strings (OSC, DCS) are skipped.
struct ControlSequenceParser {
  private enum State {
    case ground, escape, sequence, string, stringEscape
  }

  private var state = State.ground
  private var intermediate: UInt8?
  private var marker: UInt8?
  private var parameters: [Int?] = []
  private var scalarBytes: [UInt8] = []

  /// The commands that are complete with this byte: none or one.
  mutating func command(after byte: UInt8) -> TerminalCommand? {
    switch state {
    case .ground: return ground(byte)
    case .escape: return escape(byte)
    case .sequence: return sequence(byte)
    case .string:
      if byte == 0x07 { state = .ground } else if byte == 0x1B { state = .stringEscape }
      return nil
    case .stringEscape:
      state = byte == 0x5C ? .ground : .string
      return nil
    }
  }

  private mutating func ground(_ byte: UInt8) -> TerminalCommand? {
    if byte == 0x1B {
      (state, intermediate) = (.escape, nil)
      return nil
    }
    // Outside of a character, the upper half are controls of 8 bits.
    let isContinuation = byte & 0xC0 == 0x80
    if byte < 0x20 || byte == 0x7F || isContinuation && scalarBytes.isEmpty {
      return .control(byte)
    }
    return decoded(byte).map { .print($0) }
  }

  /// Collects the bytes of one UTF-8 scalar; a broken one becomes U+FFFD.
  private mutating func decoded(_ byte: UInt8) -> Unicode.Scalar? {
    if byte & 0xC0 != 0x80 { scalarBytes.removeAll() }
    scalarBytes.append(byte)
    let length =
      switch scalarBytes[0] {
      case 0xC2...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF4: 4
      default: 1
      }
    guard scalarBytes.count == length else { return nil }
    defer { scalarBytes.removeAll() }
    return String(decoding: scalarBytes, as: UTF8.self).unicodeScalars.first
  }

  private mutating func escape(_ byte: UInt8) -> TerminalCommand? {
    switch byte {
    case UInt8(ascii: "["):
      (state, marker, parameters) = (.sequence, nil, [])
      return nil
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"),
      UInt8(ascii: "X"), UInt8(ascii: "k"):
      state = .string
      return .string(byte)
    case 0x20...0x2F:
      intermediate = byte
      return nil
    default:
      state = .ground
      return .escape(intermediate: intermediate, final: byte)
    }
  }

  private mutating func sequence(_ byte: UInt8) -> TerminalCommand? {
    switch byte {
    case 0x30...0x39:
      if parameters.isEmpty { parameters = [nil] }
      let digit = Int(byte) - 0x30
      parameters[parameters.count - 1] = (parameters[parameters.count - 1] ?? 0) * 10 + digit
      return nil
    case UInt8(ascii: ";"), UInt8(ascii: ":"):
      if parameters.isEmpty { parameters = [nil] }
      parameters.append(nil)
      return nil
    case 0x3C...0x3F:
      marker = byte
      return nil
    case 0x40...0x7E:
      state = .ground
      return .sequence(marker: marker, parameters: parameters, final: byte)
    default:
      return nil
    }
  }
}
