// What the mouse does on the screen of many runs: all that keys do, by pointing at it.
import TerminalUI

extension RunsModel {
  package mutating func perform(
    _ event: MouseEvent, _ reads: ClosedRange<Int>?
  ) -> [RunsEffect] {
    switch event.action {
    case .press: return press(at: event.position, reads)
    case .wheelUp, .wheelDown:
      let isUp = event.action == .wheelUp
      switch topLayer {
      case .help: for _ in 0..<3 { scrollHelp(isUp ? .scrollUp : .scrollDown) }
      case .main: select((selectedRow ?? 0) + (isUp ? -1 : 1))
      case .detail, .filter, .settings, .entry, .dialog: break
      }
    case .drag, .release: break
    }
    return []
  }

  private mutating func press(at point: Point, _ reads: ClosedRange<Int>?) -> [RunsEffect] {
    switch shellTarget(at: point) {
    case .nothing, .box: return []
    case .key(let key): return carryOut(key, reads)
    case .outside: return carryOut(.escape, reads)
    case .body(let body):
      guard topLayer == .main,
        let place = RunsLayout(model: self).places(in: body).first(where: {
          $0.rect.contains(point)
        })
      else { return [] }
      let wasFocused = focus == place.panel
      focus = place.panel
      guard let row = place.panel.description.row(self, point, place.rect) else { return [] }
      // The second click opens the run.
      let opens = wasFocused && selectedRow == row
      select(row)
      return opens ? carryOut(.enter, reads) : []
    }
  }
}
