// Predictions as CSV: a row for each row of the input, in its order.
import Datasets
import Foundation
import Training

/// The rows of `maxnorm predict`.
struct PredictionTable {
  let csv: String
  /// Rows without a prediction.
  let emptyRows: Int

  init(_ output: OutputEncoding, _ rows: EncodedRows, _ answers: [Answer]) {
    var columns: [String]
    if output.classes.isEmpty {
      columns = Self.numbered("prediction", output.means.count)
    } else if case .classes(let steps)? = answers.first, steps.count > 1 {
      columns = Self.numbered("prediction", steps.count)
    } else {
      columns = ["prediction"] + output.classes.map { "probability_\($0)" }
    }
    columns.append("reason")
    var lines = [columns.map(Self.cell).joined(separator: ",")]
    var next = 0
    for reason in rows.reasons {
      let cells: [String]
      if let reason {
        cells = Array(repeating: "", count: columns.count - 1) + [reason]
      } else {
        cells = Self.cells(answers[next], output.classes) + [""]
        next += 1
      }
      lines.append(cells.map(Self.cell).joined(separator: ","))
    }
    csv = lines.joined(separator: "\n") + "\n"
    emptyRows = rows.reasons.count - next
  }

  private static func numbered(_ name: String, _ count: Int) -> [String] {
    count == 1 ? [name] : (1...count).map { "\(name)_\($0)" }
  }

  private static func cells(_ answer: Answer, _ classes: [String]) -> [String] {
    switch answer {
    case .numbers(let numbers): numbers.map(text)
    case .classes(let steps) where steps.count == 1:
      [classes[steps[0].largestPlace]] + steps[0].map(text)
    case .classes(let steps): steps.map { classes[$0.largestPlace] }
    }
  }

  /// A number with the digits that a Float has.
  static func text(_ number: Double) -> String {
    guard number.isFinite else { return number.isNaN ? "NaN" : number < 0 ? "-inf" : "inf" }
    return String(format: "%.7g", number)
  }

  /// A cell as RFC 4180 has it.
  private static func cell(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"\(text.replacing("\"", with: "\"\""))\""
  }
}
