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
    /// How much the longer wording is worth: 0, less than any other item.
    var fullImportance: Int

    init(
      _ pieces: [TextLine.Piece], short: [TextLine.Piece]? = nil, importance: Int,
      fullImportance: Int = 0
    ) {
      self.pieces = pieces
      self.short = short
      self.importance = importance
      self.fullImportance = fullImportance
    }

    fileprivate var width: Int { TextLine(pieces).width }
  }

  var items: [Item]
  static let gap = 2

  /// The items as shown in `columns` columns, in their order: the most important ones, in full
  /// where there is room.
  func fitting(_ columns: Int) -> [Item] {
    var shown = [Item?](repeating: nil, count: items.count)
    let importances = Set(items.map(\.importance) + items.map(\.fullImportance))
    for importance in importances.sorted(by: >) {
      for (index, item) in items.enumerated() where item.importance == importance {
        shown[index] = item
        if let short = item.short { shown[index]?.pieces = short }
        // The most important one stands in any case.
        let isOnly = shown.count { $0 != nil } == 1
        if Self.width(shown.compactMap { $0 }) > columns, !isOnly { shown[index] = nil }
      }
      for (index, item) in items.enumerated()
      where item.short != nil && item.fullImportance == importance {
        guard let short = shown[index] else { continue }
        shown[index] = item
        if Self.width(shown.compactMap { $0 }) > columns { shown[index] = short }
      }
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
