// One layer in the norms panel: a strip of its unit norms, its share at the ceiling, its state.
import PlainText
import RunHistory
import RunRecords
import TerminalUI

/// Draws layers on a common scale, in one to four rows each.
struct LayerNorms {
  let segment: RunSegment
  let scale: ClosedRange<Double>
  /// The rows of each layer, air included.
  let block: Int
  /// The width of the panel inside.
  private let columns: Int
  private let nameColumns: Int
  /// Digits of the largest number of units.
  let digits: Int
  /// Which names layers have: below their blocks those they have there.
  private let nameForm: LayerNameForm
  private let unitColumns: Int
  /// Whether there is room for the word "units" above their numbers.
  let isSpacious: Bool

  /// `names` are the columns of the longest name, `digits` those of the largest number of units.
  init(
    segment: RunSegment, scale: ClosedRange<Double>, block: Int, columns: Int, names: Int,
    digits: Int, isFolded: Bool
  ) {
    self.digits = digits
    self.segment = segment
    self.scale = scale
    self.block = block
    self.columns = columns
    isSpacious = columns >= 34
    nameColumns = max(
      isSpacious ? 5 : 2, min(max(LayerRows.leastNameColumns(isFolded), columns / 3), names))
    nameForm = LayerNameForm(isFolded: isFolded, names: names, columns: nameColumns)
    unitColumns = max(isSpacious ? 5 : 2, digits)
  }

  /// Where the strips stand: behind pointer, name and number of units.
  private func strip(_ rect: Rect) -> Rect {
    let used = 1 + nameColumns + (hasUnits(rect) ? 1 + unitColumns : 0) + 1
    return rect.inset(left: used).line(0)
  }

  /// On a single row the strip needs the room.
  private func hasUnits(_ rect: Rect) -> Bool {
    block > 1 && rect.columns >= nameColumns + unitColumns + 18
  }

  /// Strip, share at the ceiling, state, and one of air; what is above that shows a histogram.
  static let ownRows = 4

  // MARK: Scale

  /// Names of the columns and the ends of the scale, the ceiling between them.
  func drawScale(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    guard !rect.isEmpty else { return }
    let muted = look.style(.mutedText)
    let strip = strip(rect)
    if nameColumns >= 5 || hasUnits(rect) {
      buffer.write(
        "layer", at: rect.origin.offset(columns: 1), style: muted, maxWidth: max(5, nameColumns))
    }
    if isSpacious, hasUnits(rect) {
      let start = rect.origin.offset(columns: nameColumns + 2 + unitColumns - 5)
      buffer.write("units", at: start, style: muted)
    }
    buffer.write("0", at: strip.origin, style: muted)
    let upper = AxisLabel.text(scale.upperBound)
    var free = strip.right
    if let ceiling = segment.settings.maxNorm.map(Double.init), scale.contains(ceiling),
      let column = strip.column(of: ceiling, on: scale)
    {
      let text = Wording.norm(Float(ceiling))
      let width = text.utf8.count
      let start = max(strip.left + 2, min(column - width / 2, strip.right - width))
      buffer.write(
        text, at: Point(column: start, row: rect.top), style: look.style(.ceiling).bold)
      free = start + width + 1
    } else {
      free = strip.left + 2
    }
    let start = strip.right - upper.utf8.count
    if start >= free { buffer.write(upper, at: Point(column: start, row: rect.top), style: muted) }
  }

  // MARK: Rows

  func draw(
    _ layer: LayerState, isSelected: Bool, in rect: Rect, into buffer: inout CellBuffer,
    _ look: Appearance
  ) {
    guard !rect.isEmpty else { return }
    drawName(layer, isSelected: isSelected, in: rect, into: &buffer, look)
    let strip = strip(rect)
    guard let latest = layer.latest else {
      let text = segment.latest == nil ? "no record yet" : Wording.unmeasured
      buffer.write(text, at: strip.origin, style: look.style(.mutedText))
      return
    }
    let effect = segment.constraintEffect(on: layer)
    let beside = block == 1 && strip.columns >= 16 ? 11 : 0
    let density = max(0, block - Self.ownRows)
    drawBox(layer, latest, in: strip.splitRight(beside).rest, into: &buffer, look)
    if beside > 0 {
      let text = effect == .notApplied ? effect.label : share(layer)
      let share = NumberText.padded((effect == .observing ? "off " : "") + text, to: beside)
      TextLine([.init(share, role(effect, latest))]).draw(
        in: strip.splitRight(beside).right, into: &buffer, look)
    }
    if rect.rows == 2 { drawBrief(layer, latest, effect, in: rect.line(1), into: &buffer, look) }
    if density > 0 {
      let plot = Rect(
        column: strip.left, row: strip.top + 1, columns: strip.columns, rows: density)
      let (norms, unitsEach) = layer.representativeNorms
      let bars = NormBars(
        norms, unitsEach: unitsEach, scale: scale, ceiling: layer.ceiling.map(Double.init),
        columns: strip.columns)
      bars.draw(in: plot, top: Double(max(4, bars.most)), into: &buffer, look)
    }
    if rect.rows >= 3 {
      drawShare(layer, latest, effect, in: rect.line(density + 1), into: &buffer, look)
      drawState(layer, latest, effect, in: rect.line(density + 2), into: &buffer, look)
    }
  }

