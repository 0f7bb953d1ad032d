// What the panels of samples share: one sample has the whole panel, several stand one below the other.
import PlainText
import RunHistory
import RunRecords
import TerminalUI

/// The samples of one kind in the room of a panel.
struct SampleStack {
  let model: DashboardModel
  let kind: DashboardModel.PanelKind
  /// The frame's title where there are several samples.
  let plural: String
  /// Rows below which another sample is left out.
  let leastRows: Int

  /// What explains each of the panels.
  static let explanation = Explanation(
    term: "samples", brief: ["what the net answers now, beside what is true"],
    full: "What the net answers now, on examples of the task, beside what is true.")

  var samples: [SampleRecord] { model.segment?.samples(for: kind) ?? [] }

  /// How many samples fit.
  private func shown(in rows: Int) -> Int {
    max(1, min(samples.count, rows / (leastRows + 1)))
  }

  /// Draws the frame and then each sample with `body`, which gets the area below the sample's title.
  func draw(
    in rect: Rect, title: String? = nil, note: String = "", into buffer: inout CellBuffer,
    _ look: Appearance, _ body: (SampleRecord, Rect, inout CellBuffer) -> Void
  ) {
    let samples = samples
    let interior = Panel.interior(of: rect)
    let shown = shown(in: interior.rows)
    var notes = note.isEmpty ? [] : [note]
    if shown < samples.count { notes.append("\(shown) of \(samples.count) shown") }
    if let step = samples.first?.step { notes.append("step \(NumberText.grouped(step))") }
    let own = samples.first.map { ScreenText.printable($0.title) } ?? plural
    let title = title ?? (samples.count == 1 && !own.isEmpty ? own : plural)
    while notes.count > 1,
      DisplayWidth.of(notes.joined(separator: look.separator)) + 12
        + min(DisplayWidth.of(title), rect.columns / 2) > rect.columns
    {
      notes.removeLast()
    }
    let inner = model.drawFrame(
      kind, title, note: notes.joined(separator: look.separator), in: rect, into: &buffer, look)
    guard samples.count > 1 else {
      if let sample = samples.first { buffer.clipped(to: inner) { body(sample, inner, &$0) } }
      return
    }
    let areas = inner.rows(weights: Array(repeating: 1, count: shown))
    for (sample, area) in zip(samples, areas) {
      let (head, rest) = area.splitTop(1)
      TextLine([.init(ScreenText.printable(sample.title), .mutedText)]).draw(
        in: head, into: &buffer, look)
      buffer.clipped(to: rest) { body(sample, rest, &$0) }
    }
  }
}
