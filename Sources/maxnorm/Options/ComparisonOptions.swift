// The options that comparing and sweeping share.
import ArgumentParser
import Basics
import Comparisons
import Experiments
import Foundation
import RunRecords
import Training

struct ComparisonOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Runs of each, from the experiment's seed on. (default: the experiment's, or \(defaultSeeds))",
      valueName: "n"))
  var seeds: Int?

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
    help: ArgumentHelp("A step record in the logs every so many steps.", valueName: "n"))
  var logEvery = 100

  @Option(
    help: ArgumentHelp(
      "Where data sets lie that don't ship, each in its folder.", valueName: "folder"))
  var data: String?

  /// How the table is written.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case markdown, csv, jsonl
  }

  static let defaultSeeds = 10

  func validate() throws {
    if let seeds, !(1...10_000 ~= seeds) {
      throw ValidationError("--seeds: expected 1 to 10000, found \(seeds)")
    }
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
    if logEvery < 1 { throw ValidationError("--log-every: expected at least 1, found \(logEvery)") }
  }

  /// The plan of arms; with `splits` the seeds are those of each of them.
  ///
  /// - Throws: `ProgramError` if two arms' files would be one.
  func makePlan(
    _ arms: [Experiment], of base: Experiment, kind: ComparisonState.Kind, suffix: String,
    data: String?, splits: Int? = nil
  ) throws -> ComparisonPlan {
    var words: [String: String] = [:]
    for name in arms.compactMap(\.arm) {
      if let other = words.updateValue(name, forKey: ComparisonFolder.word(name)) {
        throw ProgramError(
          "arms: expected names that differ in letters and digits, found '\(other)' and '\(name)': "
            + "their logs would be one file", status: ProgramError.Status.usage)
      }
    }
    if let folder = self.data { try DataFolder.check(folder) }
    let count =
      splits.map { $0 * (seeds ?? 1) } ?? seeds ?? base.comparison?.seeds ?? Self.defaultSeeds
    guard base.seed <= UInt64(Int.max) - UInt64(count) else {
      throw ProgramError(
        "--seed: expected room for \(count) seeds above it, found \(base.seed)",
        status: ProgramError.Status.usage)
    }
    let margin = margin.flatMap { Margin($0) } ?? base.comparison?.margin
    let path = folder ?? "\(base.name)-\(suffix)"
    // What other machines are told does not go from where this program is.
    let place = { (path: String) in URL(fileURLWithPath: path).standardizedFileURL.path }
    return ComparisonPlan(
      arms: Self.members(arms, kind, margin), seeds: (0..<UInt64(count)).map { base.seed + $0 },
      splits: splits, kind: kind, margin: margin,
      folder: ComparisonFolder(path: on == nil ? path : place(path)), logEvery: logEvery,
      dataFolder: on == nil ? data : data.map(place), overwrites: overwrite,
      slurm: on.map { _ in SlurmSettings(options: sbatch, mostAtOnce: jobs) })
  }

  /// The arms, each of which records what it is compared with.
  private static func members(
    _ arms: [Experiment], _ kind: ComparisonState.Kind, _ margin: Margin?
  ) -> [Experiment] {
    var membership = ComparisonMembership(arms: [], baseline: nil, margin: margin)
    switch kind {
    case .arms(let baseline):
      membership.arms = arms.compactMap(\.arm)
      membership.baseline = baseline
    case .sweep: if margin == nil { return arms }
    }
    return arms.map { arm in
      var arm = arm
      arm.membership = membership
      return arm
    }
  }

  /// Runs at once: as many as there are processors unless given.
  var lanes: Int { jobs ?? ProcessInfo.processInfo.activeProcessorCount }
}
