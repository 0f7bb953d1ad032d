// What a run has come to layer by layer, as bars for the normal screen: norms, and how often units were
// clipped.
import Dashboard
import PlainText
import RunHistory
import RunRecords
import TerminalUI

/// A table of bars, at most 80 columns wide.
struct LayerBars {
  private let rows: [Row]
  /// What the bars of norms are measured against: the largest norm or ceiling of all layers.
  private let most: Double

  private struct Row {
    var name: String
    /// The largest norm of a unit.
    var norm: Double?
    /// How many units are at the ceiling, in words; empty without a ceiling.
    var held: String
    /// The share of all updates of units that the constraint has scaled back, 0…1.
    var clipShare: Double?
  }

  private static let nameColumns = 16
  private static let normColumns = 18
  private static let heldColumns = 14
  private static let clipColumns = 10

  /// Of a run of `steps` optimizer steps.
  init(_ layers: some Sequence<LayerState>, steps: Int) {
    var most = 0.0
    rows = layers.compactMap { layer in
      guard let latest = layer.latest else { return nil }
      let norm = latest.normMax.map(Double.init)
      for value in [norm, latest.maxNorm.map(Double.init)].compactMap({ $0 }) where value.isFinite {
        most = max(most, value)
      }
      var row = Row(name: layer.shownName, norm: norm, held: "")
      guard latest.maxNorm != nil else { return row }
      if let count = latest.atCeiling { row.held = "\(count) of \(layer.unitsText)" }
      if let total = latest.clippedTotal, layer.units > 0, steps > 0 {
        row.clipShare = Double(total) / Double(layer.units) / Double(steps)
      }
      return row
    }
    self.most = most
  }

  /// A line of titles and a line for each layer that records have told of; none without such layers.
  func lines(_ glyphs: GlyphSet) -> [String] {
    guard !rows.isEmpty else { return [] }
    let hasCeilings = rows.contains { !$0.held.isEmpty }
    var title =
      "  " + NumberText.leading("layer", to: Self.nameColumns + 1)
      + NumberText.leading("largest norm", to: Self.normColumns + 8)
    if hasCeilings {
      title += NumberText.leading("at the ceiling", to: Self.heldColumns + 2) + "updates clipped"
    }
    return ([title] + rows.map { line($0, hasCeilings, glyphs) }).map(Self.trimmed)
  }

  private func line(_ row: Row, _ hasCeilings: Bool, _ glyphs: GlyphSet) -> String {
    let look = Appearance(theme: .terminal, glyphs: glyphs)
    let name = look.shortened(row.name, to: Self.nameColumns)
    var line =
      "  " + NumberText.leading(name, to: Self.nameColumns) + " "
      + bar(row.norm.map { most > 0 ? $0 / most : 0 }, Self.normColumns, glyphs)
      + NumberText.padded(row.norm.map(NumberText.significant) ?? "", to: 6) + "  "
    if hasCeilings {
      line +=
        NumberText.leading(row.held, to: Self.heldColumns + 2)
        + bar(row.clipShare, Self.clipColumns, glyphs)
        + NumberText.padded(row.clipShare.map { NumberText.percent($0) } ?? "", to: 8)
    }
    return line
  }

  /// A bar in so many columns; a share that is not finite has none.
  private func bar(_ share: Double?, _ columns: Int, _ glyphs: GlyphSet) -> String {
    let share = share.flatMap { $0.isFinite ? $0 : nil } ?? 0
    let parts = Bar(share: share).parts(columns: columns, glyphs)
    return NumberText.leading(String(String.UnicodeScalarView(parts)), to: columns)
  }

  private static func trimmed(_ line: String) -> String {
    String(line.reversed().drop { $0 == " " }.reversed())
  }
}
