// `maxnorm predict`: what trained weights answer to rows of a table, or to arrays and images.
import ArgumentParser
import Basics
import Datasets
import Foundation
import PlainText
import Training

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Predicts the rows of a table with trained weights.",
    discussion: """
      A row comes out for each row that goes in, in order; where there is no prediction the last column \
      says why. Columns are found by their names. Where the target is known, the score goes to standard \
      error. The training data are not needed.

      Examples:
        maxnorm predict weights.safetensors new.csv > predictions.csv
        cat new.csv | maxnorm predict weights.safetensors -
      """)

  @Argument(help: "Weights or a checkpoint, as 'maxnorm run --save' writes them.")
  var weights: String

  @Argument(help: "A table (CSV; '-' is standard input), or an array or images (.npy, .npz, IDX).")
  var table: String

  @Option(
    help: ArgumentHelp("Of an array or images: the file of what they are.", valueName: "file"))
  var target: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Threads of matrix products.", valueName: "n"))
  var threads: Int = 1

  func validate() throws {
    guard 1...1024 ~= threads else {
      throw ValidationError("--threads: expected 1 to 1024, found \(threads)")
    }
  }

  func run() throws {
    let predictor = try Predictor(weights: weights, threads: threads)
    for note in predictor.notes { report("note: \(note)") }
    let rows: EncodedRows
    if predictor.readsArrays, table != "-" {
      rows = try predictor.rows(
        of: URL(fileURLWithPath: table), targets: target.map { URL(fileURLWithPath: $0) })
    } else {
      guard target == nil else {
        throw ProgramError(
          "--target: expected none with a table, found \(target ?? ""): its column goes by its name",
          status: ProgramError.Status.usage)
      }
      rows = try predictor.rows(of: try source(), name: table)
    }
    for note in rows.notes { report("note: \(note)") }
    let answers = predictor.answers(rows)
    let text = PredictionTable(predictor.output, rows, answers)
    guard try writeToStandardOutput(text.csv) else { return }
    if text.emptyRows > 0 {
      report(
        "note: \(text.emptyRows) of \(rows.reasons.count) rows have no prediction: see 'reason'")
    }
    if let score = PredictionScore(rows, answers) { report("score: \(score.sentence)") }
  }

  private func source() throws(ProgramError) -> TableSource {
    guard table == "-" else { return .file(URL(fileURLWithPath: table)) }
    return .bytes(try standardInput(), name: "standard input")
  }

  private func standardInput() throws(ProgramError) -> [UInt8] {
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(STDIN_FILENO, &part, part.count)
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw ProgramError(
          "standard input: cannot read: \(systemMessage()): give the name of a file",
          status: ProgramError.Status.notFound)
      }
      bytes += part[..<count]
      guard bytes.count < MachineMemory.available / 4 else {
        throw ProgramError(
          "standard input: expected less than \(MachineMemory.available >> 22) MB, found more: give a "
            + "smaller table", status: ProgramError.Status.badData)
      }
    }
  }
}

extension PredictionScore {
  fileprivate var sentence: String {
    switch self {
    case .accuracy(let right, let count, let largest):
      let share = NumberText.percent(Double(right) / Double(count))
      let baseline = NumberText.percent(Double(largest) / Double(count))
      return "accuracy \(share) (\(right) of \(count) rows); the largest class has \(baseline)"
    case .error(let error, let count, let baseline):
      return "RMSE \(PredictionTable.text(error)) over \(count) rows; "
        + "a simple answer has \(PredictionTable.text(baseline))"
    }
  }
}
