// A terminal in memory: enough of xterm to see what ncurses draws.

/// The picture a program has made on a terminal, and the modes it has set.
struct ScreenEmulator {
  private(set) var cursor = (column: 0, row: 0)
  private(set) var isCursorVisible = true
  private(set) var isAlternateScreen = false
  /// How often the alternate screen was entered.
  private(set) var alternateScreenCount = 0
  /// Private modes of mouse reporting that are on.
  private(set) var mouseModes: Set<Int> = []
  /// Whether the terminal marks where a paste begins and ends.
  private(set) var marksPastes = false
  /// Whether a colour was ever chosen; bold, underline and reverse are not colours.
  private(set) var hasSeenColor = false
  /// Whether text would come out plain: no attribute, no colour.
  private(set) var isPlain = true

  /// The deepest colours that were chosen: 8, 16, 256 or 16,777,216; 0: no colours.
  private(set) var colorDepth = 0
  /// What no program that draws has a reason to send: strings, reports, controls of 8 bits.
  private(set) var suspicions: Set<String> = []

  private var parser = ControlSequenceParser()
  private var grid: ScreenGrid
  /// What the main screen shows while the alternate one is up.
  private var mainGrid: ScreenGrid?
  private var savedCursor = (column: 0, row: 0)
  private var region: ClosedRange<Int>
  private var lastPrinted: Unicode.Scalar = " "
  /// The cursor stands behind the last column until the next character.
  private var isWrapPending = false

  init(columns: Int, rows: Int) {
    grid = ScreenGrid(columns: columns, rows: rows)
    region = 0...max(0, rows - 1)
  }

  var columns: Int { grid.columns }
  var rows: Int { grid.rows }
  /// The rows without the spaces at their ends.
  var lines: [String] { grid.lines }
  var text: String { lines.joined(separator: "\n") }

  /// Cuts or widens the picture, as xterm does.
  mutating func resize(columns: Int, rows: Int) {
    grid = grid.resized(columns: columns, rows: rows)
    mainGrid = mainGrid?.resized(columns: columns, rows: rows)
    region = 0...max(0, rows - 1)
    move(column: cursor.column, row: cursor.row)
  }

