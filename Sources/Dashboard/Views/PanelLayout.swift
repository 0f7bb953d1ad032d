// Which panels stand where: by the size of the screen, what there is to show, and the focus.
import RunRecords
import TerminalUI

/// Shares the body of the screen out among the panels.
struct PanelLayout {
  let model: DashboardModel

  /// A place on the screen.
  enum Slot: Equatable {
    case panel(DashboardModel.PanelKind)
    /// Charts that only large screens have room for.
    case accuracy, gradient, atCeiling
  }

  func slots(in body: Rect) -> [(slot: Slot, rect: Rect)] {
    if body.columns < 70 { return stacked(body) }
    if body.rows < 15 { return pair(body) }
    if body.columns >= 160 { return body.rows >= 34 ? large(body) : wide(body) }
    let (left, right) = body.splitRight(min(44, max(30, body.columns / 3)))
    let top = topRows(body.rows)
    let (loss, norms) = left.splitTop(top)
    return [(.panel(.loss), loss), (.panel(.normsOverTime), norms)]
      + column(right, alignedTo: top)
  }

  /// Nine rows of sixteen for what stands above.
  private func topRows(_ rows: Int) -> Int { (rows * 9 + 8) / 16 }

  // MARK: Large screens

  private func large(_ body: Rect) -> [(slot: Slot, rect: Rect)] {
    let (left, right) = body.splitRight(min(64, max(44, body.columns / 4)))
    let top = topRows(body.rows)
    let (upper, lower) = left.splitTop(top)
    let (loss, accuracy) = upper.splitLeft(upper.columns * 3 / 5)
    let (heat, charts) = lower.splitLeft(lower.columns * 3 / 5)
    let (gradient, share) = charts.splitTop((charts.rows + 1) / 2)
    var slots: [(slot: Slot, rect: Rect)] = [
      (.panel(.loss), loss), (.panel(.normsOverTime), heat), (.atCeiling, share),
    ]
    if hasAccuracy {
      slots += [(.accuracy, accuracy), (.gradient, gradient)]
    } else {
      slots[0].rect = upper
      slots.append((.gradient, gradient))
    }
    return slots + column(right, alignedTo: top)
  }

  /// Wide and low: three columns.
  private func wide(_ body: Rect) -> [(slot: Slot, rect: Rect)] {
    let (left, right) = body.splitRight(min(64, max(44, body.columns / 4)))
    let (loss, heat) = left.splitLeft(left.columns * 11 / 20)
    return [(.panel(.loss), loss), (.panel(.normsOverTime), heat)]
      + column(right, alignedTo: topRows(body.rows))
  }

  private var hasAccuracy: Bool {
    guard let segment = model.segment else { return true }
    if segment.header.metric.hasSuffix("accuracy") { return true }
    return !segment.validationAccuracy.isEmpty || !segment.trainAccuracy.isEmpty
  }

  // MARK: The right column

  /// Sample, norms and clipping one above the other; the border that the left column has too is
  /// kept where the contents let it.
  private func column(_ rect: Rect, alignedTo top: Int) -> [(slot: Slot, rect: Rect)] {
    var slots: [(slot: Slot, rect: Rect)] = []
    var rest = rect
    var upper = top
    if model.panels.contains(.sample) {
      let wanted = SamplePanel(model: model).wantedRows
      let rows = min(max(5, wanted), max(5, rect.rows - 13))
      let (sample, below) = rest.splitTop(rows)
      slots.append((.panel(.sample), sample))
      rest = below
      upper -= rows
    }
    let wanted = NormsPanel(model: model).wantedRows
    let least = min(wanted, 7)
    let most = max(least, rest.rows - 6)
    let rows = upper >= least && (upper >= wanted || wanted > most) ? upper : min(wanted, most)
    let (norms, clipping) = rest.splitTop(min(most, max(rows, min(upper, most))))
    return slots + [(.panel(.norms), norms), (.panel(.clipping), clipping)]
  }

  // MARK: Small screens

  /// Two panels side by side; the focused one is among them.
  private func pair(_ body: Rect) -> [(slot: Slot, rect: Rect)] {
    let (left, right) = body.splitRight(max(30, body.columns * 2 / 5))
    let focus = model.focus
    if focus == .loss || focus == .norms {
      return [(.panel(.loss), left), (.panel(.norms), right)]
    }
    if focus == .normsOverTime { return [(.panel(focus), left), (.panel(.norms), right)] }
    return [(.panel(.loss), left), (.panel(focus), right)]
  }

  /// One above the other: the focused panel, then as many as find room.
  private func stacked(_ body: Rect) -> [(slot: Slot, rect: Rect)] {
    let least = { (panel: DashboardModel.PanelKind) in
      panel == .loss || panel == .normsOverTime ? 9 : panel == .sample ? 6 : 7
    }
    let panels = model.panels
    var chosen: Set<Int> = []
    var used = 0
    let byImportance: [DashboardModel.PanelKind] = [
      model.focus, .loss, .norms, .clipping, .sample, .normsOverTime,
    ]
    for panel in byImportance {
      guard let index = panels.firstIndex(of: panel), !chosen.contains(index),
        chosen.isEmpty || used + least(panel) <= body.rows
      else { continue }
      chosen.insert(index)
      used += least(panel)
    }
    let shown = chosen.sorted().map { panels[$0] }
    return zip(shown, body.rows(weights: shown.map(least))).map { (.panel($0), $1) }
  }
}
