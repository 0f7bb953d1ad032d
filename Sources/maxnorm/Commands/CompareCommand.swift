// `maxnorm compare`: several arms over several seeds, and what their differences say.
import ArgumentParser
import Basics
import Comparisons
import Experiments
import Foundation
import RunRecords
import Terminal
import Training

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compares regularizers or other settings over seeds.",
    discussion: """
      Every arm runs under the same seeds: the same data, initial weights and order, so that differences \
      are taken pair by pair. Runs that are stopped go on when the same command is given again.

      Arms are made of none, l2, dropout, batchnorm, max-norm and early-stop, joined by '+'. Each takes \
      what the experiment has of it (or weight decay 0.0005, dropout 0.5, a ceiling of 3, a patience of 20 \
      evaluations) and leaves out the others. An arm of your own is NAME:KEY=VALUE,... on top of the experiment as it is written, or of \
      from=none and the like.

      Examples:
        maxnorm compare digits --seeds 10
        maxnorm compare mine.yaml --arm 'r2:constraint.max_norm=2' --arm none
      """)

  @Argument(help: "A built-in experiment (see 'maxnorm list') or a YAML file. (default: digits)")
  var experiment: String?

  @Option(
    help: ArgumentHelp(
      """
      Which arms, joined by ','. (default: the experiment's own, or \
      \(Regularizer.standardArms.joined(separator: ",")))
      """, valueName: "names"))
  var arms: String?

  @Option(
    name: .customLong("arm"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "An arm of your own, as r2:constraint.max_norm=2; as many as you like.",
      valueName: "name:key=value,..."))
  var ownArms: [String] = []

  @Option(
    help: ArgumentHelp(
      "The arm to measure the others against. (default: none, or the first)", valueName: "name"))
  var baseline: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Draw the parts of the data so many times, each with a test part, --seeds runs of each (1): \
      differences hold for data like these, not for one test part. Series: later and later in time.
      """, valueName: "n"))
  var resample: Int?

  @OptionGroup(title: "The comparison")
  var options: ComparisonOptions

  @OptionGroup(title: "The experiment (the last one wins)")
  var overrides: OverrideOptions

  @OptionGroup(title: "The screen")
  var screen: ScreenOptions

  func validate() throws {
    if let resample, !(2...1000 ~= resample) {
      throw ValidationError("--resample: expected 2 to 1000, found \(resample)")
    }
  }

  func run() throws {
    let configuration = try Configuration.load()
    var source = try ExperimentSource(experiment ?? "digits")
    try overrides.apply(to: &source)
    if let resample { try source.resample(resample) }
    let base = try source.experiment()
    let settings = try armSettings(of: base)
    var arms: [Experiment] = []
    for setting in settings {
      if let arm = try arm(setting, of: source, isAsked: !isStandard(base)) { arms.append(arm) }
    }
    let names = arms.compactMap(\.arm)
    let reference = try baseline(among: names, base)
    let plan = try options.makePlan(
      arms, of: base, kind: .arms(baseline: reference), suffix: "compare",
      data: options.execution.data ?? configuration.data, splits: resample)
    _ = try ComparisonExecution(
      options: options.execution, screen: screen, configuration: configuration
    )
    .carryOut(plan, title: base.title)
  }

  /// The arms that are asked for: the experiment's own names first, then words for regularizers.
  private func armSettings(of base: Experiment) throws -> [ArmSettings] {
    let own = base.comparison?.arms ?? []
    var settings: [ArmSettings] = []
    if let arms {
      for name in arms.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
        if let arm = own.first(where: { $0.name == name }) {
          settings.append(arm)
        } else if Regularizer.set(name) != nil {
          settings.append(ArmSettings(name: name, from: name))
        } else {
          let names = own.map(\.name)
          let known = names + Regularizer.standardArms.filter { !names.contains($0) }
          let near = nearest(name, among: known).map { ": did you mean \($0)?" } ?? ""
          throw ProgramError(
            "--arms: expected names among \(known.joined(separator: ", ")), found '\(name)'\(near)",
            status: ProgramError.Status.usage)
        }
      }
    } else if isStandard(base) {
      settings = Regularizer.standardArms.map { ArmSettings(name: $0, from: $0) }
    } else if ownArms.isEmpty {
      settings = own
    } else if ownArms.count == 1 {
      // One alone is compared with the experiment as it is.
      settings = [ArmSettings(name: "as-is")]
    }
    for argument in ownArms { settings.append(try ArmSettings(argument: argument)) }
    let names = settings.map(\.name)
    guard names.count > 1, Set(names).count == names.count else {
      throw ProgramError(
        "--arms: expected at least two different arms, found \(names.joined(separator: ", ")): "
          + "add --arm NAME:KEY=VALUE", status: ProgramError.Status.usage)
    }
    return settings
  }

  /// The experiment of an arm; nil for one that nobody asked for by name and that has no place.
  private func arm(
    _ setting: ArmSettings, of source: ExperimentSource, isAsked: Bool
  ) throws -> Experiment? {
    guard !isAsked else { return try source.arm(setting) }
    do {
      return try source.arm(setting)
    } catch {
      report("without \(setting.name): \(error.problem)")
      return nil
    }
  }

  /// Whether neither the command nor the experiment says which arms there are.
  private func isStandard(_ base: Experiment) -> Bool {
    arms == nil && ownArms.isEmpty && base.comparison == nil
  }

  private func baseline(among names: [String], _ base: Experiment) throws -> String {
    if let baseline {
      guard names.contains(baseline) else {
        throw ProgramError(
          "--baseline: expected one of \(names.joined(separator: ", ")); found '\(baseline)'",
          status: ProgramError.Status.usage)
      }
      return baseline
    }
    if let own = base.comparison?.baseline, names.contains(own) { return own }
    return names.contains("none") ? "none" : names[0]
  }
}
