// `maxnorm advise`: does max-norm help on these data, by how much, and at which r.
import ArgumentParser
import Basics
import Comparisons
import Experiments
import Foundation
import Reports
import RunRecords
import Training

struct AdviseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "advise",
    abstract: "Says whether max-norm helps on your data, at which r.",
    usage: "maxnorm advise <experiment> [<options>]",
    discussion: """
      Arms with and without max-norm get the same number of trials, whose learning rate and strength are \
      drawn together. In each resampling of the rows the best trial on validation is chosen among all \
      arms, and among those without max-norm out of as many trials; both are scored once on test rows \
      that nothing was chosen by. The answer is the interval of their difference. Runs that are stopped \
      go on when the same command is given again. See 'maxnorm help does-it-help'.

      Examples:
        maxnorm advise mine.csv --target kind
        maxnorm advise mine.yaml --write best.yaml --html advice.html
      """)

  @Argument(help: "A built-in experiment, a YAML file, or a table or array.")
  var experiment: String

  @OptionGroup(title: "A table or array without an experiment")
  var file: DataFileArguments

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Settings tried in each arm and resampling.", valueName: "n"))
  var trials = 8

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many times the rows are dealt out anew.", valueName: "n"))
  var resample = 10

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Runs that score each choice; their mean counts.", valueName: "n"))
  var seeds = 2

  @Flag(
    help: """
      Test on the same rows each time, the data's own test part where they have one; the answer is then \
      for these rows only, over as many seeds as --resample says.
      """)
  var keepTest = false

  @Option(
    help: ArgumentHelp(
      "Write the recommended experiment, an existing one is replaced.", valueName: "file"))
  var write: String?

  @Option(help: ArgumentHelp("Write a page with every trial.", valueName: "file"))
  var html: String?

  @OptionGroup(title: "The runs")
  var options: ExecutionOptions

  @OptionGroup(title: "The experiment (the last one wins)")
  var overrides: OverrideOptions

  @OptionGroup(title: "The screen")
  var screen: ScreenOptions

  func validate() throws {
    func check(_ option: String, _ value: Int, _ range: ClosedRange<Int>) throws {
      guard !range.contains(value) else { return }
      throw ValidationError(
        "\(option): expected \(range.lowerBound) to \(range.upperBound), found \(value)")
    }
    try check("--trials", trials, 1...100)
    try check("--resample", resample, 2...500)
    try check("--seeds", seeds, 1...100)
    for (option, file, ending) in [("--write", write, ".yaml"), ("--html", html, ".html")] {
      guard let file, !file.lowercased().hasSuffix(ending) else { continue }
      throw ValidationError("\(option): expected a name ending in \(ending), found '\(file)'")
    }
  }

  func run() throws {
    let configuration = try Configuration.load()
    var source = try ExperimentSource(experiment, file.options(overrides))
    try overrides.apply(to: &source)
    let base = try source.experiment()
    let empty = try options.emptyPlan(
      of: base, kind: .trials(stage: ""), suffix: "advise", data: options.data ?? configuration.data
    )
    let plan = try AdvicePlan(
      source,
      .init(trials: trials, resamplings: resample, seeds: seeds, keepsTestPart: keepTest),
      margin: empty.margin, dataFolder: empty.dataFolder)
    let execution = ComparisonExecution(
      options: options, screen: screen, configuration: configuration)
    let stages = AdviceStages(plan: plan, empty: empty) { plan, stage in
      try execution.carryOut(plan, title: base.title, rung: stage)
    }
    guard !options.plan else {
      try stages.printCommands()
      return
    }
    guard let result = try stages.carryOut() else { return }
    if !execution.isPlain { try writeToStandardOutput(text(result)) }
    if let write { try writeRecommended(result, to: write) }
    if let html { try ReportFile.write(result.report(command: Self.line).html, to: html) }
  }

  /// The command as it was given.
  private static var line: String {
    (["maxnorm"] + CommandLine.arguments.dropFirst()).map(shellWord).joined(separator: " ")
  }

  private func text(_ result: AdviceResult) -> String {
    switch options.format {
    case .markdown:
      result.answer.markdown(result.recommendation, result.rows, result.study.selections)
    case .jsonl: result.answer.jsonLines(result.recommendation, result.rows)
    case .csv: result.answer.csv
    }
  }

  private func writeRecommended(_ result: AdviceResult, to path: String) throws {
    guard let yaml = try result.recommendedYAML() else {
      throw ProgramError(
        .none, .failure, "--write: \(path)", "expected a choice to recommend, found none",
        "see the answer")
    }
    try ReportFile.write(yaml, to: path)
    report("written: \(path)")
  }
}
