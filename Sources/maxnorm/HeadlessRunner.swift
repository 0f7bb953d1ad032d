// A run without a screen: records to standard output and logs, a progress line on a terminal.
import ArgumentParser
import Foundation
import RunRecords
import Terminal
import TerminalUI
import Training

/// Runs an experiment to its end, or to a signal.
struct HeadlessRunner {
  private let training: TrainingRun
  private let showsProgress: Bool

  init(_ experiment: Experiment, options: RunOptions) {
    var options = options
    // Where the records themselves go to the terminal, a progress line would tear them.
    showsProgress = isatty(STDERR_FILENO) == 1 && isatty(STDOUT_FILENO) == 0
    options.publishes = showsProgress
    training = TrainingRun(experiment, options: options, onNews: {})
  }

  /// Returns when the run has ended well.
  ///
  /// - Throws: what made it fail, or an `ExitCode` of a run that diverged or was interrupted.
  func run() throws {
    let run = training
    let signals = SignalWatcher { _ in run.interrupt() }
    defer { signals.cancel() }
    run.start()
    var progress = ProgressLine()
    while !run.waitUntilDone(seconds: 0.1) {
      guard showsProgress else { continue }
      progress.update(run.takeNews())
      run.requestNews()
    }
    if showsProgress { progress.finish() }
    if let signal = signals.received { throw ExitCode(signal.exitStatus) }
    switch run.outcome {
    case .failed(let error as LogError) where error.isClosedPipe: break
    case .failed(let error): throw error
    case .ended(.diverged):
      report("the run diverged: loss or weights are no longer finite: try a lower learning rate")
      throw ExitCode(ProgramError.Status.diverged)
    case .ended, nil: break
    }
  }
}

/// One line on standard error that is written over and over.
private struct ProgressLine {
  private var total = 0
  private var evaluation = ""

  mutating func update(_ records: [Record]) {
    for record in records {
      switch record {
      case .header(let header): total = header.totalSteps
      case .evaluation(let record):
        evaluation = "  validation loss \(record.validationLoss)"
        if let accuracy = record.validationAccuracy {
          evaluation += String(format: "  accuracy %.1f %%", accuracy * 100)
        }
      case .step(let record):
        let share = total > 0 ? 100 * record.step / total : 0
        let left =
          record.step > 0 ? record.elapsed / Double(record.step) * Double(total - record.step) : 0
        write(
          "\r\u{1B}[Kepoch \(record.epoch)  step \(record.step) of \(total)  \(share) %  "
            + "loss \(record.loss)\(evaluation)  \(Int(left.rounded(.up))) s left")
      default: break
      }
    }
  }

  func finish() { write("\r\u{1B}[K") }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
