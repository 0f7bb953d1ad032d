// Records as rows of a table: one row a step record, evaluations and events told apart by `type`.

/// Turns records into CSV; a header record opens the table with the names of the columns.
package struct CSVRows: Sendable {
  private var columns: [String] = []
  /// The header's metric.
  private var metric = ""

  package init() {}

  private static let layerColumns = [
    "max_norm", "norm_min", "norm_p25", "norm_median", "norm_p75", "norm_max", "at_ceiling",
    "exceeded", "clipped", "clipped_total", "shrink_mean", "update_ratio",
  ]

  private static let lossColumns = [
    "train_loss", "train_accuracy", "validation_loss", "validation_accuracy",
  ]

  /// The lines for a record; empty for norms and samples, which are no rows.
  package mutating func rows(for record: Record) -> String {
    switch record {
    case .header(let header): open(header)
    case .step(let record): row("step", Self.cells(record))
    case .evaluation(let record): row("evaluation", cells(record))
    case .event(let record): row("event", Self.cells(record))
    case .end(let record): row("end", Self.cells(record))
    // Types of their own: who reads the main run by its types finds what was there without a twin.
    case .twin(.step(let record)): row("twin_step", Self.cells(record))
    case .twin(.evaluation(let record)): row("twin_evaluation", cells(record))
    case .twin(.end(let record)): row("twin_end", Self.cells(record))
    case .norms, .sample, .twin(.norms): ""
    }
  }

  /// The line of column names; nothing for a later segment of the same run.
  private mutating func open(_ header: RunHeader) -> String {
    guard columns.isEmpty else { return "" }
    metric = header.metric
    columns =
      [
        "type", "step", "epoch", "steps", "loss", "loss_min", "loss_max", "learning_rate",
        "gradient_norm", "gradient_norm_max", "constraint.enabled", "constraint.max_norm",
      ]
      + header.layers.flatMap { layer in Self.layerColumns.map { "\(layer.name).\($0)" } }
      + [
        "examples_per_second", "elapsed", "train_loss", "train_accuracy", "validation_loss",
        "validation_accuracy",
      ]
      // The task's own figure, where that is what "best" goes by.
      + (Self.lossColumns.contains(header.metric) ? [] : [header.metric])
      + [
        "action", "layer", "from", "value", "clipped", "undo", "reason",
        "clipped_total", "best.step", "best.\(header.metric)",
      ]
    return columns.map(Self.quoted).joined(separator: ",") + "\n"
  }

  /// The cells come in the order of the columns, some left out.
  private func row(_ type: String, _ cells: [(String, String)]) -> String {
    var rest = cells[...]
    return columns.map { column in
      if column == "type" { return type }
      guard rest.first?.0 == column else { return "" }
      return Self.quoted(rest.removeFirst().1)
    }.joined(separator: ",") + "\n"
  }

  private static func cells(_ record: StepRecord) -> [(String, String)] {
    var cells: [(String, String)] = [
      ("step", "\(record.step)"), ("epoch", "\(record.epoch)"), ("steps", "\(record.steps)"),
      ("loss", text(record.loss)), ("loss_min", text(record.lossMin)),
      ("loss_max", text(record.lossMax)), ("learning_rate", text(record.learningRate)),
      ("gradient_norm", text(record.gradientNorm)),
      ("gradient_norm_max", text(record.gradientNormMax)),
      ("constraint.enabled", "\(record.constraint.enabled)"),
      ("constraint.max_norm", text(record.constraint.maxNorm)),
    ]
    for layer in record.layers {
      let values = [
        text(layer.maxNorm), text(layer.normMin), text(layer.normP25), text(layer.normMedian),
        text(layer.normP75), text(layer.normMax), "\(layer.atCeiling)", "\(layer.exceeded)",
        "\(layer.clipped)", "\(layer.clippedTotal)", text(layer.shrinkMean),
        text(layer.updateRatio),
      ]
      for (column, value) in zip(layerColumns, values) {
        cells.append(("\(layer.name).\(column)", value))
      }
    }
    cells.append(("examples_per_second", "\(record.examplesPerSecond)"))
    cells.append(("elapsed", "\(record.elapsed)"))
    return cells
  }

  private func cells(_ record: EvaluationRecord) -> [(String, String)] {
    var cells = [
      ("step", "\(record.step)"), ("epoch", "\(record.epoch)"),
      ("train_loss", Self.text(record.trainLoss)),
      ("train_accuracy", Self.text(record.trainAccuracy)),
      ("validation_loss", Self.text(record.validationLoss)),
      ("validation_accuracy", Self.text(record.validationAccuracy)),
    ]
    if !Self.lossColumns.contains(metric) {
      cells.append((metric, Self.text(record.value(of: metric))))
    }
    return cells
  }

  private static func cells(_ record: EventRecord) -> [(String, String)] {
    [
      ("step", "\(record.step)"), ("action", record.action.rawValue), ("layer", record.layer ?? ""),
      ("from", record.from.map(text) ?? ""), ("value", record.value.map(text) ?? ""),
      ("clipped", record.clipped.map(String.init) ?? ""), ("undo", record.undo ? "true" : ""),
    ]
  }

  private static func cells(_ record: EndRecord) -> [(String, String)] {
    var cells = [
      ("step", "\(record.step)"), ("elapsed", "\(record.elapsed)"),
      ("validation_loss", text(record.validationLoss)),
      ("validation_accuracy", text(record.validationAccuracy)),
      ("reason", record.reason.rawValue), ("clipped_total", "\(record.clippedTotal)"),
    ]
    if let best = record.best {
      cells.append(("best.step", "\(best.step)"))
      cells.append(("best.\(best.metric)", text(best.value)))
    }
    return cells
  }

  private static func text(_ value: Float?) -> String {
    guard let value else { return "" }
    if value.isFinite { return value.description }
    return value.isNaN ? "NaN" : value > 0 ? "Infinity" : "-Infinity"
  }

  private static func text(_ value: EventRecord.Value) -> String {
    switch value {
    case .flag(let flag): "\(flag)"
    case .number(let number): text(number)
    case .seed(let seed): "\(seed)"
    case .steps(let steps): "\(steps)"
    case .path(let path): path
    }
  }

  /// A cell in quotes where it needs them (RFC 4180).
  package static func quoted(_ cell: String) -> String {
    // By scalars: a line break of two, or an accent behind a comma, makes another character of it.
    let scalars = cell.unicodeScalars
    guard scalars.contains(where: { [",", "\"", "\n", "\r"].contains($0) }) else { return cell }
    let doubled = scalars.flatMap { $0 == "\"" ? [$0, $0] : [$0] }
    return "\"\(String(String.UnicodeScalarView(doubled)))\""
  }
}
