// What the comparison says so far, in words.
import Comparisons
import RunHistory
import TerminalUI

/// The sentences of the verdict; if not all fit, those about the chosen arm.
struct VerdictPanel {
  let model: ComparisonModel

  static let description = ComparisonPanelDescription(
    title: { _ in "verdict" },
    explanation: Explanation(
      term: "verdict", brief: ["what the table says, in words"],
      full: "What the table says, in words, and what to beware of."),
    wantedRows: { VerdictPanel(model: $0).lines(columns: $1.columns - 4).count + 2 },
    keys: [],
    draw: { VerdictPanel(model: $0).draw(in: $1, into: &$2, $3) })

  /// A line of a sentence.
  struct Line {
    var text: String
    /// The first line of a sentence has a mark.
    var isFirst: Bool
    var sentence: Int
  }

  private var sentences: [String] {
    let verdict = model.figures.verdict
    return verdict.isEmpty ? ["no run has ended yet"] : verdict
  }

  func lines(columns: Int) -> [Line] {
    sentences.enumerated().flatMap { index, sentence in
      Paragraph.wrap(sentence, width: max(8, columns - 2)).enumerated().map {
        Line(text: $1, isFirst: $0 == 0, sentence: index)
      }
    }
  }

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let interior = Panel.interior(of: rect)
    let lines = lines(columns: interior.columns)
    let chosen = lines.firstIndex { isAboutArm($0.sentence) } ?? 0
    let end = lines.lastIndex { isAboutArm($0.sentence) } ?? 0
    // From the top as long as the chosen sentence is in sight.
    let window = ListWindow(
      from: end < interior.rows ? 0 : chosen, room: interior.rows, of: lines.count)
    let inner = model.drawFrame(
      .verdict, position: window.label, in: rect, into: &buffer, look)
    for (row, line) in lines[window.shown].enumerated() {
      let isChosen = isAboutArm(line.sentence) && model.state.arms.count > 1
      let mark = isChosen ? look.glyphs.pointer : look.glyphs.separator
      TextLine([
        .init(line.isFirst ? "\(mark) " : "  ", isChosen ? .accent : .mutedText),
        .init(
          line.text,
          model.figures.verdict.isEmpty ? .mutedText : .text, isBold: isChosen),
      ]).draw(in: inner.line(row), into: &buffer, look)
    }
  }

  private func isAboutArm(_ index: Int) -> Bool {
    guard !model.isSweep, let arm = model.arm else { return false }
    return sentences[index].hasPrefix("\(arm): ")
  }
}
