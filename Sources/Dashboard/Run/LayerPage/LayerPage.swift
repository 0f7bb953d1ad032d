// The page of one layer: its norms now and over time, its largest units, its figures.
import RunHistory
import TerminalUI

/// Everything there is to know about a layer; on small screens the panel in focus has its place.
struct LayerPage {
  let model: DashboardModel
  let layer: LayerState

  typealias Place = (panel: PagePanel, rect: Rect)

  func draw(in body: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let (places, words) = places(in: body)
    for (panel, rect) in places {
      panel.description.draw(model, layer, rect, &buffer, look)
    }
    if let words {
      ExplanationPanel(model: model, layer: layer).draw(in: words, into: &buffer, look)
    }
  }

  // MARK: Layout

  private var focus: PagePanel { model.pageFocus(of: layer) }
  private var hasGates: Bool { GateNorms.hasGates(layer.header) }

  /// Which panel stands where, and where the explanation in full, if there is room.
  func places(in body: Rect) -> (panels: [Place], words: Rect?) {
    if model.layout.isPageMaximized { return ([(focus, body)], nil) }
    guard body.columns >= 70, body.rows >= 15 else { return (small(body), nil) }
    if body.columns >= 160, body.rows >= 34 { return large(body) }
    let (left, right) = parts(of: body)
    return (charts(left) + figures(right), nil)
  }

  /// The first column right of the border between charts and figures; nil without such a border.
  func border(in body: Rect) -> Int? {
    guard body.columns >= 70, body.rows >= 15, !model.layout.isPageMaximized else { return nil }
    return parts(of: body).right.left
  }

  private func parts(of body: Rect) -> (left: Rect, right: Rect) {
    let isLarge = body.columns >= 160 && body.rows >= 34
    let usual =
      isLarge
      ? min(64, max(48, body.columns / 4)) : min(48, max(32, body.columns * 2 / 5))
    let (left, right) = body.splitRight(model.layout.right(of: body.columns, usual: usual))
    return (left, right)
  }

  /// One chart, and the figures below it.
  private func small(_ body: Rect) -> [Place] {
    let upper = focus == .numbers ? .overTime : focus
    let rows = body.splitTop(min(body.rows, max(6, body.rows * 11 / 20)))
    return [(upper, rows.top), (.numbers, rows.rest)]
  }

  /// As many charts as have room one below the other, the one in focus among them.
  private func charts(_ column: Rect) -> [Place] {
    var panels: [PagePanel] = [.overTime, hasGates ? .gates : .histogram]
    if column.rows >= 30 { panels.insert(.quantiles, at: 1) }
    if !panels.contains(focus), focus != .numbers, focus != .largest {
      panels[panels.count - 1] = focus
    }
    let weights = panels.map { $0 == .overTime ? 11 : 9 }
    return zip(panels, column.rows(weights: weights)).map { ($0, $1) }
  }

  /// The figures take the rows that the largest units leave; in focus, either has all the room.
  private func figures(_ column: Rect) -> [Place] {
    let wanted = LayerNumbersPanel(model: model, layer: layer).wantedRows
    let least = focus == .numbers ? 0 : focus == .largest ? column.rows * 3 / 5 : 6
    let (numbers, largest) = column.splitTop(min(wanted, column.rows - least))
    let isWhole = largest.rows < 4
    return isWhole ? [(.numbers, column)] : [(.numbers, numbers), (.largest, largest)]
  }

  private func large(_ body: Rect) -> (panels: [Place], words: Rect?) {
    let (rest, right) = parts(of: body)
    let (left, middle) = rest.splitLeft(rest.columns * 3 / 5)
    // Panels without a fixed place stand between charts and figures.
    let placed: [PagePanel] = [.overTime, .quantiles, .numbers, .suggestion, .largest]
    let lines = model.pagePanels(of: layer).filter { !placed.contains($0) }
    let (upper, lower) = left.splitTop((body.rows * 9 + 8) / 16)
    var places: [Place] = [(.overTime, upper), (.quantiles, lower)]
    places += zip(lines, middle.rows(weights: lines.map { _ in 1 })).map { ($0, $1) }
    let wanted = LayerNumbersPanel(model: model, layer: layer).wantedRows
    let (numbers, below) = right.splitTop(wanted)
    let (suggestion, others) = below.splitTop(SuggestionPanel.wantedRows)
    let free = others.rows - 6
    let (units, words) = others.splitBottom(free >= 6 ? min(12, free) : 0)
    places += [(.numbers, numbers), (.suggestion, suggestion), (.largest, units)]
    return (places, words.isEmpty ? nil : words)
  }
}

extension DashboardModel {
  /// Words in the middle of a panel that has nothing to show.
  func drawEmpty(
    _ text: String, in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    let place = rect.centered(Size(columns: DisplayWidth.of(text), rows: 1))
    buffer.write(
      text, at: place.origin, style: look.style(.mutedText), maxWidth: place.columns,
      ellipsis: look.glyphs.ellipsis)
  }
}
