// Samples as Markdown: tables, texts, series and confusions in an event file.
import PlainText

extension SampleRecord {
  /// The sample as text; nil for a picture that has no label.
  var markdown: String? {
    switch content {
    case .table(let columns, let rows):
      Markdown.table(columns, rows.map { $0.map(\.cell) })
    case .text(let text): Markdown.code(text)
    case .series(let truth, let prediction, let baseline, let unit):
      Self.table(truth, prediction, baseline, unit)
    case .image(let image):
      image.label.map { label in
        "truth: \(Markdown.escaped(label.truth)), "
          + "prediction: \(Markdown.escaped(label.prediction))"
      }
    case .confusion(let classes, let counts):
      Markdown.table(
        ["truth down, prediction across"] + classes,
        zip(classes, counts).map { name, row in [name] + row.map(String.init) })
    }
  }

  private static func table(
    _ truth: [Double], _ prediction: [Double], _ baseline: [Double]?, _ unit: String?
  ) -> String {
    let unit = unit.map { " (\($0))" } ?? ""
    var columns = ["", "truth\(unit)", "prediction\(unit)"]
    if baseline != nil { columns.append("baseline\(unit)") }
    let rows = truth.indices.map { index in
      ["\(index + 1)", "\(truth[index])", "\(prediction[index])"]
        + (baseline.map { ["\($0[index])"] } ?? [])
    }
    return Markdown.table(columns, rows)
  }
}
