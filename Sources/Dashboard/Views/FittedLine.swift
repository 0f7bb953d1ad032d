// A line of figures that gives up the least important ones when there is too little room.
import TerminalUI

/// Items side by side, two columns apart.
struct FittedLine {
  struct Item {
    var pieces: [TextLine.Piece]
    /// A shorter wording, for when not all fit.
    var short: [TextLine.Piece]?
    /// Items with a lower importance vanish first.
    var importance: Int

    init(_ pieces: [TextLine.Piece], short: [TextLine.Piece]? = nil, importance: Int) {
      self.pieces = pieces
      self.short = short
      self.importance = importance
    }

    fileprivate var width: Int { TextLine(pieces).width }
  }

  var items: [Item]
  static let gap = 2

  /// The items as they are shown in so many columns: all in full, then shortened, then fewer.
  func fitting(_ columns: Int) -> [Item] {
    guard Self.width(items) > columns else { return items }
    var shown = items
    // Shortened from the least important up, as far as needed.
    for index in shown.indices.sorted(by: { shown[$0].importance < shown[$1].importance }) {
      guard let short = shown[index].short else { continue }
      shown[index].pieces = short
      if Self.width(shown) <= columns { return shown }
    }
    while shown.count > 1, Self.width(shown) > columns,
      let least = shown.indices.min(by: { shown[$0].importance < shown[$1].importance })
    {
      shown.remove(at: least)
    }
    return shown
  }

  static func width(_ items: [Item]) -> Int {
    items.map(\.width).reduce(gap * max(0, items.count - 1), +)
  }

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    var pieces: [TextLine.Piece] = []
    for item in fitting(rect.columns) {
      if !pieces.isEmpty { pieces.append(.init(String(repeating: " ", count: Self.gap))) }
      pieces += item.pieces
    }
    TextLine(pieces).draw(in: rect, into: &buffer, look)
  }
}
