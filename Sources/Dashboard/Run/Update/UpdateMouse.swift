// What the mouse does: everything that keys do, by pointing at it.
import TerminalUI

extension DashboardModel {
  package mutating func perform(_ event: MouseEvent, _ reads: ClosedRange<Int>?) -> [Effect] {
    switch event.action {
    case .press: return press(at: event.position, reads)
    case .drag: drag(to: event.position)
    case .release: layout.drag = nil
    case .wheelUp, .wheelDown: turnWheel(at: event.position, isUp: event.action == .wheelUp)
    }
    return []
  }

  private mutating func press(at point: Point, _ reads: ClosedRange<Int>?) -> [Effect] {
    layout.drag = nil
    switch target(at: point) {
    case .key(let key): return carryOut(key, reads)
    case .border: layout.drag = .border
    case .panel(let panel):
      if focus == panel { putCursor(at: point) }
      focus = panel
    case .pagePanel(let panel):
      if let layer, pageFocus(of: layer) == panel { putCursor(at: point) }
      pageFocus = panel
    case .layer(let index, let panel):
      // The second click opens the layer's page.
      let opens =
        focus == panel && selectedLayer == index && !isOnBlock && topLayer == .main
      focus = panel
      choose(.layer(index))
      if opens { return carryOut(.enter, reads) }
    case .block(let index, let panel):
      // The second click opens or closes it.
      let folds = focus == panel && selectedBlock == index && isOnBlock && topLayer == .main
      focus = panel
      choose(.block(index))
      if folds { return carryOut(.enter, reads) }
    case .metric(let key):
      // The second click pins it.
      let pins = focus == .metrics && selectedMetric == key && topLayer == .main
      focus = .metrics
      metricChoice.selected = key
      if pins { return carryOut(.enter, reads) }
    case .setting(let setting):
      guard settingsPanel?.entry == nil else { break }
      guard settingsPanel?.row == setting else {
        settingsPanel?.row = setting
        break
      }
      return carryOut(.enter, reads)
    case .outside: return carryOut(.escape, reads)
    case .box, nil: break
    }
    return []
  }

  private mutating func putCursor(at point: Point) {
    guard let step = step(at: point) else { return }
    charts.cursor = step
    layout.drag = .cursor
  }

  private mutating func drag(to point: Point) {
    switch layout.drag {
    case .border:
      guard let body else { return }
      layout.putBorder(before: point.column - body.left, of: body.columns)
    case .cursor:
      if let step = step(at: point) { charts.cursor = step }
    case nil: break
    }
  }

  private mutating func turnWheel(at point: Point, isUp: Bool) {
    let target = target(at: point)
    switch (topLayer, target) {
    case (.help, _):
      for _ in 0..<3 { scrollHelp(isUp ? .scrollUp : .scrollDown) }
    case (.settings, .setting), (.settings, .box):
      _ = changeSettings(isUp ? .settingBefore : .settingAfter, isUp ? .up : .down)
    case (_, .layer), (_, .block): chooseLayer(isUp ? .up : .down)
    case (_, .metric): chooseMetric(isUp ? .up : .down)
    case (_, .panel(let panel)) where !panel.isChart:
      switch panel.description.list {
      case .layers: chooseLayer(isUp ? .up : .down)
      case .pictures: if let pictures { turn(pictures, isUp ? .up : .down) }
      case .lines:
        for _ in 0..<3 {
          if let page = consoleInSight { scroll(page, isUp ? .up : .down) }
        }
      case .metrics: chooseMetric(isUp ? .up : .down)
      case nil: break
      }
    case (.main, .panel), (.detail, .pagePanel), (.filter, .panel):
      zoom(at: point, isUp: isUp)
    default: break
    }
  }
}
