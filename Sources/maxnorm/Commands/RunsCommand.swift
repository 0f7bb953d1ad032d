// `maxnorm runs`: all runs below some folders, on a screen or as a table.
import ArgumentParser
import Basics
import Dashboard
import Foundation
import PlainText
import RunIndex
import RunRecords

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "Lists the runs below folders and overlays their curves.",
    discussion: """
      On a terminal a screen, elsewhere or with --format a table. See 'maxnorm help many-runs'.

      Examples:
        maxnorm runs experiments/
        maxnorm runs --format csv > runs.csv
      """)

  @Argument(help: "Folders or logs. (default: the current folder, and this user's live runs)")
  var folders: [String] = []

  @Option(
    help:
      "A table in this form: \(RunTable.Format.allCases.map(\.rawValue).joined(separator: ", ")).")
  var format: RunTable.Format?

  @Option(
    help: ArgumentHelp(
      "Only these runs: words, patterns, conditions such as 'lr>0.01 state:live'.",
      valueName: "query"))
  var filter: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The order: \(RunOrder.names); -best turns it round.", valueName: "column"))
  var sort: String?

  @Option(
    help: ArgumentHelp("The figure of last and best. (default: each run's own)", valueName: "name"))
  var metric: String?

  @OptionGroup(title: "Logs of other programs")
  var foreign: ForeignLogOptions

  @OptionGroup(title: "The screen")
  var screen: ScreenOptions

  func validate() throws {
    if let sort, RunOrder(sort) == nil {
      throw ValidationError("--sort: expected one of \(RunOrder.names), found '\(sort)'")
    }
  }

  func run() throws {
    let roots = folders.isEmpty ? ["."] : folders
    for root in roots where access(root, R_OK) != 0 {
      throw ProgramError(
        "runs: \(root): expected a folder or a log: \(systemMessage()): check the path",
        .unreadable)
    }
    let configuration = try Configuration.load()
    let isTable = format != nil || !ScreenOptions.canShowScreen || screen.isPlain(configuration)
    guard isTable else {
      let settings = try ScreenSettings(screen, configuration)
      try RunsScreenRunner(
        roots: roots, index: { try index(roots, onChange: $0) }, start: start, screen: settings,
        options: screen, configuration: configuration, senses: try foreign.senses
      ).run()
      return
    }
    try printTable(try index(roots, onChange: {}))
  }

  /// How the screen begins.
  private var start: RunsStart {
    RunsStart(filter: filter ?? "", order: sort.flatMap { RunOrder($0) }, metric: metric)
  }

  private func index(
    _ roots: [String], onChange: @escaping @Sendable () -> Void
  ) throws -> RunIndex {
    let hasFolders = !folders.isEmpty
    return RunIndex(
      roots, cache: UserFolders.cache?.appendingPathComponent("runs.jsonl").path,
      senses: try foreign.senses,
      live: { LiveRuns.known(within: hasFolders ? roots : nil) }, onChange: onChange)
  }

  private func printTable(_ index: RunIndex) throws {
    let done = DispatchSemaphore(value: 0)
    DispatchQueue.global().async {
      index.refresh()
      done.signal()
    }
    var progress = ReadingLine()
    while done.wait(timeout: .now() + .milliseconds(200)) == .timedOut {
      let now = index.snapshot
      progress.show("reading logs", Double(now.readBytes) / Double(max(1, now.totalBytes)))
    }
    progress.finish()
    index.stop()
    let runs = index.snapshot.runs
    let now = WallTime.now
    let query = RunQuery(filter ?? "")
    let notes = SavedNotes.load()
    let shown = runs.indices.filter {
      query.matches(runs[$0], note: notes.notes[runs[$0].path] ?? "", now: now)
    }
    let order = sort.flatMap { RunOrder($0) } ?? RunOrder(.name)
    let ordered = order.sorted(runs, shown, metric: metric, now: now).map { runs[$0] }
    let isTerminal = isatty(STDOUT_FILENO) == 1
    let text = RunTable(ordered, metric: metric, now: now).text(format ?? .markdown)
    for run in ordered {
      if let trouble = run.trouble { report("note: \(run.path): \(trouble)") }
    }
    if ordered.isEmpty, isTerminal || format == nil { report("note: no log of a run found") }
    try writeToStandardOutput(text)
  }
}

extension RunTable.Format: ExpressibleByArgument {}
