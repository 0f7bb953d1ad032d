// Where panels stand in the presets other than the standard one.
import TerminalUI

extension PanelLayout {
  /// The losses, and how good the net is where there is room for both.
  func losses(_ body: Rect) -> [Place] {
    let kinds = model.arrangedPanels
    guard kinds.count > 1 else { return [(model.focus, body)] }
    if body.columns >= 160, body.rows < 40 {
      return Array(zip(kinds, body.columns(weights: [3, 2])))
    }
    guard body.rows >= 28 else { return [(model.focus, body)] }
    return Array(zip(kinds, body.rows(weights: [3, 2])))
  }

  /// Norms over time, and the shares held below them; norms now and the counts beside them.
  func norms(_ body: Rect) -> [Place] {
    let (left, right) = parts(of: body)
    var places: [Place] = []
    if body.rows >= 28 {
      let (upper, lower) = left.splitTop(topRows(body.rows))
      places = [(.normsOverTime, upper), (.clipRate, lower)]
    } else {
      places = [(model.focus == .clipRate ? .clipRate : .normsOverTime, left)]
    }
    return places + normsColumn(right, alignedTo: topRows(body.rows))
  }

  /// Rows of panels of one size, as many as fit, the one in focus among them.
  func everything(_ body: Rect) -> [Place] {
    let all = model.arrangedPanels
    let most = max(1, body.columns / Self.leastColumns)
    let rows = max(1, body.rows / Self.leastRows)
    var chosen = Array(all.prefix(most * rows))
    if !chosen.contains(model.focus), all.contains(model.focus) {
      chosen[chosen.count - 1] = model.focus
    }
    let counts = (1...most).filter { ($0 * rows) >= chosen.count }
    // A chart is best about three times as wide as high, in cells.
    let across = counts.min { misfit($0, chosen.count, body) < misfit($1, chosen.count, body) }
    let lines = (chosen.count + (across ?? most) - 1) / (across ?? most)
    var places: [Place] = []
    for (index, line) in body.rows(weights: Array(repeating: 1, count: lines)).enumerated() {
      // What is over after equal shares goes to the first rows.
      let share = chosen.count / lines + (index < chosen.count % lines ? 1 : 0)
      let kinds = chosen.dropFirst(places.count).prefix(share)
      places += zip(kinds, line.columns(weights: kinds.map { _ in 1 })).map { ($0, $1) }
    }
    return places
  }

  private static let leastColumns = 38
  private static let leastRows = 9

  private func misfit(_ across: Int, _ count: Int, _ body: Rect) -> Double {
    let lines = (count + across - 1) / across
    let shape = Double(body.columns) / Double(across) / (Double(body.rows) / Double(lines))
    return abs(shape - 3.2)
  }

  // MARK: Presentation

  /// The figures in large type, above the charts; empty if a panel has the whole room.
  func figures(in body: Rect) -> Rect {
    guard model.arrangement == .presentation, !model.layout.isMaximized else { return .zero }
    return body.splitTop(FiguresBand(model: model).rows(in: body)).top
  }

  /// The two most telling charts.
  func presentation(_ body: Rect) -> [Place] {
    let rest = body.splitTop(figures(in: body).rows).rest
    let kinds = model.arrangedPanels
    guard kinds.count > 1 else { return [(model.focus, rest)] }
    if rest.columns < 70 {
      return rest.rows >= 18
        ? Array(zip(kinds, rest.rows(weights: kinds.map { _ in 1 }))) : [(model.focus, rest)]
    }
    let (left, right) = parts(of: rest)
    return Array(zip(kinds, [left, right]))
  }
}