  private func drawBox(
    _ layer: LayerState, _ latest: StepRecord.Layer, in rect: Rect, into buffer: inout CellBuffer,
    _ look: Appearance
  ) {
    guard let smallest = latest.normMin, let quarter = latest.normP25,
      let median = latest.normMedian, let threeQuarters = latest.normP75,
      let largest = latest.normMax
    else {
      TextLine([.init("norms \(Wording.unmeasured)", .mutedText)]).draw(
        in: rect, into: &buffer, look)
      return
    }
    var box = BoxStrip(
      minimum: Double(smallest), lowerQuartile: Double(quarter), median: Double(median),
      upperQuartile: Double(threeQuarters), maximum: Double(largest), scale: scale,
      ceiling: layer.ceiling.map(Double.init), role: .safe)
    box.roleBeyond = .observed
    box.draw(in: rect, into: &buffer, look)
  }

  private func drawName(
    _ layer: LayerState, isSelected: Bool, in rect: Rect, into buffer: inout CellBuffer,
    _ look: Appearance
  ) {
    drawPointer(isSelected, in: rect, into: &buffer, look)
    buffer.write(
      look.name(of: layer, to: nameColumns, as: nameForm), at: rect.origin.offset(columns: 1),
      style: isSelected ? look.style(.title) : look.style(.text))
    if hasUnits(rect) {
      let units = NumberText.padded(layer.unitsText, to: unitColumns)
      buffer.write(
        units, at: rect.origin.offset(columns: nameColumns + 2), style: look.style(.mutedText))
    }
  }

  private func drawPointer(
    _ isSelected: Bool, in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    guard isSelected else { return }
    buffer.put(Glyph(look.glyphs.pointer), at: rect.origin, style: look.style(.keyHint))
  }

  // MARK: Blocks

  /// Draws a block: how many of its units are at the ceiling, and its largest norm.
  func draw(
    _ block: LayerBlock, isOpen: Bool, isSelected: Bool, in rect: Rect,
    into buffer: inout CellBuffer, _ look: Appearance
  ) {
    guard !rect.isEmpty else { return }
    drawPointer(isSelected, in: rect, into: &buffer, look)
    buffer.write(
      look.name(of: block, isOpen: isOpen, to: nameColumns), at: rect.origin.offset(columns: 1),
      style: isSelected ? look.style(.title) : look.style(.text))
    let summary = segment.summary(of: block)
    let line = rect.line(0).inset(left: nameColumns + 2)
    let role: Role =
      summary.atCeiling ?? 0 > 0 ? (segment.settings.isConstraintOn ? .ceiling : .observed) : .text
    let share = summary.shareAtCeiling.map {
      NumberText.padded(NumberText.percent($0, decimals: $0 < 0.9995 ? 1 : 0), to: 7)
    }
    let largest = summary.largest.map { NumberText.significant(Double($0)) } ?? "-"
    let layers: TextLine.Piece = .init("\(block.layers.count) layers  ", .mutedText)
    let norm: [TextLine.Piece] = [
      .init("largest ", .mutedText),
      .init(largest, summary.largest?.isFinite == false ? .error : .text),
    ]
    let room = line.columns - 8
    let left =
      [[layers] + norm, norm, Array(norm.suffix(1))].first {
        TextLine($0).width <= room
      } ?? []
    line.write(
      left: left, right: share.map { [TextLine.Piece($0, role)] } ?? [], into: &buffer, look)
    let bar = line.inset(left: TextLine(left).width + 1, right: 8)
    if bar.columns >= 3, let share = summary.shareAtCeiling {
      Bar(
        share: share, shape: segment.settings.isConstraintOn ? .low : .hatched, role: role
      ).draw(in: bar, into: &buffer, look)
    }
    guard rect.rows >= 2, let atCeiling = summary.atCeiling else { return }
    rect.line(1).inset(left: 1 + LayerRows.indent).write(
      left: [
        .init("at ceiling ", .mutedText),
        .init(Wording.part(atCeiling, summary.countedUnits), role),
      ], into: &buffer, look)
  }
}

/// A number at the end of an axis, as short as it can be written.
enum AxisLabel {
  static func text(_ value: Double) -> String { Wording.short(Float(value)) }
}
