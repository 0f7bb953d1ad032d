// `maxnorm attach`: the dashboard on a run that another process makes.
import ArgumentParser
import Basics
import Dashboard
import Foundation
import PlainText
import RunRecords
import Terminal
import TerminalUI

struct AttachCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attach", abstract: "Shows and steers a run of another process.",
    usage: "maxnorm attach [<target>] [<options>]",
    discussion: """
      q leaves, and the run goes on; Q ends it. HOST:PATH is a log on another host, over ssh, which needs \
      nothing there but a shell. See 'maxnorm help steering'.

      Examples:
        maxnorm attach run.jsonl
        maxnorm attach cluster:runs/run.jsonl
      """)

  @Argument(
    help: """
      A run's log, HOST:PATH, or the id or name of a live run. (default: the live ones to choose from)
      """)
  var target: String?

  @OptionGroup(title: "The screen")
  var screen: ScreenOptions

  func run() throws {
    let configuration = try Configuration.load()
    let isPlain = screen.isPlain(configuration)
    let entries = RunRegistry.user?.entries() ?? []
    guard isPlain || ScreenOptions.canShowScreen else {
      if target == nil { return try Self.list(entries) }
      throw ProgramError(
        "attach: standard output: expected a terminal to draw on, found none: --plain tells in "
          + "sentences, and the log is text already", status: ProgramError.Status.usage)
    }
    let channel: any RunChannel
    if let target {
      channel = try LoggedRun.open(target, among: entries)
    } else {
      channel = LocalChannel(try LoggedRun(Self.choose(entries)))
    }
    try Self.attach(to: channel, screen, configuration)
  }

  /// Shows a run, with its console if that is kept, until the user leaves it.
  static func attach(
    to channel: any RunChannel, _ screen: ScreenOptions, _ configuration: Configuration,
    isFromList: Bool = false
  ) throws {
    try show(
      AttachedSource(channel, console: channel.openConsole()), screen, configuration,
      isFromList: isFromList)
  }

  /// Shows a source until the user leaves it.
  static func show(
    _ source: some RecordSource, _ screen: ScreenOptions, _ configuration: Configuration,
    isFromList: Bool = false
  ) throws {
    if screen.isPlain(configuration) {
      try PlainRunner(source: source, pace: 0, keys: configuration.keyMap, waker: Waker()).run()
    } else {
      let settings = try ScreenSettings(screen, configuration)
      try DashboardRunner(
        source: source, pace: 0, screen: settings, waker: Waker(), isFromList: isFromList
      ).run()
    }
  }

  // MARK: Without a name

  /// The live runs, a line each; those of other hosts with their host and age.
  private static func lines(_ entries: [RunEntry], numbered: Bool) -> [String] {
    let now = WallTime.now
    return entries.enumerated().map { index, entry in
      let age = WallTime(entry.started).map { NumberText.duration(max(0, now.seconds(since: $0))) }
      var words = [entry.runID, entry.name, "for \(age ?? "an unknown time")"]
      if entry.state == .elsewhere { words.append("on \(entry.host)") }
      words.append(entry.log)
      let line = ScreenText.printable(words.joined(separator: "  "))
      return numbered ? "\(index + 1)  \(line)" : line
    }
  }

  private static func attachable(_ entries: [RunEntry]) -> [RunEntry] {
    entries.filter { $0.state == .live || $0.state == .elsewhere }
  }

  private static func list(_ entries: [RunEntry]) throws {
    let shown = lines(attachable(entries), numbered: false)
    try writeToStandardOutput(
      shown.isEmpty ? "no live run\n" : shown.map { $0 + "\n" }.joined())
  }

  /// Asks which of the live runs is meant; a single one is.
  private static func choose(_ entries: [RunEntry]) throws -> RunEntry {
    let runs = attachable(entries)
    guard let first = runs.first else {
      throw ProgramError(
        "attach: expected a live run of this user, found none: 'maxnorm run --headless --log FILE.jsonl' "
          + "starts one, and a log's name attaches to what is not listed",
        status: ProgramError.Status.notFound)
    }
    guard runs.count > 1 else { return first }
    guard isatty(STDIN_FILENO) == 1 else {
      throw ProgramError(
        "attach: expected one live run, found \(runs.count): name one: "
          + runs.map(\.runID).joined(separator: ", "), status: ProgramError.Status.usage)
    }
    try writeToStandardOutput(lines(runs, numbered: true).map { $0 + "\n" }.joined())
    while true {
      try writeToStandardOutput("attach to which (1 to \(runs.count))? ")
      guard let line = readLine() else { throw ExitCode(0) }
      if let number = Int(line.trimmingCharacters(in: .whitespaces)),
        runs.indices.contains(number - 1)
      {
        return runs[number - 1]
      }
      if line.hasPrefix("q") { throw ExitCode(0) }
    }
  }
}
