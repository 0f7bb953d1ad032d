// The runs in progress, and those that failed, with the reason.
import Comparisons
import PlainText
import RunHistory
import RunRecords
import TerminalUI

/// The panel of runs.
struct RunsPanel {
  let model: ComparisonModel

  static let description = ComparisonPanelDescription(
    title: { _ in "runs" },
    explanation: Explanation(
      term: "runs", brief: ["what goes on now, and what went wrong"],
      full:
        "The runs that are going on, with the loss of their last evaluation, and those that failed"
        + " or were interrupted. What is interrupted goes on when the same command is given again."),
    wantedRows: { RunsPanel(model: $0).lines(columns: $1.columns - 4).count + 2 },
    keys: [],
    draw: { RunsPanel(model: $0).draw(in: $1, into: &$2, $3) })

  /// A line of the list.
  enum Line {
    case running(Int)
    case failed(String, isFirst: Bool)
    case interrupted(Int)
    case ended(Int)
    case note(String)
  }

  /// Whether this panel has nothing to add to the others.
  var isIdle: Bool {
    model.isOver && model.failures.isEmpty && model.count(of: .interrupted) == 0
  }

  func lines(columns: Int) -> [Line] {
    var lines: [Line] = []
    for (index, run) in model.state.runs.enumerated() where run.phase == .running {
      lines.append(.running(index))
    }
    for (run, reason) in model.failures {
      let text = "\(name(run)), seed \(run.seed): \(reason)"
      lines += Paragraph.wrap(text, width: max(8, columns - 2)).prefix(4).enumerated().map {
        .failed($1, isFirst: $0 == 0)
      }
    }
    for (index, run) in model.state.runs.enumerated() where run.phase == .interrupted {
      lines.append(.interrupted(index))
    }
    // With the whole screen, the panel lists run by run what the table sums up.
    if model.isMaximized {
      for (index, run) in model.state.runs.enumerated()
      where run.phase == .ended || run.phase == .kept {
        lines.append(.ended(index))
      }
    }
    let waiting = model.count(of: .waiting)
    if lines.isEmpty {
      lines.append(.note(waiting > 0 ? "\(waiting) runs are waiting" : "no run goes on"))
    }
    return lines
  }

  private func name(_ run: ComparisonState.Run) -> String {
    model.state.arms.firstIndex(of: run.arm).map { model.name(of: $0) }
      ?? ScreenText.printable(run.arm)
  }

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let waiting = model.count(of: .waiting)
    let interior = Panel.interior(of: rect)
    let lines = lines(columns: interior.columns)
    let chosen = lines.firstIndex { line in
      if case .ended(let index) = line { model.state.runs[index].arm == model.arm } else { false }
    }
    let window = ListWindow(selected: chosen ?? 0, room: interior.rows, of: lines.count)
    let inner = model.drawFrame(
      .runs, note: waiting > 0 ? "\(waiting) waiting" : "", position: window.label, in: rect,
      into: &buffer, look)
    for (row, line) in lines[window.shown].enumerated() {
      let rect = inner.line(row)
      switch line {
      case .running(let index): draw(index, in: rect, into: &buffer, look)
      case .failed(let text, let isFirst):
        TextLine([
          .init(isFirst ? "\(look.glyphs.notFinite) " : "  ", .error), .init(text, .error),
        ]).draw(in: rect, into: &buffer, look)
      case .interrupted(let index):
        let run = model.state.runs[index]
        let share = NumberText.percent(run.share, decimals: 0)
        TextLine([
          .init(
            "\(name(run)), seed \(run.seed): interrupted at \(share)"
              + (model.isOver ? "" : ", goes on soon"), .warning)
        ]).draw(in: rect, into: &buffer, look)
      case .ended(let index):
        drawEnded(index, in: rect, into: &buffer, look)
      case .note(let text):
        TextLine([.init(text, .mutedText)]).draw(in: rect, into: &buffer, look)
      }
    }
  }

  /// "b max-norm seed 2: validation accuracy 84.4 %, 1.5 s".
  private func drawEnded(
    _ index: Int, in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    let run = model.state.runs[index]
    let arm = model.state.arms.firstIndex(of: run.arm) ?? 0
    let value = run.digest.last.map { model.figures.figure.words(Double($0.value)) }
    let isDiverged = run.digest.end == .diverged
    TextLine([
      .init("\(ArmLook.letter(arm)) \(look.shortened(name(run), to: 24))", model.role(of: arm)),
      .init(" seed \(run.seed): ", .mutedText),
      .init(isDiverged ? "diverged" : value ?? "measured nothing", isDiverged ? .error : .text),
      .init(", \(NumberText.fixed(run.digest.elapsed, decimals: 1)) s", .mutedText),
      .init(run.phase == .kept ? ", kept from before" : "", .mutedText),
    ]).draw(in: rect, into: &buffer, look)
  }

  /// "b max-norm  seed 2 ▕███  ▏ 45 %  loss 0.412  3.2 s", as much as there is room for.
  private func draw(
    _ index: Int, in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    let run = model.state.runs[index]
    let arm = model.state.arms.firstIndex(of: run.arm) ?? 0
    let longest =
      model.state.runs.filter { $0.phase == .running }
      .map { DisplayWidth.of(name($0)) }.max() ?? 0
    let seed = " seed \(run.seed)"
    let percent = NumberText.padded(NumberText.percent(run.share, decimals: 0), to: 6)
    let value = run.digest.last.map { NumberText.significant(Double($0.validationLoss)) } ?? "-"
    let loss = "  loss " + NumberText.padded(value, to: 5)
    let seconds = NumberText.padded(NumberText.duration(run.digest.elapsed), to: 7)
    var room = rect.columns - 2 - seed.count - percent.count
    let bar = 10
    let nameWidth = min(longest, max(6, room - (room >= 18 ? bar : 0)))
    room -= nameWidth + bar
    let showsLoss = room >= loss.count
    let showsSeconds = showsLoss && room >= loss.count + seconds.count
    let label = NumberText.leading(look.shortened(name(run), to: nameWidth), to: nameWidth)
    var line = rect
    let used = TextLine([
      .init(ArmLook.letter(arm) + " " + label, model.role(of: arm)), .init(seed, .mutedText),
    ]).draw(in: line, into: &buffer, look)
    line = line.inset(left: used)
    let tail = percent.count + (showsLoss ? loss.count : 0) + (showsSeconds ? seconds.count : 0)
    let width = min(30, line.columns - tail - 1)
    if width >= 5 {
      let place = Rect(column: line.left + 1, row: line.top, columns: width, rows: 1)
      ProgressBar(share: run.share, role: model.isPaused ? .warning : .train)
        .draw(in: place, into: &buffer, look)
      line = line.inset(left: width + 1)
    }
    var pieces: [TextLine.Piece] = [.init(percent)]
    if showsLoss { pieces.append(.init(loss, .mutedText)) }
    if showsSeconds { pieces.append(.init(seconds, .mutedText)) }
    TextLine(pieces).draw(in: line, into: &buffer, look)
  }
}
