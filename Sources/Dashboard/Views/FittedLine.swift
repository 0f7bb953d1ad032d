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

  /// The items as they are shown in so many columns, in their order: the most important ones, in
  /// full as far as there is room.
  func fitting(_ columns: Int) -> [Item] {
    var shown = [Item?](repeating: nil, count: items.count)
    let byImportance = items.indices.sorted { items[$0].importance > items[$1].importance }
    let fits = { (shown: [Item?]) in Self.width(shown.compactMap { $0 }) <= columns }
    for index in byImportance {
      shown[index] = items[index]
      if let short = items[index].short { shown[index]?.pieces = short }
      // The most important one stands in any case.
      if !fits(shown), index != byImportance.first { shown[index] = nil }
    }
    for index in byImportance where shown[index] != nil && items[index].short != nil {
      let short = shown[index]
      shown[index] = items[index]
      if !fits(shown) { shown[index] = short }
    }
    return shown.compactMap { $0 }
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
