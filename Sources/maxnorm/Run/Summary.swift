// What is printed on the normal screen when the dashboard is left.
import Dashboard
import Foundation
import PlainText
import RunHistory
import RunRecords
import TerminalUI

/// The run in a few lines; with glyphs layers have bars, without they are sentences.
///
/// `files` are those that the run itself wrote.
func summary(
  of model: DashboardModel, files: [String], glyphs: GlyphSet? = nil
) -> [String] {
  guard let segment = model.segment else { return ["maxnorm: left before the run began"] }
  let header = segment.header
  var lines = [
    header.name + (header.title.isEmpty ? "" : ": \(header.title)"),
    "  \(model.stateLabel) at step \(steps(segment.step))"
      + (segment.totalSteps.map { " of \(steps($0))" } ?? "")
      + (header.seed.map { ", seed \($0)" } ?? ""),
  ]
  if let error = segment.end?.error { lines.append("  error       \(error)") }
  let skippedLines = (model.replay?.skippedLines.sentence).map { [$0] } ?? []
  lines += (header.remarks + skippedLines).map { "  note        \($0)" }
  if let record = segment.evaluation {
    let losses = [
      record.trainLoss.map { "train \(text($0))" },
      record.validationLoss.map { "validation \(text($0))" },
    ].compactMap(\.self).joined(separator: "  ")
    if !losses.isEmpty { lines.append("  loss        \(losses)  (step \(steps(record.step)))") }
    if let train = record.trainAccuracy, let validation = record.validationAccuracy {
      lines.append("  accuracy    train \(percent(train))  validation \(percent(validation))")
    }
  }
  if let best = segment.best {
    let value = best.metric.hasSuffix("accuracy") ? percent(best.value) : text(best.value)
    let name = best.metric.replacing("_", with: " ")
    lines.append("  best        \(name) \(value) at step \(steps(best.step))")
  }
  if let test = segment.end.flatMap(segment.text(ofTestAt:)) {
    let step = segment.end?.test?.step.map { "  (weights of step \(steps($0)))" } ?? ""
    lines.append("  test        \(test.dropFirst(test.hasPrefix("test ") ? 5 : 0))\(step)")
  } else if let count = segment.header.testExamples {
    lines.append("  test        \(steps(count)) examples, not measured")
  }
  if let baseline = segment.evaluation.flatMap(TrivialBaseline.init(unbeatenIn:)) {
    lines.append("  beware      \(baseline.sentence)")
  }
  if let twin = segment.twin?.evaluation, let loss = twin.validationLoss {
    var line = "  twin        no ceiling: validation loss \(text(loss))"
    if let accuracy = twin.validationAccuracy { line += ", accuracy \(percent(accuracy))" }
    lines.append(line + "  (step \(steps(twin.step)))")
  }
  let settings = segment.settings
  if let ceiling = settings.maxNorm {
    lines.append("  constraint  \(settings.isConstraintOn ? "on" : "off"), r = \(ceiling)")
  }
  if !segment.marks.isEmpty { lines.append("  changes     \(changes(segment.marks))") }
  let clipping = segment.layers.filter { $0.latest?.maxNorm != nil }
  if clipping.count > 1, let total = segment.clippedTotal {
    lines.append("  clipped     \(NumberText.grouped(total)) times in all")
  }
  let layers = segment.layers.prefix(mostLayers)
  if let glyphs {
    lines += LayerBars(layers, steps: segment.step).lines(glyphs)
  } else {
    lines += layers.compactMap(sentence)
  }
  if segment.layers.count > mostLayers {
    lines.append("  and \(segment.layers.count - mostLayers) layers more")
  }
  let written = files + model.exportedFiles
  if !written.isEmpty { lines.append("  written     \(written.joined(separator: ", "))") }
  // Titles come from files: nothing in them may reach the terminal as a control.
  return lines.map { ScreenText.printable($0) }
}

/// A deep net must not push the figures out of sight.
private let mostLayers = 12

private func sentence(_ layer: LayerState) -> String? {
  guard let latest = layer.latest else { return nil }
  var facts: [String] = []
  if let smallest = latest.normMin, let largest = latest.normMax {
    facts.append("norms \(norm(smallest)) to \(norm(largest))")
  }
  if latest.maxNorm != nil, let count = latest.atCeiling {
    facts.append("\(count)" + (layer.units > 0 ? " of \(layer.units)" : "") + " at the ceiling")
  }
  if latest.maxNorm != nil, let total = latest.clippedTotal {
    facts.append("clipped \(NumberText.grouped(total)) times")
  }
  return facts.isEmpty ? nil : "  \(latest.name): " + facts.joined(separator: ", ")
}

/// The latest changes of settings, and how many there were.
private func changes(_ marks: [SettingMark]) -> String {
  let latest = marks.suffix(6).map { mark in
    let label = ["on", "off"].contains(mark.label) ? "constraint \(mark.label)" : mark.label
    return "\(label) at step \(steps(mark.step))"
  }
  let list = latest.joined(separator: ", ")
  return marks.count > latest.count ? "\(marks.count) in all, at last \(list)" : list
}

private func text(_ value: Float) -> String {
  value.isFinite ? String(format: "%.4g", Double(value)) : NonFinite.text(of: value)
}
private func norm(_ value: Float) -> String { NumberText.significant(Double(value)) }
private func steps(_ count: Int) -> String { NumberText.grouped(count) }
private func percent(_ share: Float) -> String { String(format: "%.1f %%", Double(share) * 100) }
