// What becomes of the room of hidden panels: their neighbours get it.
import TerminalUI

/// Panels that keys have taken off the screen.
struct HiddenPanels {
  private let kinds: Set<DashboardModel.PanelKind>

  init(_ kinds: Set<DashboardModel.PanelKind>) { self.kinds = kinds }

  /// The places of the other panels, which together fill what all of them filled.
  func closed(_ places: [PanelLayout.Place]) -> [PanelLayout.Place] {
    guard !kinds.isEmpty else { return places }
    var places = places
    while places.count > 1, let index = places.firstIndex(where: { kinds.contains($0.panel) }) {
      let hole = places.remove(at: index).rect
      for side in Side.allCases where fill(hole, from: side, &places) { break }
    }
    return places
  }

  /// Where the panels stand that grow into a hole: above or below it before beside it, so that columns
  /// keep their widths.
  private enum Side: CaseIterable {
    case below, above, left, right

    /// Whether a rectangle borders on a hole there.
    func touches(_ rect: Rect, _ hole: Rect) -> Bool {
      switch self {
      case .below: rect.top == hole.bottom
      case .above: rect.bottom == hole.top
      case .left: rect.right == hole.left
      case .right: rect.left == hole.right
      }
    }

    /// The part of the border that a rectangle has.
    func span(_ rect: Rect) -> Range<Int> {
      switch self {
      case .below, .above: rect.left..<rect.right
      case .left, .right: rect.top..<rect.bottom
      }
    }

    /// The rectangle grown over the hole.
    func grown(_ rect: Rect, over hole: Rect) -> Rect {
      switch self {
      case .below:
        Rect(
          column: rect.left, row: hole.top, columns: rect.columns, rows: rect.rows + hole.rows)
      case .above:
        Rect(
          column: rect.left, row: rect.top, columns: rect.columns, rows: rect.rows + hole.rows)
      case .left:
        Rect(
          column: rect.left, row: rect.top, columns: rect.columns + hole.columns, rows: rect.rows)
      case .right:
        Rect(
          column: hole.left, row: rect.top, columns: rect.columns + hole.columns, rows: rect.rows)
      }
    }
  }

  /// Lets the panels on a side grow into the hole; false if they do not border on all of that side, and
  /// on nothing else.
  ///
  /// Places come from splitting rectangles again and again, so there is such a side to each of them.
  private func fill(_ hole: Rect, from side: Side, _ places: inout [PanelLayout.Place]) -> Bool {
    let neighbours = places.indices.filter { index in
      let rect = places[index].rect
      return side.touches(rect, hole) && side.span(rect).overlaps(side.span(hole))
    }
    let spans = neighbours.map { side.span(places[$0].rect) }
    guard spans.allSatisfy({ $0.clamped(to: side.span(hole)) == $0 }),
      spans.reduce(0, { $0 + $1.count }) == side.span(hole).count
    else { return false }
    for index in neighbours { places[index].rect = side.grown(places[index].rect, over: hole) }
    return true
  }
}
