// `maxnorm replay`: a recorded run on the same screen, from its records alone.
import ArgumentParser
import Basics
import Foundation
import RunRecords
import Terminal

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Shows a recorded run in the dashboard.",
    discussion: """
      Examples:
        maxnorm replay run.jsonl --speed 4
        ssh cluster tail -c +1 -f run.jsonl | maxnorm replay -
      """)

  @Argument(
    help: "A log of 'maxnorm run --log FILE.jsonl' or of another program; '-' is standard input.")
  var log: String

  @Flag(help: "Wait for more at the end of a log that is still written.")
  var follow = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Times as fast as it was recorded, 0 is all at once. (default: 1; 0 with --follow and '-')",
      valueName: "x"))
  var speed: Double?

  @OptionGroup(title: "Logs of other programs")
  var foreign: ForeignLogOptions

  @OptionGroup(title: "The screen")
  var screen: ScreenOptions

  func validate() throws {
    if let speed, speed < 0 || !speed.isFinite {
      throw ValidationError("--speed: expected a number of at least 0, found \(speed)")
    }
  }

  func run() throws {
    let configuration = try Configuration.load()
    let isPlain = screen.isPlain(configuration)
    guard isPlain || ScreenOptions.canShowScreen else {
      throw ProgramError(
        "replay: standard output: expected a terminal to draw on, found none: "
          + "the log is text already; 'maxnorm run --headless' makes one without a terminal",
        status: ProgramError.Status.usage)
    }
    let growth = try growth
    let file =
      isStandardInput
      ? RecordFile(standardInputNamed: "standard input")
      : try RecordFile(at: log, .lenient, growth: growth, senses: try foreign.senses)
    let speed = speed ?? (growth == .none ? 1 : 0)
    let source = try ReplaySource(
      file, name: isStandardInput ? "standard input" : log, growth: growth, speed: speed)
    if isPlain {
      try PlainRunner(
        source: source, pace: speed, keys: configuration.keyMap, waker: Waker(),
        hasKeys: !isStandardInput
      ).run()
    } else {
      let screen = try ScreenSettings(screen, configuration)
      try DashboardRunner(
        source: source, pace: speed, screen: screen, waker: Waker(), hasInput: !isStandardInput
      ).run()
    }
  }

  private var isStandardInput: Bool { log == "-" }

  private var growth: LogGrowth {
    get throws {
      var status = stat()
      guard isStandardInput else {
        // A pipe by name, such as <(zcat run.jsonl.gz).
        let isPipe =
          stat(log, &status) == 0 && [S_IFIFO, S_IFCHR].contains(status.st_mode & S_IFMT)
        return isPipe ? .piped : follow ? .appended : .none
      }
      guard isatty(STDIN_FILENO) == 0 else {
        throw ProgramError(
          "replay: -: expected records on standard input, found a terminal: pipe a log into it, "
            + "as in ssh host tail -n +1 -f run.jsonl | maxnorm replay -",
          status: ProgramError.Status.usage)
      }
      return .piped
    }
  }
}
