// `maxnorm watch`: any training script on this screen, as it is.
import ArgumentParser
import Basics
import Foundation
import RunRecords
import Terminal

struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Shows, holds and steers a Python training as it is.",
    discussion: """
      The script needs no change: model, optimizer and loss are found at its first optimizer step \
      (PyTorch) or fit (Keras). What it prints is in a panel, and in a file beside the log. Leaving \
      the screen leaves it running; its exit status is this command's. See 'maxnorm help pytorch' and 'help keras'.

      Examples:
        maxnorm watch --max-norm 2 -- python train.py
        maxnorm watch -- torchrun --nproc-per-node 2 train.py
      """)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The ceiling r. (default: none; the run is only watched)",
      valueName: "r"))
  var maxNorm: Float?

  @Option(
    help: ArgumentHelp(
      "The log; it must not be there yet. (default: a new one in maxnorm-runs)", valueName: "file"))
  var log: String?

  @Flag(help: "No screen: wait for the command's end.")
  var headless = false

  @Flag(
    help: """
      Leave the terminal to the command, which may ask or be debugged in it; 'maxnorm attach' elsewhere \
      shows the run.
      """)
  var tty = false

  @OptionGroup(title: "The screen")
  var screen: ScreenOptions

  @Argument(parsing: .postTerminator, help: "The command and its words, after --.")
  var command: [String] = []

  func validate() throws {
    guard !command.isEmpty else {
      throw ValidationError(
        "expected a command after --, found none: maxnorm watch -- python train.py")
    }
    if let maxNorm, !(maxNorm > 0 && maxNorm.isFinite) {
      throw ValidationError("--max-norm: expected a number above 0, found \(maxNorm)")
    }
    if headless, tty {
      throw ValidationError("--tty: expected no --headless with it: both leave the screen out")
    }
  }

  func run() throws {
    let configuration = try Configuration.load()
    let showsScreen = !headless && !tty
    guard !showsScreen || screen.isPlain(configuration) || ScreenOptions.canShowScreen else {
      throw ProgramError(
        "watch: standard output: expected a terminal to draw on, found none: add --headless",
        status: ProgramError.Status.usage)
    }
    let signals = SignalWatcher { _ in }
    let watched = try WatchedCommand(command, log: log, maxNorm: maxNorm, hasTerminal: tty)
    report(
      tty
        ? "\(watched.name): its records go to \(watched.log)"
        : "\(watched.name): its words go to \(watched.output), its records to \(watched.log)")
    guard showsScreen else { return try end(of: watched, signals) }
    // From here on they are the screen's.
    if let signal = signals.received {
      watched.pass(signal)
      return try end(of: watched, signals)
    }
    signals.cancel()
    do {
      try AttachCommand.show(WatchedSource(watched), screen, configuration)
    } catch is WatchedSource.NoRun {
      return try end(of: watched)
    } catch {
      guard let signal = (error as? ExitCode).flatMap({ StopSignal(rawValue: $0.rawValue - 128) })
      else {
        if watched.isRunning { reportStillRunning(watched) }
        throw error
      }
      // A signal that ends the screen is the command's too.
      watched.pass(signal)
      return try end(of: watched)
    }
    // A command whose training has ended mostly is about to end as well.
    if watched.hasTrained { watched.waitForEnd(within: .seconds(2)) }
    guard watched.isRunning else { return try end(of: watched) }
    reportStillRunning(watched)
  }

  private static let mostLastLines = 12

  private func reportStillRunning(_ watched: WatchedCommand) {
    report(
      watched.hasLog
        ? "the run goes on: 'maxnorm attach \(watched.log)' shows it"
        : "\(watched.name) goes on: its words go to \(watched.output)")
  }

  /// Waits for the command's end and takes its exit status.
  private func end(
    of watched: WatchedCommand, _ signals: SignalWatcher = SignalWatcher { _ in }
  ) throws {
    let status = watched.waitForEnd(signals) { report($0) }
    signals.cancel()
    // Whoever sees the screen go needs to know what the command died of.
    if status != 0, !watched.hasLog, !headless, !tty {
      let lines = ConsoleReader.lastLines(besideLog: watched.log, Self.mostLastLines)
      writeToStandardError(lines.map { $0 + "\n" }.joined())
    }
    for remark in watched.remarks { report(remark) }
    if status != 0 { throw ExitCode(status) }
  }
}
