// Drawing finer than cells: eight dots to a cell, shown as braille or as plain characters.

/// A grid of dots, two columns and four rows in each cell; a cell has one style.
package struct Canvas: Sendable {
  package let size: Size
  /// Eight bits a cell: bit `row * 2 + column`.
  private var masks: [UInt8]
  /// Which style a cell has, as an index into `styles`: that of the last dot.
  private var owners: [UInt8]
  /// The owner before the last one, where there was another.
  private var formerOwners: [UInt8]
  private var styles: [Style]
  /// Which layer a cell's dots belong to.
  private var layers: [UInt8]
  private var layer: UInt8 = 0

  package init(size: Size) {
    self.size = size
    masks = Array(repeating: 0, count: size.area)
    owners = Array(repeating: 0, count: size.area)
    formerOwners = Array(repeating: 0, count: size.area)
    styles = []
    layers = Array(repeating: 0, count: size.area)
  }

  /// Dot columns and rows.
  package var dotColumns: Int { size.columns * 2 }
  package var dotRows: Int { size.rows * 4 }

  /// A pen for the following calls; at most 255.
  package mutating func pen(_ style: Style) -> UInt8 {
    if let index = styles.firstIndex(of: style) { return UInt8(index) }
    guard styles.count < 255 else { return 254 }
    styles.append(style)
    return UInt8(styles.count - 1)
  }

  /// What is drawn from now on hides, cell by cell, what was drawn before.
  ///
  /// So a thin line stays thin where it crosses a band, since a cell has but one colour.
  package mutating func beginLayer() {
    layer &+= 1
  }

  /// Sets a dot, row 0 at the top, and gives its cell the pen's style; outside nothing happens.
  package mutating func dot(column: Int, row: Int, pen: UInt8) {
    guard column >= 0, row >= 0, column < dotColumns, row < dotRows else { return }
    let index = (row >> 2) * size.columns + column >> 1
    if layers[index] != layer {
      layers[index] = layer
      masks[index] = 0
    }
    if masks[index] == 0 {
      formerOwners[index] = pen
    } else if owners[index] != pen {
      formerOwners[index] = owners[index]
    }
    masks[index] |= 1 << UInt8((row & 3) * 2 + column & 1)
    owners[index] = pen
  }

  /// A vertical line of dots, both ends included.
  package mutating func column(_ column: Int, from first: Int, to last: Int, pen: UInt8) {
    let low = max(0, min(first, last))
    let high = min(dotRows - 1, max(first, last))
    guard low <= high else { return }
    for row in low...high { dot(column: column, row: row, pen: pen) }
  }

  /// A line between two dots, drawn where the pattern lets it.
  ///
  /// Both ends are held inside the canvas, so that no line takes longer than the canvas is large.
  package mutating func line(
    from start: (column: Int, row: Int), to end: (column: Int, row: Int), pen: UInt8,
    mark: LineMark = .solid
  ) {
    guard dotColumns > 0, dotRows > 0 else { return }
    var column = min(dotColumns - 1, max(0, start.column))
    var row = min(dotRows - 1, max(0, start.row))
    let lastColumn = min(dotColumns - 1, max(0, end.column))
    let lastRow = min(dotRows - 1, max(0, end.row))
    let columns = abs(lastColumn - column)
    let rows = -abs(lastRow - row)
    var error = columns + rows
    while true {
      if mark.isDrawn(column: column, row: row) { dot(column: column, row: row, pen: pen) }
      if column == lastColumn, row == lastRow { return }
      let doubled = 2 * error
      if doubled >= rows {
        error += rows
        column += column < lastColumn ? 1 : -1
      }
      if doubled <= columns {
        error += columns
        row += row < lastRow ? 1 : -1
      }
    }
  }

  /// Whether a cell has a dot of the layer drawn last.
  package func isInked(column: Int, row: Int) -> Bool {
    guard column >= 0, row >= 0, column < size.columns, row < size.rows else { return false }
    let index = row * size.columns + column
    return masks[index] != 0 && layers[index] == layer
  }

  /// Draws the cells that have dots; the others keep what stands there.
  ///
  /// With `alternates`, cells that two pens share take turns, so that a line under another one is
  /// still seen. With a `texture`, that glyph stands for any dots below the layer drawn last.
  package func draw(
    at origin: Point, into buffer: inout CellBuffer, glyphs: GlyphSet, alternates: Bool = false,
    texture: Unicode.Scalar? = nil
  ) {
    for row in 0..<size.rows {
      for column in 0..<size.columns {
        let index = row * size.columns + column
        guard masks[index] != 0 else { continue }
        let dots = glyphs.isUnicode ? Self.braille(masks[index]) : Self.plain(masks[index])
        let scalar = layers[index] == layer ? dots : texture ?? dots
        let owner = alternates && column & 1 == 0 ? formerOwners[index] : owners[index]
        buffer.put(
          Glyph(scalar), at: origin.offset(columns: column, rows: row),
          style: styles[Int(owner)])
      }
    }
  }

  /// Braille counts its dots down the columns, the fourth row having come later.
  private static func braille(_ mask: UInt8) -> Unicode.Scalar {
    brailleTable[Int(mask)]
  }

  private static let brailleTable: [Unicode.Scalar] = (0...255).map { mask in
    let bits: [UInt32] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
    var value: UInt32 = 0x2800
    for (bit, braille) in bits.enumerated() where mask >> bit & 1 == 1 { value += braille }
    return Unicode.Scalar(value) ?? " "
  }

  /// A character with its ink about where the dots are, flat (' -) or steep (/ \ |).
  private static func plain(_ mask: UInt8) -> Unicode.Scalar {
    let rows = (0..<4).filter { mask >> ($0 * 2) & 3 != 0 }
    guard let top = rows.first, let bottom = rows.last else { return " " }
    if bottom - top >= 2 {
      let left = (0..<4).filter { mask >> ($0 * 2) & 1 != 0 }
      let right = (0..<4).filter { mask >> ($0 * 2) & 2 != 0 }
      guard let leftTop = left.first, let rightTop = right.first, let leftEnd = left.last,
        let rightEnd = right.last
      else { return "|" }
      if leftTop < rightTop, leftEnd < rightEnd { return "\\" }
      return leftTop > rightTop && leftEnd > rightEnd ? "/" : "|"
    }
    switch top + bottom {
    case 0, 1: return "'"
    case 2, 3, 4: return "-"
    default: return "."
    }
  }
}

/// How a line is drawn, so that lines can be distinguished without colour.
package enum LineMark: Hashable, Sendable {
  case solid, dashed, dotted

  func isDrawn(column: Int, row: Int) -> Bool {
    switch self {
    case .solid: true
    case .dashed: (column >> 1) % 3 != 2
    case .dotted: (column >> 1).isMultiple(of: 2)
    }
  }
}
