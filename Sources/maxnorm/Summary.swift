// What is printed on the normal screen when the dashboard is left.
import Dashboard
import Foundation
import RunRecords
import TerminalUI

/// The run in a few lines.
func summary(of model: DashboardModel) -> [String] {
  guard let segment = model.segment else { return ["maxnorm: left before the run began"] }
  let header = segment.header
  var lines = [
    "\(header.name): \(header.title)",
    "  \(model.stateLabel) at step \(segment.step) of \(header.totalSteps), seed \(header.seed)",
  ]
  if let record = segment.evaluation {
    let losses = "train \(text(record.trainLoss))  validation \(text(record.validationLoss))"
    lines.append("  loss        \(losses)  (step \(record.step))")
    if let train = record.trainAccuracy, let validation = record.validationAccuracy {
      lines.append("  accuracy    train \(percent(train))  validation \(percent(validation))")
    }
  }
  if let best = segment.best {
    let value = best.metric.hasSuffix("accuracy") ? percent(best.value) : text(best.value)
    let name = best.metric.replacing("_", with: " ")
    lines.append("  best        \(name) \(value) at step \(best.step)")
  }
  if let twin = segment.twin?.evaluation {
    var line = "  twin        without the ceiling: validation loss \(text(twin.validationLoss))"
    if let accuracy = twin.validationAccuracy { line += ", accuracy \(percent(accuracy))" }
    lines.append(line + "  (step \(twin.step))")
  }
  let settings = segment.settings
  if let ceiling = settings.maxNorm {
    lines.append("  constraint  \(settings.isConstraintOn ? "on" : "off"), r = \(ceiling)")
  }
  for layer in segment.layers {
    guard let latest = layer.latest else { continue }
    var line = "  \(latest.name): norms \(text(latest.normMin)) to \(text(latest.normMax))"
    if latest.maxNorm != nil {
      line += ", \(latest.atCeiling) of \(layer.header.units) units at the ceiling"
      line += ", \(latest.clippedTotal) clipped"
    }
    lines.append(line)
  }
  // Titles come from files: nothing in them may reach the terminal as a control.
  return lines.map { ScreenText.printable($0) }
}

private func text(_ value: Float) -> String {
  value.isFinite ? String(format: "%.4g", Double(value)) : value.isNaN ? "NaN" : "infinite"
}
private func percent(_ share: Float) -> String { String(format: "%.1f %%", Double(share) * 100) }
