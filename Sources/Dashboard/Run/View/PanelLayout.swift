// Which panels stand where: by the size of the screen, what there is to show, and the focus.
import RunHistory
import RunRecords
import TerminalUI

/// Shares the body of the screen out among the panels.
///
/// Loss and norms always stand; what the task has to show gets room beside the loss, and the focused
/// panel takes that room where it would not be seen otherwise.
struct PanelLayout {
  let model: DashboardModel

  typealias Kind = DashboardModel.PanelKind
  typealias Place = (panel: Kind, rect: Rect)

  func places(in body: Rect) -> [Place] {
    HiddenPanels(model.layout.hidden.subtracting(model.shownPanels)).closed(arranged(in: body))
  }

  /// Where panels would stand if none were hidden whose place is fixed.
  private func arranged(in body: Rect) -> [Place] {
    if model.layout.isMaximized { return [(model.focus, body)] }
    // Before the first record there is nothing else to see.
    if model.segment == nil, model.shownPanels.contains(.console) { return [(.console, body)] }
    switch model.arrangement {
    case .loss: return losses(body)
    case .everything: return everything(body)
    case .presentation: return presentation(body)
    case .standard, .norms: break
    }
    if body.columns < 70 { return stacked(body) }
    // Without layers all the room is for what there is.
    if !hasLayers { return everything(body) }
    if model.arrangement == .norms { return body.rows < 15 ? pair(body) : norms(body) }
    if body.rows < 15 { return pair(body) }
    if body.columns >= 160 { return body.rows >= 34 ? large(body) : wide(body) }
    let (whole, right) = parts(of: body)
    let (left, console) = withConsole(whole)
    let second = second(beside: right)
    let top = topRows(left.rows, below: second)
    let (loss, other) = left.splitTop(top)
    return [(.loss, loss), (second, other)] + console + column(right, alignedTo: top, second)
  }

  // MARK: Left and right

  /// The first column right of the border between left and right; nil without such a border.
  func border(in body: Rect) -> Int? {
    guard let border = usualBorder(in: body) else { return nil }
    // Hidden panels may have left one side alone.
    return places(in: body).contains { $0.rect.left == border } ? border : nil
  }

  private func usualBorder(in body: Rect) -> Int? {
    guard body.columns >= 70, !model.layout.isMaximized else { return nil }
    switch model.arrangement {
    case .loss, .everything: return nil
    case .standard, .norms: return hasLayers ? parts(of: body).right.left : nil
    case .presentation: return model.arrangedPanels.count > 1 ? parts(of: body).right.left : nil
    }
  }

  private var hasLayers: Bool { model.panels.contains(.norms) }

  /// What lies left and right of the border, where there is one.
  func parts(of body: Rect) -> (left: Rect, right: Rect) {
    let usual =
      switch model.arrangement {
      case .presentation: body.columns / 2
      case .norms: min(100, max(30, body.columns * 2 / 5))
      case .standard, .loss, .everything:
        if body.rows < 15 {
          max(30, body.columns * 2 / 5)
        } else if body.columns >= 160 {
          min(64, max(44, body.columns / 4))
        } else {
          min(44, max(30, body.columns / 3))
        }
      }
    let (left, right) = body.splitRight(model.layout.right(of: body.columns, usual: usual))
    return (left, right)
  }

  /// What the task has to show in a panel to itself, beside a right column; tables that fit into
  /// the column stand there.
  private func taskPanels(beside column: Rect) -> [Kind] {
    model.shownPanels.filter { $0.showsSamples && !($0 == .table && hasTable(column)) }
  }

  /// Whether the tables stand in the right column: those that it does not have to cut.
  private func hasTable(_ column: Rect) -> Bool {
    model.shownPanels.contains(.table) && TablePanel(model: model).wantedColumns <= column.columns
  }

  private static let consoleRows = 7

