// A layer's figures: what it is, where its norms stand, what the constraint does to it.
import RunRecords
import TerminalUI

/// Names and numbers, one to a line.
struct LayerNumbersPanel {
  let model: DashboardModel
  let layer: LayerState

  var wantedRows: Int { rows.count + 2 }

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let holding = model.segment?.holding(layer) ?? .notApplied
    let role: Role =
      switch holding {
      case .active: .good
      case .observing: .warning
      case .notApplied: .mutedText
      }
    let inner = model.drawFrame(
      nil, ScreenText.printable(layer.name), note: holding.label, noteRole: role, in: rect,
      into: &buffer, look)
    for (row, entry) in rows.prefix(inner.rows).enumerated() {
      inner.line(row).write(
        left: [.init(entry.name, .mutedText)], right: [.init(entry.value, entry.role)],
        into: &buffer, look)
    }
  }

  private struct Row {
    var name: String
    var value: String
    var role = Role.text
  }

  private var rows: [Row] {
    let shape = layer.header.shape.map(String.init).joined(separator: " x ")
    var rows = [
      Row(name: ScreenText.printable("\(layer.header.kind) \(layer.header.tensor)"), value: shape),
      Row(name: "norm", value: layer.wording.axis.last ?? ""),
      Row(name: "ceiling r", value: layer.ceiling.map(Wording.norm) ?? "none", role: .ceiling),
    ]
    guard let latest = layer.latest else { return rows }
    let number = { (value: Float) in NumberText.significant(Double(value)) }
    rows += [
      Row(name: "median norm", value: number(latest.normMedian)),
      Row(name: "largest norm", value: number(latest.normMax)),
    ]
    guard layer.ceiling != nil else {
      rows.append(Row(name: "update / weights", value: number(latest.updateRatio)))
      return rows
    }
    let isOn = model.segment?.settings.isConstraintOn ?? true
    let steps = Double(max(1, model.segment?.latest?.steps ?? 1))
    let share = layer.units > 0 ? Double(latest.atCeiling) / Double(layer.units) : 0
    rows += [
      Row(
        name: "at ceiling",
        value: "\(latest.atCeiling) of \(layer.units)  \(NumberText.percent(share))",
        role: isOn ? .ceiling : .observed),
      Row(
        name: "exceeded per step",
        value: NumberText.fixed(Double(latest.exceeded) / steps, decimals: 1),
        role: isOn ? .text : .observed),
      Row(
        name: "clipped per step",
        value: NumberText.fixed(Double(latest.clipped) / steps, decimals: 1),
        role: .clipped),
      Row(name: "clipped in total", value: NumberText.grouped(latest.clippedTotal), role: .clipped),
      Row(
        name: "mean factor r / norm",
        value: NumberText.fixed(Double(latest.shrinkMean), decimals: 4)),
      Row(name: "update / weights", value: number(latest.updateRatio)),
      Row(name: "smallest norm", value: number(latest.normMin)),
    ]
    return rows
  }
}
