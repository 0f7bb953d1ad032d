// What the mouse does on a comparison's screen: all that keys do, by pointing at it.
import TerminalUI

/// Something on a comparison's screen that a click or the wheel acts on.
package enum ComparisonTarget: Sendable, Equatable {
  case panel(ComparisonModel.Panel)
  /// An arm in the list of a panel, by its index.
  case arm(Int, in: ComparisonModel.Panel)
  /// What a key does: in the footer, or in the question.
  case key(Key)
  /// In the help, and beside it.
  case box, outside
}

extension ComparisonModel {
  /// What is at a point of the screen; nil if a click means nothing.
  package func target(at point: Point) -> ComparisonTarget? {
    switch shellTarget(at: point) {
    case .nothing: return nil
    case .key(let key): return .key(key)
    case .box: return .box
    case .outside: return .outside
    case .body(let body):
      guard topLayer == .main else { return nil }
      let places = ComparisonLayout(model: self).places(in: body)
      guard let place = places.first(where: { $0.rect.contains(point) }) else { return nil }
      let index = place.panel.description.row(self, point, place.rect)
      return index.map { .arm($0, in: place.panel) } ?? .panel(place.panel)
    }
  }

  package mutating func perform(
    _ event: MouseEvent, _ reads: ClosedRange<Int>?
  ) -> [ComparisonEffect] {
    switch event.action {
    case .press: return press(at: event.position, reads)
    case .wheelUp, .wheelDown: turnWheel(isUp: event.action == .wheelUp)
    case .drag, .release: break
    }
    return []
  }

  private mutating func press(
    at point: Point, _ reads: ClosedRange<Int>?
  ) -> [ComparisonEffect] {
    switch target(at: point) {
    case .key(let key): return carryOut(key, reads)
    case .panel(let panel): focus = panel
    case .arm(let index, let panel):
      // The second click opens the arm's page.
      let opens = focus == panel && selectedArm == index
      focus = panel
      select(index)
      if opens { return carryOut(.enter, reads) }
    case .outside: return carryOut(.escape, reads)
    case .box, nil: break
    }
    return []
  }

  private mutating func turnWheel(isUp: Bool) {
    switch topLayer {
    case .help: for _ in 0..<3 { scroll(isUp ? .scrollUp : .scrollDown) }
    case .detail:
      firstRun += isUp ? -1 : 1
      holdFirstRun()
    case .main: select(selectedArm + (isUp ? -1 : 1))
    case .dialog, .filter, .settings, .entry: break
    }
  }
}
