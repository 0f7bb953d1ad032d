// How many units each ceiling would hold, in rows, and the ceiling that a key takes.
import PlainText
import RunHistory
import TerminalUI

/// The percentile table of the latest norms: of all layers under the global r, and on a layer's
/// page of that layer.
struct SuggestionTable {
  let model: DashboardModel

  /// What `a` would do, or why it does nothing, the longest wording first.
  var action: [String] {
    if model.source.isRun, let refusal = model.refusal(of: .suggestion) {
      return [
        refusal, String(refusal.prefix { $0 != ":" }), String(refusal.prefix { $0 != "(" }),
      ]
    }
    guard let suggestion = model.suggestion else { return [] }
    let ceiling = Wording.norm(suggestion.ceiling)
    let share = NumberText.percent(suggestion.share, decimals: 0)
    let key = model.source.isRun ? model.keys.name(of: .suggestion) + ": " : "suggested "
    let later = model.wantsConstraint ? "" : " once on"
    let units = Wording.units(suggestion.units)
    return [
      "\(key)r \(ceiling) would hold \(share) of \(units)\(later)",
      "\(key)r \(ceiling) holds \(share)\(later)", "\(key)r \(ceiling)",
    ]
  }

  /// Draws a table like: r 2.10 ▄▄▄▁▁▁ 25 % of the units.
  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let norms = model.observedNorms
    var rows = norms.table()
    // The ceiling as it is now, among the others.
    let now = (model.pageLayer.map(\.ceiling) ?? model.segment?.settings.maxNorm) ?? nil
    if let now, now.isFinite, !norms.isEmpty {
      // What reads the same would look like a contradiction.
      rows.removeAll { Wording.norm($0.ceiling) == Wording.norm(now) }
      rows.append(HeldShare(ceiling: now, held: norms.held(at: now), units: norms.count))
      rows.sort { $0.ceiling > $1.ceiling }
    }
    rows = rows.enumerated().filter { index, row in
      index == 0 || Wording.norm(rows[index - 1].ceiling) != Wording.norm(row.ceiling)
    }.map(\.element)
    let width = rows.map { Wording.norm($0.ceiling).utf8.count }.max() ?? 4
    let digits = rows.map { NumberText.grouped($0.held).utf8.count }.max() ?? 1
    for (index, row) in Self.thinned(rows, to: rect.rows, keeping: now).enumerated() {
      let isNow = row.ceiling == now
      let line = rect.line(index)
      let role: Role = isNow ? .ceiling : .text
      let left: [TextLine.Piece] = [
        .init("r ", .mutedText),
        .init(NumberText.padded(Wording.norm(row.ceiling), to: width), role, isBold: isNow),
        .init(isNow ? " now " : "     ", .ceiling),
      ]
      let right: [TextLine.Piece] = [
        .init(NumberText.padded(NumberText.percent(row.share, decimals: 0), to: 6), role),
        .init(NumberText.padded(NumberText.grouped(row.held), to: digits + 2), .mutedText),
      ]
      line.write(left: left, right: right, into: &buffer, look)
      let bar = line.inset(left: TextLine(left).width + 1, right: TextLine(right).width + 1)
      if bar.columns >= 4 {
        Bar(share: row.share, shape: .low, role: isNow ? .ceiling : .safe)
          .draw(in: bar, into: &buffer, look)
      }
    }
  }

  /// As many rows as fit: the ends and the present ceiling are the last to go.
  private static func thinned(_ rows: [HeldShare], to count: Int, keeping now: Float?)
    -> [HeldShare]
  {
    var rows = rows
    while rows.count > max(0, count) {
      let inner = rows.indices.filter { rows[$0].ceiling != now && $0 % 2 == 1 }
      rows.remove(at: inner.last ?? rows.count - 1)
    }
    return rows
  }
}

/// The table on a layer's page, and what the key does.
struct SuggestionPanel {
  let model: DashboardModel
  let layer: LayerState

  static let description = PagePanelDescription(
    explanation: Explanation(
      term: "suggested r",
      brief: [
        "the r that holds a quarter of the units: a start, not the best r",
        "the r that holds a quarter",
      ],
      full: "The r that the largest quarter of the units reaches: all layers under the global r"
        + " together, on a layer's page that layer alone. It acts at once and leaves the median unit"
        + " alone. A start: which r is best only the validation loss tells. Srivastava et al. (2014)"
        + " found 3 to 4 typical for their nets."),
    draw: { SuggestionPanel(model: $0, layer: $1).draw(in: $2, into: &$3, $4) })

  static let wantedRows = 12

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let inner = model.drawFrame(
      .suggestion, of: layer, "what each r would hold",
      note: layer.digestNote(look) + "of \(layer.wording.count(layer.units))", in: rect,
      into: &buffer, look)
    guard layer.representativeNorms.norms.contains(where: \.isFinite) else {
      model.drawEmpty("no norms told yet", in: inner, into: &buffer, look)
      return
    }
    let table = SuggestionTable(model: model)
    let action = table.action
    let (rows, foot) = inner.splitBottom(inner.rows >= 4 && !action.isEmpty ? 1 : 0)
    buffer.clipped(to: inner) { buffer in
      table.draw(in: rows, into: &buffer, look)
      let text = action.first { DisplayWidth.of($0) <= foot.columns } ?? action.last ?? ""
      TextLine([.init(text, .keyHint)]).draw(in: foot, into: &buffer, look)
    }
  }
}
