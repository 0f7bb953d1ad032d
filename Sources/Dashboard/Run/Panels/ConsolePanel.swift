// The console of a watched command: what it has printed, the newest lines unless keys scrolled back.
import PlainText
import RunHistory
import TerminalUI

/// Text alone: what would have controlled a terminal has been removed.
struct ConsolePanel {
  let model: DashboardModel

  static let description = PanelDescription(
    title: "console",
    explanation: Explanation(
      term: "console",
      brief: [
        "what the command prints, on standard output and standard error", "what it prints",
      ],
      full: "What the watched command prints, on standard output and standard error, without"
        + " colours. All of it is in the file beside the log, whose name ends in .out."),
    leastRows: 5,
    list: .lines,
    ownKeys: [],
    isPresent: { $0.console != nil },
    draw: { ConsolePanel(model: $0).draw(in: $1, into: &$2, $3) })

  /// Where its lines are, below the remark on a run that does not begin.
  func lines(in rect: Rect) -> Rect {
    let inner = Panel.interior(of: rect)
    return inner.splitTop(remark(inner).count).rest
  }

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let area = lines(in: rect)
    let page = ConsolePage(model.console ?? ConsoleState(ConsoleLines([])), in: area.size)
    let number = { (line: Int) in NumberText.grouped(line) }
    let position =
      page.isWhole
      ? ""
      : "\(number(page.shown.lowerBound + 1))-\(number(page.shown.upperBound)) of \(number(page.count))"
    let inner = model.drawFrame(
      .console, Self.description.title, position: position, in: rect, into: &buffer, look)
    buffer.clipped(to: inner) { buffer in
      for (row, line) in remark(inner).enumerated() {
        buffer.write(line, at: inner.origin.offset(rows: row), style: look.style(.warning))
      }
    }
    guard page.count > 0 else {
      model.drawEmpty("nothing printed yet", in: area, into: &buffer, look)
      return
    }
    let style = look.style(page.isAtEnd ? .text : .mutedText)
    buffer.clipped(to: area) { buffer in
      for (row, line) in page.rows.enumerated() {
        buffer.write(line, at: area.origin.offset(rows: row), style: style)
      }
    }
  }

  /// Why there is no run yet, if that is known; an empty row separates it from the console.
  private func remark(_ inner: Rect) -> [String] {
    guard model.segment == nil, let remark = model.attachment?.remarks.last else { return [] }
    let lines = Paragraph.wrap(remark, width: inner.columns)
    return lines.count + 3 <= inner.rows ? lines + [""] : []
  }
}
