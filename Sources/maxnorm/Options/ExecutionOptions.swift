// The options of every command that carries out many runs: where, how many at once, what is written.
import ArgumentParser
import Basics
import Comparisons
import Experiments
import Foundation
import RunRecords
import Training

struct ExecutionOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Runs at once, one thread each. (default: one for each core)", valueName: "n"))
  var jobs: Int?

  @Option(
    help: ArgumentHelp(
      """
      What counts as good: 0.01 in the metric's unit, or 2% of the baseline's mean. Recorded with the \
      runs. (default: the experiment's, or a point of a share and 2% of all else)
      """, valueName: "width"))
  var margin: String?

  @Option(
    help: ArgumentHelp(
      "Where logs and arms go; runs that it holds already are kept. (default: beside where you are)",
      valueName: "folder"))
  var folder: String?

  @Flag(help: "Replace logs of other runs that stand in the folder.")
  var overwrite = false

  @Flag(
    help: """
      Run nothing; write the arms and print one command for each run, for GNU parallel, Slurm or any \
      other scheduler. 'maxnorm report' makes the table of their logs.
      """)
  var plan = false

  /// Where runs are made.
  enum Place: String, CaseIterable, ExpressibleByArgument {
    case slurm
  }

  @Option(
    help: ArgumentHelp(
      """
      Run elsewhere: slurm gives the runs to Slurm as one array and follows their logs in the folder, \
      which all of its machines must see. See 'maxnorm help cluster'.
      """, valueName: "place"))
  var on: Place?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "An option of sbatch, as --time=2:00:00; as many as you like.", valueName: "option"))
  var sbatch: [String] = []

  @Option(
    help: "What is printed at the end: \(Format.allCases.map(\.rawValue).joined(separator: ", ")).")
  var format = Format.markdown

  @Flag(help: "No screen: a line for each run on standard error, the table on standard output.")
  var headless = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A step record in the logs every so many steps. (default: 100; 1000 of trials)",
      valueName: "n"))
  var logEvery: Int?

  @Option(
    help: ArgumentHelp(
      "Where data sets lie that don't ship, each in its folder.", valueName: "folder"))
  var data: String?

  /// How the table is written.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case markdown, csv, jsonl
  }

  func validate() throws {
    if let jobs, !(1...1024 ~= jobs) {
      throw ValidationError("--jobs: expected 1 to 1024, found \(jobs)")
    }
    if let margin, Margin(margin) == nil {
      throw ValidationError("--margin: expected \(Margin.expected), found '\(margin)'")
    }
    if on == nil, !sbatch.isEmpty {
      throw ValidationError("--sbatch: expected --on slurm with it, found none")
    }
    if on != nil, plan {
      throw ValidationError("--on: expected no --plan with it, which runs nothing")
    }
    if let word = sbatch.first(where: { !$0.hasPrefix("-") }) {
      throw ValidationError("--sbatch: expected an option such as --mem=4G, found '\(word)'")
    }
    if let logEvery, logEvery < 1 {
      throw ValidationError("--log-every: expected at least 1, found \(logEvery)")
    }
  }

  /// A plan without arms and seeds, in the folder that is given or in `NAME-SUFFIX`.
  ///
  /// - Throws: `ProgramError` if there is no folder of data.
  func emptyPlan(
    of base: Experiment, kind: ComparisonState.Kind, suffix: String, data: String?
  ) throws -> ComparisonPlan {
    if let folder = self.data { try DataFolder.check(folder) }
    let path = folder ?? "\(base.name)-\(suffix)"
    // What other machines are told does not go from where this program is.
    let place = { (path: String) in URL(fileURLWithPath: path).standardizedFileURL.path }
    return ComparisonPlan(
      arms: [], seeds: [], kind: kind,
      margin: margin.flatMap { Margin($0) } ?? base.comparison?.margin,
      folder: ComparisonFolder(path: on == nil ? path : place(path)),
      logEvery: logEvery ?? kind.usualLogEvery,
      dataFolder: on == nil ? data : data.map(place), overwrites: overwrite,
      slurm: on.map { _ in SlurmSettings(options: sbatch, mostAtOnce: jobs) })
  }

  /// Runs at once: as many as there are processors unless given.
  var lanes: Int { jobs ?? ProcessInfo.processInfo.activeProcessorCount }
}

extension ComparisonState.Kind {
  /// Of thousands of trials hardly a step is looked at.
  fileprivate var usualLogEvery: Int {
    switch self {
    case .arms, .sweep: 100
    case .trials: 1000
    }
  }
}
