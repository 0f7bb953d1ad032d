// What a program wrote to its console, as lines: text alone, and nothing that controls a terminal.
import PlainText

/// The last lines of a console.
package struct ConsoleLines: Sendable, Equatable {
  /// Each safe to draw; the last may still be written on.
  package var lines: [String]
  /// How many lines came before the first of them and are no longer kept.
  package var dropped: Int

  package init(_ lines: [String], dropped: Int = 0) {
    self.lines = lines
    self.dropped = dropped
  }
}

/// Takes bytes as a terminal does, and keeps the last lines of what they show.
///
/// Carriage returns, backspaces and the sequences by which progress bars move do what they do on a
/// terminal, within the last rows. All other control sequences and strings (ECMA-48) are skipped up to
/// their ends, invalid UTF-8 becomes U+FFFD, and what `ScreenText` forbids is removed. Memory is bounded,
/// whatever comes.
package struct ConsoleText: Sendable {
  /// The oldest lines beyond this many are dropped.
  package static let mostLines = 1000
  /// What comes after this many characters of a line is left out.
  package static let longestLine = 2000
  /// The rows at the end that the cursor can move in.
  static let reach = 50
  private static let tabStop = 8

  private enum State: Equatable {
    case ground, character, escape
    /// Behind ESC and an intermediate: one more byte belongs to it.
    case escapeIntermediate
    /// Behind `ESC [`.
    case sequence
    /// Within OSC, DCS, APC, PM or SOS; OSC ends with BEL or its line as well.
    case string(isOperatingSystemCommand: Bool)
    /// Behind an ESC within a string.
    case stringEscape
  }

  private var state = State.ground
  private var characters = UTF8Assembler()
  /// The bytes of a sequence from its ESC on, and how many bytes of a string there were.
  private var sequence: [UInt8] = []
  private var length = 0
  /// Lines that the cursor can no longer reach.
  private var settled: [String] = []
  private var dropped = 0
  private var rows: [[Unicode.Scalar]] = [[]]
  private var row = 0
  private var column = 0

  package init() {}

  /// What is kept of all that was written.
  package var lines: ConsoleLines {
    var last = rows
    // The line that the cursor waits in counts once something is written in it.
    if last.last?.isEmpty == true { last.removeLast() }
    let all = settled + last.map(Self.text)
    let excess = max(0, all.count - Self.mostLines)
    return ConsoleLines(Array(all.dropFirst(excess)), dropped: dropped + excess)
  }

  package mutating func take(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { take(byte) }
  }

  private static func text(_ row: [Unicode.Scalar]) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: row)
    return String(view)
  }

  // MARK: Bytes

  private mutating func take(_ byte: UInt8) {
    switch state {
    case .ground: ground(byte)
    case .character: character(byte)
    case .escape: escape(byte)
    case .escapeIntermediate:
      if !(0x20...0x2F ~= byte) { state = .ground }
      if byte < 0x20 { ground(byte) }
    case .sequence: continueSequence(byte)
    case .string(let isCommand): string(byte, isCommand)
    case .stringEscape:
      // ST, or the beginning of something else.
      state = .ground
      if byte != UInt8(ascii: "\\") { escape(byte) }
    }
  }

  private mutating func ground(_ byte: UInt8) {
    switch byte {
    case InputDecoder.escapeByte: state = .escape
    case 0x08: column = max(0, column - 1)
    case 0x09: column = min(Self.longestLine, (column / Self.tabStop + 1) * Self.tabStop)
    case 0x0A...0x0C: beginLine()
    case 0x0D: column = 0
    case 0x20..<0x7F: put(Unicode.Scalar(byte))
    case 0..<0x80: break
    default: if characters.begin(byte) { state = .character } else { put("\u{FFFD}") }
    }
  }

  private mutating func character(_ byte: UInt8) {
    switch characters.take(byte) {
    case .more: break
    case .broken:
      state = .ground
      put("\u{FFFD}")
      ground(byte)
    case .whole(let scalar):
      state = .ground
      switch scalar.value {
      case 0x9B: beginSequence()
      case 0x9D: beginString(isCommand: true)
      case 0x90, 0x98, 0x9E, 0x9F: beginString(isCommand: false)
      default: put(scalar)
      }
    }
  }

  private mutating func escape(_ byte: UInt8) {
    state = .ground
    switch byte {
    case UInt8(ascii: "["): beginSequence()
    case UInt8(ascii: "]"): beginString(isCommand: true)
    case UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"), UInt8(ascii: "X"):
      beginString(isCommand: false)
    case 0x20...0x2F: state = .escapeIntermediate
    case 0..<0x20, 0x80...: ground(byte)
    default: break
    }
  }

  private mutating func beginSequence() {
    state = .sequence
    sequence = [InputDecoder.escapeByte, UInt8(ascii: "[")]
  }

  private mutating func continueSequence(_ byte: UInt8) {
    switch byte {
    case 0x20...0x3F:
      // No sequence that moves the cursor is as long as that.
      if sequence.count < InputDecoder.mostKeptBytes { sequence.append(byte) }
    case 0x40...0x7E:
      state = .ground
      if sequence.count < InputDecoder.mostKeptBytes { obey(sequence + [byte]) }
    default:
      state = .ground
      ground(byte)
    }
  }

  private mutating func beginString(isCommand: Bool) {
    state = .string(isOperatingSystemCommand: isCommand)
    length = 0
  }

  private mutating func string(_ byte: UInt8, _ isCommand: Bool) {
    length += 1
    switch byte {
    case InputDecoder.escapeByte: state = .stringEscape
    case 0x07 where isCommand, 0x18, 0x1A: state = .ground
    // One without an end must not swallow everything after it.
    case 0x0A where isCommand:
      state = .ground
      beginLine()
    default: if length >= InputDecoder.mostBytes { state = .ground }
    }
  }

  // MARK: Rows

  private mutating func put(_ scalar: Unicode.Scalar) {
    guard column < Self.longestLine, !ScreenText.isForbidden(scalar) else { return }
    if column < rows[row].count {
      rows[row][column] = scalar
    } else {
      while rows[row].count < column { rows[row].append(" ") }
      rows[row].append(scalar)
    }
    column += 1
  }

  private mutating func beginLine() {
    column = 0
    row += 1
    guard row == rows.count else { return }
    rows.append([])
    guard rows.count > Self.reach else { return }
    settled.append(Self.text(rows.removeFirst()))
    row -= 1
    // Many at once: dropping one costs as much as dropping all.
    guard settled.count >= 2 * Self.mostLines else { return }
    settled.removeFirst(Self.mostLines)
    dropped += Self.mostLines
  }

  /// Moves the cursor or erases in its line; other sequences do nothing here.
  private mutating func obey(_ bytes: [UInt8]) {
    guard let sequence = ControlSequence(bytes), sequence.mark == nil,
      sequence.intermediates.isEmpty
    else { return }
    let count = max(1, sequence.number(0) ?? 1)
    switch Character(Unicode.Scalar(sequence.final)) {
    case "A": row = max(0, row - count)
    case "B": row = min(rows.count - 1, row + count)
    case "C": column = min(Self.longestLine, column + count)
    case "D": column = max(0, column - count)
    case "E": (row, column) = (min(rows.count - 1, row + count), 0)
    case "F": (row, column) = (max(0, row - count), 0)
    case "G": column = min(Self.longestLine, count - 1)
    case "K": erase(sequence.number(0) ?? 0)
    default: break
    }
  }

  private mutating func erase(_ part: Int) {
    let end = min(column, rows[row].count)
    switch part {
    case 0: rows[row].removeSubrange(end...)
    case 1: for index in 0..<end { rows[row][index] = " " }
    case 2: rows[row] = []
    default: break
    }
  }
}
