// What a run and its changes are, in Markdown for an event file's texts.
import PlainText

extension RunHeader {
  /// What runs, on what, and its layers.
  var markdown: String {
    let examples = [
      trainExamples.map { "\($0) to train on" }, validationExamples.map { "\($0) to validate" },
      testExamples.map { "\($0) to test at the end" },
    ]
    let steps = [totalSteps.map { "\($0)" }, stepsPerEpoch.map { "\($0) an epoch" }]
    let facts: [(String, [String?])] = [
      ("title", [title]), ("program", [program, build.map { "\($0) build" }]),
      ("seed", [seed?.description]), ("threads", [threads?.description]),
      ("parameters", [parameters?.description]), ("examples", examples),
      ("batch", [batch?.description]), ("steps", steps),
      ("best by", [metric, goal.map { $0 == .maximize ? "the largest" : "the smallest" }]),
    ]
    let known = facts.map { [$0.0, $0.1.compactMap(\.self).joined(separator: ", ")] }
      .filter { !$0[1].isEmpty }
    return Markdown.table(["run", name], known) + "\n"
      + Markdown.table(
        ["layer", "kind", "shape", "units", "axis", "max_norm"],
        layers.map { layer in
          [
            layer.name, layer.kind, layer.shape.map(String.init).joined(separator: " x "),
            layer.units?.description ?? "", layer.axis, layer.maxNorm.map(\.description) ?? "none",
          ]
        })
  }
}

extension EventRecord {
  /// What was changed, in a line.
  var markdown: String {
    var line = "**\(Markdown.escaped(action.rawValue))**"
    if let layer { line += " of \(Markdown.escaped(layer))" }
    if let value { line += ": \(Markdown.escaped(Self.text(value)))" }
    if let from { line += " (was \(Markdown.escaped(Self.text(from))))" }
    if let clipped { line += ", \(clipped) units scaled back" }
    if undo { line += ", an undo" }
    return line
  }

  private static func text(_ value: Value) -> String {
    switch value {
    case .flag(let flag): flag ? "on" : "off"
    case .number(let number): "\(number)"
    case .seed(let seed): "seed \(seed)"
    case .steps(let steps): "\(steps) steps"
    case .path(let path): path
    }
  }
}

extension EndRecord {
  /// How the run ended.
  var markdown: String {
    var rows = [["reason", reason?.rawValue ?? "unknown"], ["step", "\(step)"]]
    if let error { rows.append(["error", error]) }
    if let validationLoss { rows.append(["validation_loss", "\(validationLoss)"]) }
    if let validationAccuracy { rows.append(["validation_accuracy", "\(validationAccuracy)"]) }
    if let best { rows.append(["best \(best.metric)", "\(best.value) at step \(best.step)"]) }
    if let clippedTotal { rows.append(["clipped_total", "\(clippedTotal)"]) }
    if let elapsed { rows.append(["seconds", "\(elapsed)"]) }
    return Markdown.table(["end", ""], rows)
  }
}
