// `maxnorm run`: an experiment in the dashboard or headless.
import ArgumentParser
import Foundation
import RunRecords
import Terminal
import Training

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Trains an experiment in the dashboard, or headless.")

  @Argument(help: "A built-in experiment (see 'maxnorm list') or a YAML file.")
  var experiment = "digits"

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

  @Flag(help: "Replace a log that is there already.")
  var overwrite = false

  @Option(help: ArgumentHelp("A step record every so many steps.", valueName: "n"))
  var logEvery = 10

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

  @Option(
    name: .customLong("init"),
    help: ArgumentHelp(
      "Start from the weights in a safetensors file, named as PyTorch's state_dict.",
      valueName: "file"))
  var initialWeights: String?

  @Option(
    help: ArgumentHelp(
      "Write the weights at the end to a safetensors file.", valueName: "file"))
  var save: String?

  @OptionGroup(title: "The screen")
  var screen: ScreenOptions

  func validate() throws {
    guard logEvery > 0 else {
      throw ValidationError("--log-every: expected at least 1, found \(logEvery)")
    }
    if let threads, !(1...1024 ~= threads) {
      throw ValidationError("--threads: expected 1 to 1024, found \(threads)")
    }
  }

  func run() throws {
    let configuration = try Configuration.load()
    let threads = threads ?? configuration.threads ?? 1
    shortenThreadWaits(threads: threads)
    var source = try ExperimentSource(experiment)
    try overrides.apply(to: &source)
    let experiment = try source.experiment()
    let isHeadless = headless || !ScreenOptions.canShowScreen
    var options = RunOptions()
    options.threads = threads
    options.logEvery = logEvery
    if twin {
      guard experiment.hasCeiling else {
        throw ProgramError(
          "--twin: expected a layer with a ceiling, found none: a twin without one would be the "
            + "same: add --max-norm", status: ProgramError.Status.usage)
      }
      options.twin = true
    }
    options.dataFolder = (data ?? configuration.data).map {
      URL(fileURLWithPath: $0, isDirectory: true)
    }
    options.initialWeights = initialWeights
    options.savedWeights = save
    if let save { try SafetensorsFile.checkWritable(save) }
    if let events { options.schedule = try EventSchedule(contentsOf: events) }
    if let log, log != "-" || !isHeadless {
      guard log != "-" else {
        throw ProgramError(
          "--log: -: expected a file while the dashboard has the terminal, found standard output: "
            + "add --headless", status: ProgramError.Status.usage)
      }
      options.logs.append(try LogDestination(opening: log, overwrite: overwrite))
    }
    warnOfUnoptimizedBuild()
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
      let run = TrainingRun(experiment, options: options, onNews: { waker.wake() })
      try DashboardRunner(
        source: LiveSource(run: run), pace: experiment.pace, screen: screen, waker: waker
      ).run()
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
