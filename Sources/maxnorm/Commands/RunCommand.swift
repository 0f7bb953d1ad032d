// `maxnorm run`: an experiment in the dashboard or headless.
import ArgumentParser
import Basics
import Experiments
import Foundation
import RunRecords
import Terminal
import Training

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Trains an experiment in the dashboard, or headless.",
    discussion: """
      Examples:
        maxnorm run mine.csv --target price
        maxnorm run digits --headless --steps 500 --log run.jsonl
      """)

  @Argument(
    help: """
      A built-in experiment (see 'maxnorm list'), a YAML file, or a table or array: .csv, .tsv, .npy, \
      .npz. (default: digits)
      """)
  var experiment: String?

  @OptionGroup(title: "A table or array without an experiment")
  var file: DataFileArguments

  @Flag(
    help: """
      No screen: records go to standard output as JSON lines. Automatic when standard output is no \
      terminal, or TERM is dumb.
      """)
  var headless = false

  @Option(
    help: ArgumentHelp(
      "Also write the records to a file, .jsonl or .csv; '-' is standard output.",
      valueName: "file"))
  var log: String?

  @Option(
    help: ArgumentHelp(
      "Also write event files for TensorBoard, in a folder NAME below this one.",
      valueName: "folder"))
  var tensorboard: String?

  @Flag(help: "Replace a log or event files that are there already.")
  var overwrite = false

  @Option(
    help: ArgumentHelp("A step record every so many steps. (default: 10)", valueName: "n"))
  var logEvery: Int?

  @Option(
    help: ArgumentHelp(
      "How logs tell norms: every unit's (full), digests of them, both, or none.",
      valueName: "detail"))
  var norms = NormsDetail.full

  @Flag(help: "Logs tell with the norms how each layer's weights are distributed.")
  var histograms = false

  @OptionGroup(title: "The experiment (the last one wins)")
  var overrides: OverrideOptions

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Threads of matrix products.", valueName: "n"))
  var threads: Int?

  @Option(
    help: ArgumentHelp("Repeat the events of an earlier log at their steps.", valueName: "file"))
  var events: String?

  @Flag(help: "Train the same seed without the ceiling beside the run.")
  var twin = false

  @Option(
    help: ArgumentHelp(
      "Where data sets lie that don't ship, each in its folder.", valueName: "folder"))
  var data: String?

  @OptionGroup(title: "Files of weights and checkpoints")
  var keep: KeepOptions

  @OptionGroup(title: "Steering from outside")
  var steering: SteeringOptions

  @OptionGroup(title: "The screen")
  var screen: ScreenOptions

  func validate() throws {
    if let logEvery, logEvery < 1 {
      throw ValidationError("--log-every: expected at least 1, found \(logEvery)")
    }
    let written = ([log] + keep.written).compactMap { $0 }.filter { $0 != "-" }
    guard Set(written.map(Self.place)).count == written.count else {
      throw ValidationError(
        "--log, --save, --save-best, --checkpoint: expected a file for each, found one twice: "
          + "the last one would replace the others")
    }
    if let experiment, written.map(Self.place).contains(Self.place(experiment)) {
      throw ValidationError(
        "\(experiment): expected the experiment to stay, found it among the files to be written")
    }
    guard !steering.detach || !steering.noSteer else {
      throw ValidationError("--detach: expected no --no-steer beside it, found both")
    }
    guard !headless || steering.detach || screen.plain != true else {
      throw ValidationError("--plain: expected no --headless beside it, found both")
    }
    if keep.resume != nil, events != nil {
      throw ValidationError(
        "--resume: expected no --events with it: the checkpoint holds what is still to come of them"
      )
    }
    if let threads, !(1...1024 ~= threads) {
      throw ValidationError("--threads: expected 1 to 1024, found \(threads)")
    }
  }

  func run() throws {
    let configuration = try Configuration.load()
    let checkpoint = try keep.readCheckpoint()
    let threads = threads ?? checkpoint?.threads ?? configuration.threads ?? 1
    shortenThreadWaits(threads: threads)
    var source =
      if let checkpoint, experiment == nil {
        checkpoint.source
      } else {
        try ExperimentSource(experiment ?? "digits", file.options(overrides))
      }
    try overrides.apply(to: &source)
    let experiment = try source.experiment()
    try checkpoint?.check(experiment)
    if steering.detach { return try detach(experiment, configuration) }
    let isPlain = !headless && screen.isPlain(configuration)
    let isHeadless = headless || !isPlain && !ScreenOptions.canShowScreen
    // Headless they come with the other notes; the screen has no place for them.
    if !isHeadless { for note in source.dataNotes { report("note: \(note)") } }
    var options = RunOptions()
    options.threads = threads
    options.logEvery = logEvery ?? checkpoint?.logEvery ?? 10
    options.norms = norms
    options.histograms = histograms
    if twin {
      guard experiment.isConstrained else {
        throw ProgramError(
          "--twin: expected a layer with a ceiling, found none: a twin without one would be the "
            + "same: add --max-norm", status: ProgramError.Status.usage)
      }
      options.twin = true
    }
    if let data { try DataFolder.check(data) }
    options.dataFolder = (data ?? configuration.data).map {
      URL(fileURLWithPath: $0, isDirectory: true)
    }
    options.resume = checkpoint
    // What was reserved for a run that did not come about stays for nobody.
    defer { options.releaseFiles() }
    try keep.apply(to: &options)
    if let events { options.schedule = try EventSchedule(contentsOf: events) }
    if let log, log != "-" || !isHeadless {
      guard log != "-" else {
        throw ProgramError(
          "--log: -: expected a file while sentences or the dashboard have it, found standard "
            + "output: add --headless", status: ProgramError.Status.usage)
      }
      options.logs.append(
        try LogDestination(opening: log, overwrite: overwrite, places: checkpoint?.logs ?? []))
    }
    options.tensorBoard = try tensorboard.map {
      try TensorBoardDestination(
        opening: $0, of: experiment, overwrite: overwrite, resuming: checkpoint)
    }
    try steering.apply(to: &options)
    let entry = options.steering.flatMap {
      RunRegistry.user?.enter($0, name: experiment.name, options.origin)
    }
    if let checkpoint { tell(of: checkpoint, options) }
    warnOfUnoptimizedBuild()
    try entry.recordingEnd {
      try run(experiment, options, isHeadless: isHeadless, isPlain: isPlain, configuration)
    }
  }

  /// Lets another process make the run, and watches it.
  private func detach(_ experiment: Experiment, _ configuration: Configuration) throws {
    let log = log ?? FileReplacement.unusedName(experiment.fileName, ending: "jsonl")
    guard log.hasSuffix(".jsonl") else {
      throw ProgramError(
        "--detach: --log: expected a name ending in .jsonl, found \(log): a detached run is seen by "
          + "its log", status: ProgramError.Status.usage)
    }
    var words = try CommandWords.prepared(Array(CommandLine.arguments.dropFirst()))
    words.removeAll { ["--detach", "--plain"].contains($0) }
    if !headless { words.append("--headless") }
    if self.log == nil { words += ["--log", log] }
    var run = try DetachedRun(words: words, log: log)
    try run.waitForStart()
    report("detached: the log is \(log), messages are in \(run.messages)")
    guard screen.isPlain(configuration) || ScreenOptions.canShowScreen else { return }
    try AttachCommand.attach(
      to: try LoggedRun.open(log, among: RunRegistry.user?.entries() ?? []), screen, configuration)
  }

  /// Runs to the end, on the screen, in sentences or without either.
  private func run(
    _ experiment: Experiment, _ options: RunOptions, isHeadless: Bool, isPlain: Bool,
    _ configuration: Configuration
  ) throws {
    var options = options
    if isHeadless {
      options.pace = overrides.pace ?? 0
      options.logs.append(.standardOutput)
      try HeadlessRunner(experiment, options: options).run()
    } else {
      options.pace = experiment.pace
      options.publishes = true
      options.isInteractive = true
      let screen = try ScreenSettings(screen, configuration)
      let waker = try Waker()
      // A log's records before the checkpoint complete the curves.
      let history = try options.logs.first.flatMap { try LogHistory(of: $0) }
      options.isHistoryShown = history != nil
      let run = TrainingRun(experiment, options: options, onNews: { waker.wake() })
      let source = LiveSource(run: run, history: history)
      let files = [log, options.tensorBoard?.folder, keep.save, keep.saveBest, keep.checkpoint]
        .compactMap { $0 }
      if isPlain {
        try PlainRunner(
          source: source, pace: experiment.pace, keys: screen.keys, waker: waker, files: files
        ).run()
      } else {
        try DashboardRunner(
          source: source, pace: experiment.pace, screen: screen, waker: waker, files: files
        ).run()
      }
    }
  }

  /// A file's path, however it is written.
  private static func place(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
  }

  /// What a person who resumes from a checkpoint should know.
  private func tell(of checkpoint: Checkpoint, _ options: RunOptions) {
    if let difference = checkpoint.difference(threads: options.threads) {
      report("--resume: \(difference): the run may differ from its first part in the last digits")
    }
    if let log = options.logs.first, log.cutOff > 0 {
      report(
        "log: \(log.path): cut off behind the checkpoint at step \(checkpoint.step): "
          + "\(log.cutOff) bytes of steps that are made again")
    }
  }

  /// An unoptimized build trains tens of times slower: nobody should find out by waiting.
  private func warnOfUnoptimizedBuild() {
    if buildConfiguration == "debug" {
      report(
        "this is an unoptimized build, which is slow: run it with 'swift run -c release maxnorm'")
    }
  }
}

extension NormsDetail: ExpressibleByArgument {}
