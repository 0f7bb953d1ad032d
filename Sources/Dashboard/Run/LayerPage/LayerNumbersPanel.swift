// A layer's figures: what it is, where its norms stand, what the constraint does to it.
import PlainText
import RunHistory
import RunRecords
import TerminalUI

/// Names and numbers, one to a line.
struct LayerNumbersPanel {
  let model: DashboardModel
  let layer: LayerState

  static let description = PagePanelDescription(
    explanation: NormsPanel.description.explanation,
    showsConstraint: true,
    draw: { LayerNumbersPanel(model: $0, layer: $1).draw(in: $2, into: &$3, $4) })

  var wantedRows: Int { rows(.unicode).count + 2 }

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let effect = model.segment?.constraintEffect(on: layer) ?? .notApplied
    let role: Role =
      switch effect {
      case .active: .good
      case .observing: .warning
      case .notApplied: .mutedText
      }
    let inner = model.drawFrame(
      .numbers, of: layer, ScreenText.printable(layer.name), note: effect.label, noteRole: role,
      in: rect, into: &buffer, look)
    for (index, entry) in rows(look.glyphs).prefix(inner.rows).enumerated() {
      let width = DisplayWidth.of(entry.name) + 1
      let value =
        entry.values.first { width + DisplayWidth.of($0) <= inner.columns }
        ?? entry.values.last ?? ""
      inner.line(index).write(
        left: [.init(entry.name, .mutedText)], right: [.init(value, entry.role)],
        into: &buffer, look)
    }
  }

  private struct Row {
    var name: String
    /// The longest wording first.
    var values: [String]
    var role = Role.text

    init(_ name: String, _ values: String..., role: Role = .text) {
      self.name = name
      self.values = values
      self.role = role
    }
  }

  private func rows(_ glyphs: GlyphSet) -> [Row] {
    let shape = layer.header.shape.map(String.init).joined(separator: " x ")
    var axis = Row("norm")
    axis.values = layer.wording.axis
    var rows = [
      Row(ScreenText.printable("\(layer.header.kind) \(layer.header.tensor)"), shape), axis,
      Row("ceiling r", layer.ceiling.map(Wording.norm) ?? "none", role: .ceiling),
    ]
    if let weights = model.segment?.storedWeights {
      let tolerance = model.segment?.header.tolerance.map(Wording.short)
      rows.append(
        Row(
          "weights", ScreenText.printable(weights) + (tolerance.map { ", tolerance \($0)" } ?? ""),
          ScreenText.printable(weights)))
    }
    guard let latest = layer.latest else { return rows }
    rows += [
      norm("median", latest.normMedian), norm("largest", latest.normMax),
    ]
    if let twin = model.segment?.twin?.layer(layer.name) {
      let median = figure(twin.normMedian)
      let largest = figure(twin.normMax)
      rows.append(
        Row(
          "twin, no r", "median \(median)  largest \(largest)", "\(median), largest \(largest)",
          "up to \(largest)", role: .twin))
    }
    if layer.ceiling != nil { rows += constraintRows(latest, glyphs) }
    rows.append(
      Row("update / weights", latest.updateRatio.map(Wording.short) ?? Wording.unmeasured))
    var still = Row("unchanging")
    still.values = unchanging
    rows.append(still)
    if layer.ceiling != nil {
      var suggested = Row("suggested r")
      suggested.values = suggestion
      rows.append(suggested)
    }
    rows.append(norm("smallest", latest.normMin))
    return rows
  }

  /// A norm, and how far it is below the ceiling.
  private func norm(_ name: String, _ value: Float?) -> Row {
    guard let value else { return Row(name, Wording.unmeasured, role: .mutedText) }
    let number = NumberText.significant(Double(value))
    guard let ceiling = layer.ceiling, value.isFinite else { return Row(name, number) }
    let room = Wording.headroom(value, ceiling, layer.band)
    return Row(name, "\(number)  \(NumberText.padded(room, to: 12))", "\(number) \(room)", number)
  }

  private func constraintRows(_ latest: StepRecord.Layer, _ glyphs: GlyphSet) -> [Row] {
    let isOn = model.segment?.settings.isConstraintOn ?? true
    let atCeiling = latest.atCeiling.map { count -> [String] in
      guard let share = layer.shareAtCeiling.map({ NumberText.percent($0) }) else {
        return ["\(count)"]
      }
      return ["\(count) of \(layer.units)  \(share)", share]
    }
    let perStep = (isOn ? latest.clipped : latest.exceeded).flatMap { count in
      model.segment?.latest?.steps.map { Double(count) / Double(max(1, $0)) }
    }
    return [
      measured("at ceiling", atCeiling, isOn ? .ceiling : .observed),
      Row("next at r", next(glyphs)),
      measured(
        isOn ? "clipped per step" : "exceeded per step",
        perStep.map { [NumberText.fixed($0, decimals: 1)] }, isOn ? .clipped : .observed),
      measured(
        "clipped in total", latest.clippedTotal.map { [NumberText.grouped($0)] }, .clipped),
      measured("pull", pull(latest).map { [$0] }, .text),
    ]
  }

  /// How much of its norm a clipped unit lost; nil if that was not measured.
  private func pull(_ latest: StepRecord.Layer) -> String? {
    guard let clipped = latest.clipped else { return nil }
    guard clipped > 0 else { return "nothing clipped" }
    guard let pull = latest.shrinkMean.map({ 1 - Double($0) }) else { return nil }
    return NumberText.percent(pull, decimals: abs(pull) < 0.0995 ? 2 : 0)
      + (pull.isFinite ? " of the norm" : "")
  }

  /// A figure in wordings that get shorter; nil: no record holds it.
  private func measured(_ name: String, _ values: [String]?, _ role: Role) -> Row {
    var row = Row(name, role: values == nil ? .mutedText : role)
    row.values = values ?? [Wording.unmeasured]
    return row
  }

  private func figure(_ value: Float?) -> String {
    value.map { NumberText.significant(Double($0)) } ?? "-"
  }

  /// When the next units reach the ceiling, in words.
  private func next(_ glyphs: GlyphSet) -> String {
    model.segment?.forecast(layer).map { $0.words(glyphs) } ?? ""
  }

  /// What `a` would do for this layer.
  private var suggestion: [String] {
    guard model.refusalOfSuggestion == nil, let suggestion = model.suggestion else {
      return ["none"]
    }
    let share = NumberText.percent(suggestion.share, decimals: 0)
    let ceiling =
      (model.source.isRun ? model.keys.name(of: .suggestion) + ": " : "")
      + Wording.norm(suggestion.ceiling)
    return ["\(ceiling) holds \(share)", "\(ceiling) (\(share))", ceiling]
  }

  private var unchanging: [String] {
    // A digest does not tell one unit from another.
    guard layer.digest == nil else { return [Wording.unmeasured] }
    guard let count = layer.unchanging.count else { return ["too early to tell"] }
    let zeros = layer.norms.count { $0 == 0 }
    let short = "\(count) of \(layer.units)"
    return zeros > 0 ? ["\(short), norm 0: \(zeros)", "\(short), 0: \(zeros)", short] : [short]
  }
}

extension CeilingForecast {
  /// What a figure says: "≈ 230 steps", "not approaching".
  func words(_ glyphs: GlyphSet) -> String {
    switch self {
    case .reached(let part, let steps):
      (glyphs.isUnicode ? "≈ " : "~ ") + Wording.about(steps)
        + (steps == 1 ? " step" : " steps") + part.words
    case .notWithin(let steps): "not in \(Wording.about(steps)) steps"
    case .notApproaching: "not approaching"
    case .unclear: "no clear trend"
    case .tooEarly: "too early to tell"
    case .allReached: "all are"
    }
  }
}

extension CeilingForecast.Part {
  /// Whose turn it is, where it is not the first unit's.
  fileprivate var words: String {
    switch self {
    case .largest: ""
    case .quarter: " (1/4)"
    case .half: " (1/2)"
    case .threeQuarters: " (3/4)"
    case .all: " (all)"
    }
  }
}
