// What the presentation preset shows in large type: how good the net is, and how much is held.
import PlainText
import RunHistory
import RunRecords
import TerminalUI

/// A row of figures that the last bench can read.
struct FiguresBand {
  let model: DashboardModel

  /// A figure with the words about it.
  private struct Figure {
    var title: String
    var value: String
    var role: Role
    /// Below the value, the longest wording first.
    var notes: [String]
  }

  /// Wide enough for 0.832 and for 83.3%.
  private static let usualDots = 17
  /// Frame, figure and a line below it.
  private static let framing = 3

  /// The rows the band takes; none where charts would have too few.
  func rows(in body: Rect) -> Int {
    let scale = scale(body)
    let rows = scale.map { LargeType.height(at: $0) } ?? 1
    return body.rows >= rows + Self.framing + 7 ? rows + Self.framing : 0
  }

  /// Dots as large as leaves the charts most of the room; nil if not even the smallest do.
  private func scale(_ body: Rect) -> Int? {
    let columns = boxes(body.splitTop(1).top).map { Panel.interior(of: $0).columns }.min() ?? 0
    return LargeType.scales.last { scale in
      Self.usualDots * scale <= columns && LargeType.height(at: scale) * 3 <= body.rows
    }
  }

  private func boxes(_ rect: Rect) -> [Rect] {
    rect.columns(weights: (rect.columns >= 160 ? 0..<4 : 0..<3).map { _ in 1 })
  }

  func draw(in rect: Rect, body: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    guard !rect.isEmpty else { return }
    let boxes = boxes(rect)
    let scale = scale(body)
    for (box, figure) in zip(boxes, figures(look).suffix(boxes.count)) {
      let inner = Panel(title: figure.title).draw(in: box, into: &buffer, look)
      let (area, foot) = inner.splitBottom(1)
      let type = LargeType(figure.value, role: figure.role)
      let width = type.dots.map { $0 * (scale ?? 0) } ?? DisplayWidth.of(figure.value)
      let left = max(0, (area.columns - width) / 2)
      type.draw(at: scale ?? 1, in: area.inset(left: left), into: &buffer, look)
      let notes = figure.notes.map(ScreenText.printable)
      let note = notes.first { DisplayWidth.of($0) <= foot.columns } ?? ""
      let place = foot.inset(left: max(0, (foot.columns - DisplayWidth.of(note)) / 2))
      TextLine([.init(note, .mutedText)]).draw(in: place, into: &buffer, look)
    }
  }

  // MARK: Figures

  /// The last three are the ones that a narrow screen has.
  private func figures(_ look: Appearance) -> [Figure] {
    guard let segment = model.segment else {
      return ["training loss", "validation loss", "accuracy", "units at ceiling"].map {
        Figure(title: $0, value: "-", role: .mutedText, notes: ["no record yet"])
      }
    }
    let evaluation = segment.evaluation
    let training = Figure(
      title: "training loss", value: Self.number(evaluation?.trainLoss), role: .train,
      notes: ["step \(NumberText.grouped(segment.step))"])
    let validation = Figure(
      title: "validation loss", value: Self.number(evaluation?.validationLoss), role: .validation,
      notes: ["training \(Self.number(evaluation?.trainLoss))"])
    return [training, validation, metric(segment), held(segment, look)]
  }

  private func metric(_ segment: RunSegment) -> Figure {
    if segment.hasTaskMetric, let figure = segment.taskFigures.first {
      return Figure(
        title: Wording.figure(figure.name), value: Self.value(figure.value, of: figure.name),
        role: .validation,
        notes: figure.baselines.prefix(1).map {
          "\($0.name) \(Wording.value($0.value, of: figure.name))"
        })
    }
    let evaluation = segment.evaluation
    guard MetricPanel.hasFigure(model) else {
      let norm = segment.latest?.gradientNorm
      return Figure(
        title: "gradient norm", value: Self.number(norm), role: .text,
        notes: ["step \(NumberText.grouped(segment.step))"])
    }
    let name = "accuracy"
    return Figure(
      title: name, value: Self.value(evaluation?.validationAccuracy, of: name), role: .validation,
      notes: evaluation?.trainAccuracy.map { ["training \(Wording.value($0, of: name))"] } ?? [])
  }

  private func held(_ segment: RunSegment, _ look: Appearance) -> Figure {
    let constrained = segment.layers.filter { $0.ceiling != nil }
    let layers = constrained.filter { $0.latest == nil || $0.shareAtCeiling != nil }
    let units = layers.reduce(0) { $0 + $1.units }
    guard units > 0 else {
      return Figure(
        title: "units at ceiling", value: "-", role: .mutedText,
        notes: [constrained.isEmpty ? "no layer has a ceiling" : Wording.unmeasured])
    }
    let held = layers.reduce(0) { $0 + ($1.latest?.atCeiling ?? 0) }
    let isOn = segment.settings.isConstraintOn
    let ceiling = segment.settings.maxNorm.map { "r \(Wording.norm($0)) " } ?? ""
    let state = ceiling + (isOn ? "ON" : "OFF")
    let part = "\(NumberText.grouped(held)) of \(NumberText.grouped(units))"
    return Figure(
      title: "units at ceiling", value: Self.value(Float(held) / Float(units), of: "share"),
      role: isOn ? .ceiling : .observed,
      notes: ["\(part)\(look.separator)\(state)", state])
  }

  private static func number(_ value: Float?) -> String {
    value.map { NumberText.significant(Double($0)) } ?? "-"
  }

  /// Shares without the space before the sign: 83.3%.
  private static func value(_ value: Float?, of metric: String) -> String {
    guard let value, MetricName.isShare(metric) else { return number(value) }
    guard value.isFinite else { return number(value) }
    return NumberText.fixed(Double(value) * 100, decimals: value < 0.9995 ? 1 : 0) + "%"
  }
}
