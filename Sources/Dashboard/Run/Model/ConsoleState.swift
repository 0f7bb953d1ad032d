// The console of a watched command as the dashboard has it: its last lines, and which of them are in sight.
import TerminalUI

/// The lines, and how far keys have scrolled in them.
package struct ConsoleState: Sendable, Equatable {
  package var lines: ConsoleLines
  /// The number of the line after the last one in sight, counted from the console's beginning; nil
  /// follows the newest line.
  var end: Int?

  package init(_ lines: ConsoleLines) { self.lines = lines }
}

/// The lines in sight, of all that are kept.
struct ConsolePage: Equatable {
  /// What is to be drawn: long lines take several rows.
  private(set) var rows: [String] = []
  /// Which of the kept lines they are.
  private(set) var shown: Range<Int>
  let count: Int

  /// From the last line in sight upwards as many as fit; at the beginning also those after it.
  init(_ console: ConsoleState, in size: Size) {
    let lines = console.lines.lines
    count = lines.count
    let end = min(count, max(0, (console.end ?? .max) - console.lines.dropped))
    shown = end..<end
    func wrapped(_ index: Int) -> [String] {
      let rows = TextLayout(lines[index], width: size.columns, rows: size.rows).lines
      return rows.isEmpty ? [""] : rows
    }
    while shown.lowerBound > 0, self.rows.count < size.rows {
      shown = (shown.lowerBound - 1)..<end
      self.rows.insert(contentsOf: wrapped(shown.lowerBound), at: 0)
    }
    while shown.upperBound < count, self.rows.count < size.rows {
      self.rows += wrapped(shown.upperBound)
      shown = shown.lowerBound..<(shown.upperBound + 1)
    }
    self.rows = self.rows.suffix(max(0, size.rows))
  }

  var isWhole: Bool { shown.count == count }
  var isAtEnd: Bool { shown.upperBound == count }
}

extension DashboardModel {
  /// What keys scroll; nil if the console is not in focus.
  var consolePage: ConsolePage? { focus == .console ? consoleInSight : nil }

  /// What is in sight of the console; nil if it has no place.
  var consoleInSight: ConsolePage? {
    guard topLayer == .main, let body, let console else { return nil }
    let places = PanelLayout(model: self).places(in: body)
    guard let place = places.first(where: { $0.panel == .console }) else { return nil }
    return ConsolePage(console, in: ConsolePanel(model: self).lines(in: place.rect).size)
  }

  mutating func apply(_ lines: ConsoleLines) {
    shell.revision += 1
    guard console == nil else {
      console?.lines = lines
      return
    }
    console = ConsoleState(lines)
    if segment == nil { focus = .console }
  }

  /// The first record has come: the console no longer has the whole screen.
  mutating func endWaiting() {
    if focus == .console { focus = .loss }
    if let notice = shell.notice, attachment?.remarks.contains(notice.text) == true {
      shell.notice = nil
    }
  }

  /// Moves by a line, or to an end.
  mutating func scroll(_ page: ConsolePage, _ action: KeyAction) {
    switch action {
    case .up: scroll(page, to: page.shown.upperBound - 1)
    case .down: scroll(page, to: page.shown.upperBound + 1)
    case .last: scroll(page, to: page.count)
    default: scroll(page, to: 0)
    }
  }

  /// Moves by as many lines as are in sight.
  mutating func turn(_ page: ConsolePage, _ action: KeyAction) {
    let lines = max(1, page.shown.count - 1)
    scroll(page, to: page.shown.upperBound + (action == .left ? -lines : lines))
  }

  private mutating func scroll(_ page: ConsolePage, to end: Int) {
    guard end < page.count, let dropped = console?.lines.dropped else {
      console?.end = nil
      return
    }
    // At the beginning the page is filled from there.
    let least = page.shown.lowerBound == 0 ? page.shown.upperBound : 0
    console?.end = dropped + max(end, least)
    if let page = consoleInSight, page.shown.lowerBound == 0 {
      console?.end = dropped + page.shown.upperBound
    }
  }

  func refusalToScroll(_ action: KeyAction) -> String? {
    guard let page = consolePage, page.count > 0 else { return "the console is empty" }
    switch action {
    case .up, .first: return page.shown.lowerBound > 0 ? nil : "this is the first line that is kept"
    default: return page.isAtEnd ? "this is the newest line" : nil
    }
  }
}
