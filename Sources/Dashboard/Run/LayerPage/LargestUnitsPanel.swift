// The units of a layer with the largest norms, by their index.
import PlainText
import RunHistory
import RunRecords
import TerminalUI

/// A list, the largest first.
struct LargestUnitsPanel {
  let model: DashboardModel
  let layer: LayerState

  static let description = PagePanelDescription(
    explanation: Explanation(
      term: "largest units", brief: ["the units with the largest norms, by index"],
      full: "The units with the largest norms, by their index in the tensor, from 0."),
    draw: { LargestUnitsPanel(model: $0, layer: $1).draw(in: $2, into: &$3, $4) })

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let inner = model.drawFrame(
      .largest, of: layer, "largest \(layer.wording.noun)s",
      note: layer.digestNote(look) + "of \(layer.units)",
      in: rect, into: &buffer, look)
    let units = largest(inner.rows)
    guard !units.isEmpty else {
      model.drawEmpty("no norms told yet", in: inner, into: &buffer, look)
      return
    }
    let finite = units.map(\.norm).filter(\.isFinite).max() ?? 0
    let top = max(Double(finite), layer.ceiling.map(Double.init) ?? 0)
    for (row, unit) in units.enumerated() {
      let line = inner.line(row)
      let norm = Double(unit.norm)
      let (word, role) = state(unit.norm)
      let left =
        layer.wording.noun + " "
        + NumberText.padded(String(unit.index), to: String(layer.units).utf8.count)
      let value = NumberText.padded(NumberText.significant(norm), to: 8)
      TextLine([.init(left, .mutedText), .init(value, role), .init("  " + word, role)])
        .draw(in: line, into: &buffer, look)
      let bar = line.inset(left: left.utf8.count + 22)
      if bar.columns >= 4, top > 0, norm.isFinite {
        let columns = max(1, Int((norm / top * Double(bar.columns)).rounded()))
        let glyph = Cell(
          Glyph(look.glyphs.thickLine), look.theme.faint(role == .text ? .safe : role))
        buffer.fill(bar.splitLeft(columns).left, with: glyph)
      }
    }
  }

  /// The `count` units with the largest norms, largest first; NaN comes before all.
  private func largest(_ count: Int) -> [NormDigest.Unit] {
    guard count > 0 else { return [] }
    if let digest = layer.digest { return Array(digest.largest.prefix(count)) }
    let key = { (unit: Int) -> Float in
      let norm = layer.norms[unit]
      // All that are at the ceiling count as equal, or rounding would shuffle them in every frame.
      if let ceiling = layer.ceiling, layer.band.isHeld(norm, ceiling) { return ceiling }
      return norm.isNaN ? .infinity : norm
    }
    // Insertion into a short list: layers may have thousands of units, the panel a dozen rows.
    var best: [Int] = []
    for unit in layer.norms.indices {
      if best.count == count, let last = best.last, key(unit) <= key(last) { continue }
      let place = best.firstIndex { key($0) < key(unit) } ?? best.count
      best.insert(unit, at: place)
      if best.count > count { best.removeLast() }
    }
    return best.map { NormDigest.Unit(index: $0, norm: layer.norms[$0]) }
  }

  /// How a norm stands to the ceiling, in a word and in its role.
  private func state(_ norm: Float) -> (word: String, role: Role) {
    guard norm.isFinite else { return (NonFinite.words, .error) }
    guard let ceiling = layer.ceiling, ceiling > 0 else { return ("", .text) }
    if layer.band.isAbove(norm, ceiling) { return ("above r", .observed) }
    return layer.band.reaches(norm, ceiling) ? ("at ceiling", .ceiling) : ("", .text)
  }
}
