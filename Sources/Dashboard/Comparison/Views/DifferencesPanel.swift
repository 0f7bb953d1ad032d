// The differences from the baseline as an interval chart: points with whiskers beside zero.
import Comparisons
import PlainText
import RunHistory
import TerminalUI

/// A row for each arm, in line with those of the table where both stand side by side.
struct DifferencesPanel {
  let model: ComparisonModel

  static let description = ComparisonPanelDescription(
    title: { _ in "differences" },
    explanation: Explanation(
      term: "differences",
      brief: [
        "mean difference over the same seeds with its 95 % interval; full points leave out zero",
        "differences over the same seeds, 95 % intervals", "95 % intervals",
      ],
      full: "The mean difference from the baseline over the same seeds, with its 95 % interval; all"
        + " of these intervals hold at once. An interval that leaves out zero, a full point, is more"
        + " than chance; a ring is not. In a sweep: the difference from the best value, the interval"
        + " of a value minus the best of the others, and a full point where another value is shown"
        + " to be better."),
    wantedRows: { model, _ in model.state.arms.count + 3 },
    keys: [],
    isPresent: { $0.state.arms.count > 1 && !$0.areTrials },
    row: { DifferencesPanel(model: $0).arm(at: $1, in: $2) },
    draw: { DifferencesPanel(model: $0).draw(in: $1, into: &$2, $3) })

  /// The arm in the row at a point; nil if there is none.
  func arm(at point: Point, in rect: Rect) -> Int? {
    ArmTable.arm(at: point, in: Panel.interior(of: rect), model)
  }

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let window = model.window(room: Panel.interior(of: rect).rows - 1)
    let inner = model.drawFrame(.differences, note: note, in: rect, into: &buffer, look)
    let known = model.figures.differences.compactMap { $0 }
    guard let scale = Self.scale(known), inner.columns >= 12 else {
      let text = model.isOver ? "no two arms have a seed in common" : "waiting for pairs of runs"
      let place = inner.centered(Size(columns: DisplayWidth.of(text), rows: 1))
      buffer.write(
        text, at: place.origin, style: look.style(.mutedText), maxWidth: place.columns,
        ellipsis: look.glyphs.ellipsis)
      return
    }
    // The letters stand on the left; the names stand in the table beside, or else here.
    let names = inner.columns >= 60 ? 24 : inner.columns >= 48 ? 14 : 0
    let strip = inner.inset(left: 2 + (names > 0 ? names + 1 : 0))
    drawScale(scale, in: strip.line(0), into: &buffer, look)
    for (row, index) in window.shown.enumerated() where row + 1 < inner.rows {
      let line = inner.line(row + 1)
      let role = model.role(of: index)
      var pieces: [TextLine.Piece] = [.init(ArmLook.letter(index) + " ", role)]
      if names > 0 { pieces.append(.init(look.shortened(model.name(of: index), to: names), role)) }
      TextLine(pieces).draw(in: line, into: &buffer, look)
      draw(index, scale, in: strip.line(row + 1), into: &buffer, look)
      if index == model.selectedArm { buffer.select(line, look) }
    }
  }

  private var note: String {
    let baseline = model.isSweep ? "best" : ScreenText.printable(model.baseline ?? "")
    return "minus \(baseline)"
  }

  private func draw(
    _ index: Int, _ scale: ClosedRange<Double>, in rect: Rect, into buffer: inout CellBuffer,
    _ look: Appearance
  ) {
    guard let difference = model.figures.differences[index] else {
      IntervalStrip.drawZero(scale: scale, in: rect, into: &buffer, look)
      return
    }
    IntervalStrip(
      mean: difference.mean, interval: difference.interval, scale: scale,
      isCertain: difference.isCertain,
      role: !difference.isCertain ? .text : difference.isBetter ? .good : .warning
    ).draw(in: rect, into: &buffer, look)
  }

  /// All means and zero, and as much of the intervals as leaves the means distinguishable: with few
  /// seeds some are many times as wide.
  static func scale(_ differences: [ComparisonFigures.Difference]) -> ClosedRange<Double>? {
    let means = differences.map(\.mean).filter(\.isFinite)
    guard let low = means.min(), let high = means.max() else { return nil }
    let halves = differences.compactMap { $0.interval.map { ($0.upperBound - $0.lowerBound) / 2 } }
      .filter(\.isFinite).sorted()
    let largest = max(abs(low), abs(high))
    let most = largest + 3 * (halves.isEmpty ? 0 : halves[halves.count / 2])
    let ends = differences.compactMap(\.interval).flatMap { [$0.lowerBound, $0.upperBound] }
      .filter(\.isFinite)
    let lower = max(-most, min(0, low, ends.min() ?? 0))
    let upper = min(most, max(0, high, ends.max() ?? 0))
    guard lower < upper else { return -1...1 }
    let room = (upper - lower) * 0.06
    return (lower - room)...(upper + room)
  }

  /// Round numbers above the strips, zero in any case, and the unit at the right end.
  private func drawScale(
    _ scale: ClosedRange<Double>, in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    let factor = model.figures.figure.scale
    let style = look.style(.mutedText)
    var taken: [Range<Int>] = []
    func write(_ label: String, from start: Int, into buffer: inout CellBuffer) {
      let range = start - 1..<start + label.count + 1
      guard start >= rect.left, start + label.count <= rect.right,
        !taken.contains(where: { $0.overlaps(range) })
      else { return }
      buffer.write(label, at: Point(column: start, row: rect.top), style: style)
      taken.append(range)
    }
    func write(_ label: String, at value: Double, into buffer: inout CellBuffer) {
      guard let column = rect.column(of: value / factor, on: scale) else {
        return
      }
      write(label, from: column - label.count / 2, into: &buffer)
    }
    write("0", at: 0, into: &buffer)
    let unit = model.figures.figure.unit
    if rect.columns > 24 { write(unit, from: rect.right - unit.count, into: &buffer) }
    let axis = AxisScale(scale.lowerBound * factor, scale.upperBound * factor)
    for tick in axis.ticks(atMost: max(2, rect.columns / 8)) where tick.value != 0 {
      write(tick.value > 0 ? "+" + tick.label : tick.label, at: tick.value, into: &buffer)
    }
  }
}