  /// Whether the console has its own place below the left column.
  private func hasConsole(in rows: Int) -> Bool {
    rows >= 28 && model.shownPanels.contains(.console)
  }

  /// Gives the console its place, if it has one.
  private func withConsole(_ left: Rect) -> (rest: Rect, console: [Place]) {
    guard hasConsole(in: left.rows) else { return (left, []) }
    let (rest, console) = left.splitBottom(Self.consoleRows)
    return (rest, [(.console, console)])
  }

  /// What stands beside the loss: the focused panel if it has no other place, else the task's, else
  /// the norms over time.
  ///
  /// Confusions are to classes what the norms over time are to the ceiling; the ceiling is what
  /// this program is about, so confusions wait for a key, or for a large screen.
  private func second(beside column: Rect) -> Kind {
    let hasPlace =
      [.loss, .norms, .clipping].contains(model.focus)
      || model.focus == .table && hasTable(column)
      || model.focus == .gradient && hasGradient(column)
      || model.focus == .console && hasConsole(in: column.rows)
    guard hasPlace else { return model.focus }
    return taskPanels(beside: column).first { $0 != .confusion } ?? .normsOverTime
  }

  /// Nine rows of sixteen for what stands above, and fewer where pictures or text are below.
  func topRows(_ rows: Int, below second: Kind = .normsOverTime) -> Int {
    second.showsSamples ? max(9, (rows * 7 + 8) / 16) : (rows * 9 + 8) / 16
  }

  // MARK: Large screens

  private func large(_ body: Rect) -> [Place] {
    let (left, right) = parts(of: body)
    let top = topRows(body.rows)
    let (upper, lower) = left.splitTop(top)
    let tasks = taskPanels(beside: right)
    // Beside the loss only what says more about the run than its figure over time does.
    let leading = tasks.first { $0 != .confusion }
    // What other programs tell in their steps is more than the one figure.
    let hasStepMetrics = model.segment?.metrics.keys.contains { !$0.isEvaluated } == true
    let figures: [Kind] = hasStepMetrics ? [.metrics, .metric] : [.metric, .metrics]
    let figure = figures.first(where: model.shownPanels.contains)
    var places: [Place] = []
    if let leading {
      let (loss, task) = upper.splitLeft(upper.columns * 9 / 20)
      places = [(.loss, loss), (leading, task)]
    } else if let figure {
      let (loss, metric) = upper.splitLeft(upper.columns * 3 / 5)
      places = [(.loss, loss), (figure, metric)]
    } else {
      places = [(.loss, upper)]
    }
    let further = tasks.filter { $0 != leading }
    let column = column(right, alignedTo: top, .normsOverTime, hasGradientElsewhere: true)
    let others = others(
      than: (places + column).map(\.panel) + further + [.normsOverTime])
    var weights = further.isEmpty ? [3, 0, 2] : [4, 4, 3]
    if others.isEmpty { weights[2] = 0 }
    let parts = lower.columns(weights: weights)
    places.append((.normsOverTime, parts[0]))
    places += zip(further, parts[1].rows(weights: further.map { _ in 1 })).map { ($0, $1) }
    return places + column + charts(others, in: parts[2])
  }

  /// Panels without a place elsewhere, the most telling first.
  private func others(than shown: [Kind]) -> [Kind] {
    let first: [Kind] = [.console, .gradient, .metric, .clipRate, .learningRate, .metrics]
    let others = model.shownPanels.filter { !shown.contains($0) }
    return first.filter(others.contains) + others.filter { !first.contains($0) }
  }

  /// One above the other, as many as fit; the panel in focus is among them.
  private func charts(_ kinds: [Kind], in rect: Rect) -> [Place] {
    var chosen = Array(kinds.prefix(rect.rows >= 33 ? 3 : 2))
    if kinds.contains(model.focus), !chosen.contains(model.focus) {
      chosen[chosen.count - 1] = model.focus
    }
    return Array(zip(chosen, rect.rows(weights: chosen.map { _ in 1 })))
  }

