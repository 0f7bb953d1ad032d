// A sweep over two keys: a field of figures, darker where the metric is better.
import PlainText

/// A figure for each pair of values.
struct HeatChart: Drawing {
  var title: String
  var summary: String
  /// Across, and down from the top; the largest value of the second key stands on top.
  var names: (x: String, y: String)
  var columns: [Double]
  var rows: [Double]
  var cells: [HeatCell]

  struct HeatCell: Sendable {
    var column: Int
    var row: Int
    /// 0 for the worst, 1 for the best; nil if nothing was measured.
    var share: Double?
    var words: String
    var note = ""
    var isBest = false
  }

  static func height(rows: Int) -> Double { max(140, Double(rows) * 46) + 34 + 44 }

  func draw(_ size: PictureSize, _ identifier: String, into markup: inout Markup) {
    markup.label(
      Lettering.fitted(title, to: size.width, size: 14), 0, 14, size: 14, isBold: true)
    let labels = rows.map(Axis.short)
    let left = 30 + (labels.map { Lettering.width($0, size: Lettering.small) }.max() ?? 0)
    let (top, bottom) = (34.0, size.height - 44)
    let width = (size.width - left) / Double(max(1, columns.count))
    let height = (bottom - top) / Double(max(1, rows.count))
    for (index, value) in columns.enumerated() {
      markup.label(
        Axis.short(value), left + (Double(index) + 0.5) * width, bottom + 17, anchor: .middle,
        size: Lettering.small, ink: .muted)
    }
    for (index, label) in labels.enumerated() {
      markup.label(
        label, left - 7, top + (Double(index) + 0.5) * height + 4, anchor: .end,
        size: Lettering.small, ink: .muted)
    }
    for cell in cells {
      draw(
        cell, left + Double(cell.column) * width, top + Double(cell.row) * height, width, height,
        into: &markup)
    }
    markup.label(
      names.x, (left + size.width) / 2, bottom + 35, anchor: .middle, size: Lettering.small,
      ink: .muted)
    let middle = (top + bottom) / 2
    markup.label(
      names.y, 11, middle, anchor: .middle, size: Lettering.small, ink: .muted,
      extra: [("transform", "rotate(-90 11 \(Markup.number(middle)))")])
  }

  private func draw(
    _ cell: HeatCell, _ x: Double, _ y: Double, _ width: Double, _ height: Double,
    into markup: inout Markup
  ) {
    let share = cell.share ?? 0
    let box = Chart.box(x + 1, y + 1, x + width - 1, y + height - 1)
    // A fixed pair of colours in light and dark pages, so that the words on it stay readable.
    markup.empty("rect", box + [("fill", Self.color(share, isKnown: cell.share != nil))])
    let isDark = cell.share != nil && share > 0.55
    let ink = [("fill", isDark ? "#ffffff" : "#1b1f24")]
    func words(_ text: String, _ y: Double, isBold: Bool) {
      markup.element(
        "text",
        [
          ("x", Markup.number(x + width / 2)), ("y", Markup.number(y)), ("text-anchor", "middle"),
          ("font-weight", isBold ? "600" : "400"),
        ] + ink, words: Lettering.fitted(text, to: width - 6))
    }
    words(cell.words, y + height / 2 + (cell.note.isEmpty ? 4 : -2), isBold: cell.isBest)
    if !cell.note.isEmpty { words(cell.note, y + height / 2 + 14, isBold: cell.isBest) }
    guard cell.isBest else { return }
    markup.empty(
      "rect",
      Chart.box(x + 2.5, y + 2.5, x + width - 2.5, y + height - 2.5) + [
        ("fill", "none"), ("stroke", "#d55e00"), ("stroke-width", "3"),
      ])
  }

  /// From a pale to a deep blue; grey where nothing was measured.
  private static func color(_ share: Double, isKnown: Bool) -> String {
    guard isKnown else { return "#d5d9de" }
    let (pale, deep) = ((232.0, 241.0, 249.0), (8.0, 69.0, 120.0))
    let part = min(1, max(0, share))
    func channel(_ a: Double, _ b: Double) -> String {
      let value = Int((a + (b - a) * part).rounded())
      return (value < 16 ? "0" : "") + String(value, radix: 16)
    }
    return "#" + channel(pale.0, deep.0) + channel(pale.1, deep.1) + channel(pale.2, deep.2)
  }
}
