// What a run and its changes are, in Markdown for an event file's texts.

extension RunHeader {
  /// What runs, on what, and its layers.
  var markdown: String {
    let facts = [
      ("title", title), ("program", "\(program), \(build) build"), ("seed", "\(seed)"),
      ("threads", "\(threads)"), ("parameters", "\(parameters)"),
      ("examples", "\(trainExamples) to train on, \(validationExamples) to validate"),
      ("batch", "\(batch)"), ("steps", "\(totalSteps), \(stepsPerEpoch) an epoch"),
      ("best by", "\(metric), \(goal == .maximize ? "the largest" : "the smallest")"),
    ]
    return Markdown.table(["run", name], facts.map { [$0.0, $0.1] }) + "\n"
      + Markdown.table(
        ["layer", "kind", "shape", "units", "axis", "max_norm"],
        layers.map { layer in
          [
            layer.name, layer.kind, layer.shape.map(String.init).joined(separator: " x "),
            "\(layer.units)", layer.axis, layer.maxNorm.map(\.description) ?? "none",
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
    var rows = [["reason", reason.rawValue], ["step", "\(step)"]]
    if let validationLoss { rows.append(["validation_loss", "\(validationLoss)"]) }
    if let validationAccuracy { rows.append(["validation_accuracy", "\(validationAccuracy)"]) }
    if let best { rows.append(["best \(best.metric)", "\(best.value) at step \(best.step)"]) }
    rows += [["clipped_total", "\(clippedTotal)"], ["seconds", "\(elapsed)"]]
    return Markdown.table(["end", ""], rows)
  }
}