  /// Wide and low: three columns.
  private func wide(_ body: Rect) -> [Place] {
    let (whole, right) = parts(of: body)
    let (left, console) = withConsole(whole)
    let second = second(beside: right)
    let (loss, other) = left.splitLeft(left.columns * (second.showsSamples ? 9 : 11) / 20)
    return [(.loss, loss), (second, other)] + console
      + column(right, alignedTo: topRows(body.rows), second)
  }

  // MARK: The right column

  private static let gradientRows = 9

  /// Whether the gradients stand in the right column: where they are what to watch.
  private func hasGradient(_ rect: Rect) -> Bool {
    let table = hasTable(rect) ? TablePanel(model: model).wantedRows : 0
    return model.segment?.watchesGradients == true
      && rect.rows >= 18 + Self.gradientRows + min(table, 9)
  }

  /// Table, norms and clipping one above the other, and the gradients where they matter; the border
  /// that the left column has too is kept where the contents let it.
  private func column(
    _ rect: Rect, alignedTo top: Int, _ second: Kind, hasGradientElsewhere: Bool = false
  ) -> [Place] {
    var places: [Place] = []
    var rest = rect
    var upper = top
    if hasGradient(rect), !hasGradientElsewhere, second != .gradient {
      let gradient: Rect
      (rest, gradient) = rest.splitBottom(Self.gradientRows)
      places.append((.gradient, gradient))
      // The list alone; its chart gives way to the gradients.
      upper = rest.rows - min(9, max(5, (model.segment?.layers.count ?? 3) + 3))
    }
    if hasTable(rect) {
      let wanted = TablePanel(model: model).wantedRows
      let rows = min(max(5, wanted), max(5, rest.rows - 13))
      let (table, below) = rest.splitTop(rows)
      places.append((.table, table))
      rest = below
      upper -= rows
    }
    return places + normsColumn(rest, alignedTo: upper)
  }

  /// Norms above clipping, parted where the left column is as far as the contents let it.
  func normsColumn(_ rest: Rect, alignedTo upper: Int) -> [Place] {
    let wanted = NormsPanel(model: model).wantedRows
    let least = min(wanted, 7)
    let most = max(least, rest.rows - 6)
    let rows = upper >= least && (upper >= wanted || wanted > most) ? upper : min(wanted, most)
    let (norms, clipping) = rest.splitTop(min(most, max(rows, min(upper, most))))
    return [(.norms, norms), (.clipping, clipping)]
  }

  // MARK: Small screens

  /// Two panels side by side; the focused one is among them.
  private func pair(_ body: Rect) -> [Place] {
    let (left, right) = parts(of: body)
    let focus = model.focus
    if model.layout.preset == .norms {
      return [(focus == .norms ? .normsOverTime : focus, left), (.norms, right)]
    }
    if focus == .loss || focus == .norms {
      return [(.loss, left), (.norms, right)]
    }
    if focus == .normsOverTime { return [(focus, left), (.norms, right)] }
    return [(.loss, left), (focus, right)]
  }

  /// One above the other: the focused panel, then as many others as fit.
  private func stacked(_ body: Rect) -> [Place] {
    let least = { (panel: Kind) in panel.description.leastRows }
    let panels = model.arrangedPanels
    var chosen: Set<Int> = []
    var used = 0
    let byImportance =
      [model.focus, .loss, .norms, .clipping] + panels.filter(\.showsSamples) + panels
    for panel in byImportance {
      guard let index = panels.firstIndex(of: panel), !chosen.contains(index),
        chosen.isEmpty || used + least(panel) <= body.rows
      else { continue }
      chosen.insert(index)
      used += least(panel)
    }
    let shown = chosen.sorted().map { panels[$0] }
    return zip(shown, body.rows(weights: shown.map(least))).map { ($0, $1) }
  }
}