  mutating func feed(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      if let command = parser.command(after: byte) { perform(command) }
    }
  }

  private mutating func suspect(_ command: TerminalCommand) {
    switch command {
    case .string(let kind): suspicions.insert("a string, ESC \(Unicode.Scalar(kind))")
    case .control(let byte) where byte >= 0x80: suspicions.insert("the control \(byte)")
    case .print(let scalar):
      switch scalar.value {
      case 0x80..<0xA0, 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069:
        suspicions.insert("U+\(String(scalar.value, radix: 16))")
      default: break
      }
    // The Linux console's cursor.
    case .sequence(UInt8(ascii: "?"), _, UInt8(ascii: "c")): break
    // Saving and restoring the window's title is part of entering the screen.
    case .sequence(nil, [22, 0, 0], UInt8(ascii: "t")),
      .sequence(nil, [23, 0, 0], UInt8(ascii: "t")):
      break
    case .sequence(_, _, let final) where !"ABCDEFGHIJKLMPSTXZ@`abdefghlmr".utf8.contains(final):
      suspicions.insert("CSI \(Unicode.Scalar(final))")
    case .escape(_, UInt8(ascii: "c")): suspicions.insert("a reset")
    default: break
    }
  }

  private mutating func perform(_ command: TerminalCommand) {
    suspect(command)
    switch command {
    case .print(let scalar): print(scalar)
    case .control(let byte): control(byte)
    case .escape(nil, let final): escape(final)
    case .escape: break
    case .sequence(UInt8(ascii: "?"), let parameters, let final):
      for case let mode? in parameters { setMode(mode, final == UInt8(ascii: "h")) }
    case .sequence(nil, let parameters, let final): sequence(final, parameters)
    case .sequence, .string: break
    }
  }

  // MARK: Text

  private mutating func print(_ scalar: Unicode.Scalar) {
    lastPrinted = scalar
    let width = Self.width(scalar)
    guard width > 0 else {
      let last = isWrapPending ? cursor.column : cursor.column - 1
      return grid.combine(scalar, column: last, row: cursor.row)
    }
    if isWrapPending || cursor.column + width > columns {
      lineFeed()
      cursor.column = 0
    }
    grid.put(scalar, width: width, column: cursor.column, row: cursor.row)
    isWrapPending = cursor.column + width >= columns
    cursor.column = min(columns - 1, cursor.column + width)
  }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF,
      0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }

  // MARK: Moving and scrolling

  private mutating func move(column: Int, row: Int) {
    cursor = (min(max(0, column), columns - 1), min(max(0, row), rows - 1))
    isWrapPending = false
  }

  private mutating func control(_ byte: UInt8) {
    switch byte {
    case 0x08: move(column: cursor.column - 1, row: cursor.row)
    case 0x09: move(column: (cursor.column / 8 + 1) * 8, row: cursor.row)
    case 0x0A, 0x0B, 0x0C: lineFeed()
    case 0x0D: move(column: 0, row: cursor.row)
    default: break
    }
  }

  private mutating func lineFeed() {
    if cursor.row == region.upperBound {
      grid.scroll(region, by: 1)
      isWrapPending = false
    } else {
      move(column: cursor.column, row: cursor.row + 1)
    }
  }

  private mutating func escape(_ final: UInt8) {
    switch final {
    case UInt8(ascii: "7"): savedCursor = cursor
    case UInt8(ascii: "8"): move(column: savedCursor.column, row: savedCursor.row)
    case UInt8(ascii: "D"): lineFeed()
    case UInt8(ascii: "E"):
      lineFeed()
      cursor.column = 0
    case UInt8(ascii: "M"):
      if cursor.row == region.lowerBound {
        grid.scroll(region, by: -1)
      } else {
        move(column: cursor.column, row: cursor.row - 1)
      }
    case UInt8(ascii: "c"):
      let suspicions = suspicions
      self = ScreenEmulator(columns: columns, rows: rows)
      self.suspicions = suspicions
    default: break
    }
  }

  // MARK: Control sequences

  private mutating func sequence(_ final: UInt8, _ parameters: [Int?]) {
    /// A count or a position: left out or 0 means 1.
    func number(_ index: Int) -> Int {
      max(1, parameters.indices.contains(index) ? parameters[index] ?? 1 : 1)
    }
    let (column, row) = cursor
    switch Character(Unicode.Scalar(final)) {
    case "A": move(column: column, row: row - number(0))
    case "B", "e": move(column: column, row: row + number(0))
    case "C", "a": move(column: column + number(0), row: row)
    case "D": move(column: column - number(0), row: row)
    case "E": move(column: 0, row: row + number(0))
    case "F": move(column: 0, row: row - number(0))
    case "G", "`": move(column: number(0) - 1, row: row)
    case "d": move(column: column, row: number(0) - 1)
    case "H", "f": move(column: number(1) - 1, row: number(0) - 1)
    case "I": for _ in 0..<number(0) { control(0x09) }
    case "Z": move(column: max(0, (column - 1) / 8 * 8), row: row)
    case "J": eraseScreen(parameters.first.flatMap { $0 } ?? 0)
    case "K": eraseLine(parameters.first.flatMap { $0 } ?? 0)
    case "X": erase(row, column..<min(columns, column + number(0)))
    case "b": for _ in 0..<number(0) { print(lastPrinted) }
    case "@": grid.insertBlanks(number(0), column: column, row: row)
    case "P": grid.deleteCells(number(0), column: column, row: row)
    case "L": if region.contains(row) { grid.scroll(row...region.upperBound, by: -number(0)) }
    case "M": if region.contains(row) { grid.scroll(row...region.upperBound, by: number(0)) }
    case "S": grid.scroll(region, by: number(0))
    case "T": grid.scroll(region, by: -number(0))
    case "r": setRegion(number(0) - 1, (parameters.count > 1 ? parameters[1] : nil) ?? rows)
    case "m": noteStyle(parameters)
    default: break
    }
  }

  private mutating func setRegion(_ top: Int, _ bottom: Int) {
    guard top < bottom, bottom <= rows else { return }
    region = top...(bottom - 1)
    move(column: 0, row: 0)
  }

  private mutating func erase(_ row: Int, _ range: Range<Int>) {
    grid.erase(row, range)
    isWrapPending = false
  }

  private mutating func eraseLine(_ part: Int) {
    switch part {
    case 0: erase(cursor.row, cursor.column..<columns)
    case 1: erase(cursor.row, 0..<cursor.column + 1)
    default: erase(cursor.row, 0..<columns)
    }
  }

  private mutating func eraseScreen(_ part: Int) {
    if part < 2 { eraseLine(part) }
    let others = part == 0 ? cursor.row + 1..<rows : 0..<(part == 1 ? cursor.row : rows)
    for row in others { erase(row, 0..<columns) }
  }

  private mutating func noteStyle(_ parameters: [Int?]) {
    noteDepth(parameters.map { $0 ?? 0 })
    for parameter in parameters.isEmpty ? [nil] : parameters {
      switch parameter ?? 0 {
      case 0: isPlain = true
      case 30...38, 40...48, 90...97, 100...107: (isPlain, hasSeenColor) = (false, true)
      case 1...9: isPlain = false
      default: break
      }
    }
  }

  private mutating func noteDepth(_ parameters: [Int]) {
    var rest = parameters[...]
    while let parameter = rest.popFirst() {
      switch parameter {
      case 30...37, 40...47: colorDepth = max(colorDepth, 8)
      case 90...97, 100...107: colorDepth = max(colorDepth, 16)
      case 38, 48:
        let isDirect = rest.first == 2
        colorDepth = max(colorDepth, isDirect ? 1 << 24 : 256)
        rest = rest.dropFirst(isDirect ? 4 : 2)
      default: break
      }
    }
  }

  private mutating func setMode(_ mode: Int, _ isOn: Bool) {
    switch mode {
    case 25: isCursorVisible = isOn
    case 1000, 1002, 1003, 1006:
      if isOn { mouseModes.insert(mode) } else { mouseModes.remove(mode) }
    case 2004: marksPastes = isOn
    case 47, 1047, 1049: setAlternateScreen(isOn)
    default: break
    }
  }

  private mutating func setAlternateScreen(_ isOn: Bool) {
    guard isOn != isAlternateScreen else { return }
    isAlternateScreen = isOn
    if isOn {
      alternateScreenCount += 1
      savedCursor = cursor
      mainGrid = grid
      grid = ScreenGrid(columns: columns, rows: rows)
    } else {
      grid = mainGrid ?? grid
      mainGrid = nil
      move(column: savedCursor.column, row: savedCursor.row)
    }
  }
}
