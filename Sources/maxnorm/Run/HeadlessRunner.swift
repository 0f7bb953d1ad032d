// A run without a screen: records to standard output and logs, a progress line on a terminal.
import ArgumentParser
import Basics
import Experiments
import Foundation
import PlainText
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
    // One that came before the start was an order to a run that had none to carry out yet.
    if signals.received != nil { run.interrupt() }
    var progress = ProgressLine()
    var hasOutput = true
    func tellOfLostOutput() {
      // Nothing else is troublesome and yet no end of a run without a screen.
      guard hasOutput, let trouble = run.troubles.last else { return }
      hasOutput = false
      if showsProgress { progress.finish() }
      reportLostOutput((trouble as? ProgramError)?.place ?? "standard output")
    }
    while !run.waitUntilDone(seconds: 0.1) {
      tellNotes(progress)
      tellOfLostOutput()
      guard showsProgress else { continue }
      if signals.received != nil {
        progress.stop(run.writing)
        continue
      }
      progress.update(run.takeNews())
      run.requestNews()
    }
    if showsProgress { progress.finish() }
    tellNotes(progress)
    tellOfLostOutput()
    if run.unappliedEvents > 0 {
      report(
        "--events: \(run.unappliedEvents) of the log's events were not applied: their steps did not "
          + "come, as with other settings than the log's")
    }
    switch run.outcome {
    case .failed(let error as ProgramError) where error.isClosedPipe: break
    // A failure is reported even if a signal came as well.
    case .failed(let error): throw error
    case _ where signals.received != nil:
      throw ExitCode(signals.received?.exitStatus ?? ProgramError.Status.failure)
    case .ended(.diverged):
      report("the run diverged: loss or weights are no longer finite: try a lower learning rate")
      throw ExitCode(ProgramError.Status.diverged)
    case .ended, nil: break
    }
  }

  private func tellNotes(_ progress: ProgressLine) {
    for note in training.takeNotes() {
      if showsProgress { progress.finish() }
      report("note: \(note)")
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
      case .header(let header): total = header.totalSteps ?? 0
      case .event(let event):
        if case .steps(let steps)? = event.value { total = steps }
      case .evaluation(let record):
        evaluation = record.validationLoss.map { "  validation loss \($0)" } ?? ""
        if let accuracy = record.validationAccuracy {
          evaluation += String(format: "  accuracy %.1f %%", accuracy * 100)
        }
      case .step(let record):
        let share = NumberText.percent(Double(record.step) / Double(max(total, 1)))
        guard let elapsed = record.elapsed, let epoch = record.epoch, let loss = record.loss else {
          continue
        }
        let left = elapsed / Double(max(record.step, 1)) * Double(total - record.step)
        writeToStandardError(
          "\r\u{1B}[Kepoch \(epoch)  step \(record.step) of \(total)  \(share)  "
            + "loss \(loss)\(evaluation)  \(NumberText.duration(left)) left")
      case .norms, .sample, .end, .refused, .twin, .rank: break
      }
    }
  }

  func stop(_ file: String?) { writeToStandardError("\r\u{1B}[K" + stoppingLine(file)) }

  func finish() { writeToStandardError("\r\u{1B}[K") }
}

/// What is still to be done before the program ends, in one line.
func stoppingLine(_ file: String?) -> String {
  "stopping..." + (file.map { " writing " + ScreenText.printable($0) } ?? "")
}
