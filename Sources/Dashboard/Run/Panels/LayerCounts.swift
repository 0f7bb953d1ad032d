// Below a layer's strip: how many of its units are at the ceiling, whether it is held, its largest norm.
import PlainText
import RunHistory
import RunRecords
import TerminalUI

extension LayerNorms {
  /// Draws a line like: at ceiling 17 of 64 ▄▄▄▁▁▁▁▁ 26.6 %.
  func drawShare(
    _ layer: LayerState, _ latest: StepRecord.Layer, _ effect: ConstraintEffect, in line: Rect,
    into buffer: inout CellBuffer, _ look: Appearance
  ) {
    guard effect != .notApplied, layer.ceiling != nil else {
      let median = Self.norm(latest.normMedian)
      line.write(
        left: [.init(" median norm ", .mutedText), .init(median)], into: &buffer, look)
      return
    }
    guard let atCeiling = latest.atCeiling else {
      line.write(
        left: [.init(" at ceiling \(Wording.unmeasured)", .mutedText)], into: &buffer, look)
      return
    }
    let counted = NumberText.padded(String(atCeiling), to: digits)
    let left: [TextLine.Piece] = [
      .init(" at ceiling ", .mutedText),
      .init(
        isSpacious ? "\(counted) of \(layer.unitsText)" : "\(counted)/\(layer.unitsText)",
        role(effect, latest)),
    ]
    let right = NumberText.padded(share(layer), to: 7)
    line.write(left: left, right: [.init(right, role(effect, latest))], into: &buffer, look)
    let used = TextLine(left).width + 1
    drawBar(
      latest, layer, effect, in: line.inset(left: used, right: 8), into: &buffer, look)
  }

  /// Draws a line like: active 17 of 64 ▄▄▁▁▁ 26.6 %.
  func drawBrief(
    _ layer: LayerState, _ latest: StepRecord.Layer, _ effect: ConstraintEffect, in line: Rect,
    into buffer: inout CellBuffer, _ look: Appearance
  ) {
    guard effect != .notApplied, layer.ceiling != nil else {
      line.write(left: [.init(" " + effect.label, .mutedText)], into: &buffer, look)
      return
    }
    let word = effect == .active || line.columns >= 40 ? effect.label : "off"
    guard let atCeiling = latest.atCeiling else {
      line.write(
        left: [
          .init(" " + NumberText.leading(word, to: 7), stateRole(effect)),
          .init(Wording.unmeasured, .mutedText),
        ], into: &buffer, look)
      return
    }
    let counted = NumberText.padded(String(atCeiling), to: digits)
    let left: [TextLine.Piece] = [
      .init(" " + NumberText.leading(word, to: 7), stateRole(effect)),
      .init("\(counted) of \(layer.unitsText)", role(effect, latest)),
    ]
    let right = NumberText.padded(share(layer), to: 7)
    line.write(left: left, right: [.init(right, role(effect, latest))], into: &buffer, look)
    let used = TextLine(left).width + 1
    drawBar(
      latest, layer, effect, in: line.inset(left: used, right: 8), into: &buffer, look)
  }

  private func drawBar(
    _ latest: StepRecord.Layer, _ layer: LayerState, _ effect: ConstraintEffect, in rect: Rect,
    into buffer: inout CellBuffer, _ look: Appearance
  ) {
    guard rect.columns >= 3, let share = layer.shareAtCeiling else { return }
    Bar(
      share: share,
      shape: effect == .observing ? .hatched : .low, role: role(effect, latest)
    ).draw(in: rect, into: &buffer, look)
  }

  /// Draws a line like: active  headroom 25 %  largest 1.50.
  func drawState(
    _ layer: LayerState, _ latest: StepRecord.Layer, _ effect: ConstraintEffect, in line: Rect,
    into buffer: inout CellBuffer, _ look: Appearance
  ) {
    let largest = Self.norm(latest.normMax)
    let right: [TextLine.Piece] = [
      .init("largest ", .mutedText), .init(largest, largestRole(latest, effect)),
    ]
    var left: [TextLine.Piece] = [.init(" " + effect.label, stateRole(effect))]
    if let ceiling = layer.ceiling, let median = latest.normMedian, median <= ceiling {
      let room = Double((ceiling - median) / ceiling)
      let headroom: [TextLine.Piece] = [
        .init("  headroom ", .mutedText), .init(NumberText.percent(room, decimals: 0)),
      ]
      if TextLine(left + headroom + right).width + 1 < line.columns { left += headroom }
    }
    line.write(left: left, right: right, into: &buffer, look)
  }

  private func largestRole(_ latest: StepRecord.Layer, _ effect: ConstraintEffect) -> Role {
    guard let largest = latest.normMax else { return .mutedText }
    guard largest.isFinite else { return .error }
    guard effect == .observing, let ceiling = latest.maxNorm else { return .text }
    return largest > ceiling ? .observed : .text
  }

  private static func norm(_ value: Float?) -> String {
    value.map { NumberText.significant(Double($0)) } ?? Wording.unmeasured
  }

  func share(_ layer: LayerState) -> String {
    guard layer.ceiling != nil, let share = layer.shareAtCeiling else { return "" }
    return NumberText.percent(share, decimals: share < 0.9995 ? 1 : 0)
  }

  /// The role of a count of units at the ceiling: zero is not highlighted.
  func role(_ effect: ConstraintEffect, _ latest: StepRecord.Layer) -> Role {
    guard let count = latest.atCeiling, count > 0 else { return .text }
    return switch effect {
    case .active: .ceiling
    case .observing: .observed
    case .notApplied: .mutedText
    }
  }

  private func stateRole(_ effect: ConstraintEffect) -> Role {
    switch effect {
    case .active: .good
    case .observing: .warning
    case .notApplied: .mutedText
    }
  }
}
