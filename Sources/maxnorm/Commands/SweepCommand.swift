// `maxnorm sweep`: one experiment over a range of r, or of any keys, with error bars.
import ArgumentParser
import Basics
import Comparisons
import Experiments
import Foundation
import RunRecords
import Training

struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Sweeps r, or any keys with numbers, over seeds.",
    discussion: """
      --over takes KEY=LOW:HIGH:log8 (eight values, evenly by their ratios), lin5, or KEY=A,B,C; given \
      twice, every combination runs. With --random the values are drawn, and with --halving short runs \
      of all candidates choose which go on to longer ones. The table says which value is best and which \
      are not shown to differ from it. Runs that are stopped go on when the same command is given again.

      Examples:
        maxnorm sweep digits --over constraint.max_norm=0.5:4:log8
        maxnorm sweep mine.yaml --over batch=16,32,64 --seeds 5
      """)

  @Argument(help: "A built-in experiment (see 'maxnorm list') or a YAML file. (default: digits)")
  var experiment: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A key and its values. (default: constraint.max_norm from a quarter to four times r)",
      valueName: "key=values"))
  var over: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Draw so many candidates instead of a grid.", valueName: "n"))
  var random: Int?

  @Flag(
    help: """
      Successive halving: all candidates run for a part of the steps, the better half goes on to \
      twice as many, until one has run for all of them.
      """)
  var halving = false

  @OptionGroup(title: "The sweep")
  var options: ComparisonOptions

  @OptionGroup(title: "The experiment (the last one wins)")
  var overrides: OverrideOptions

  @OptionGroup(title: "The screen")
  var screen: ScreenOptions

  func validate() throws {
    if let random, !(2...10_000 ~= random) {
      throw ValidationError("--random: expected 2 to 10000, found \(random)")
    }
    if halving, options.execution.plan {
      throw ValidationError(
        "--halving: expected no --plan with it: which runs come next depends on those before")
    }
  }

  func run() throws {
    let configuration = try Configuration.load()
    var source = try ExperimentSource(experiment ?? "digits")
    try overrides.apply(to: &source)
    let base = try source.experiment()
    let axes = try axes(of: base)
    guard Set(axes.map(\.key)).count == axes.count else {
      throw ProgramError(
        "--over: expected each key once, found \(axes.map(\.key).joined(separator: ", "))",
        status: ProgramError.Status.usage)
    }
    // A ceiling that is switched off would make all values of r the same.
    if axes.contains(where: { $0.key == "constraint.max_norm" }) {
      try source.set("constraint.enabled", to: .flag(true))
    }
    let points = try candidates(axes, seed: base.seed)
    var arms: [Experiment] = []
    for point in points {
      arms.append(try source.arm(ArmSettings(name: SweepSpace.name(point)), sweep: point))
    }
    let kind = ComparisonState.Kind.sweep(
      keys: axes.map(\.key),
      candidates: points.map { .init(arm: SweepSpace.name($0), values: $0.map(\.value)) })
    let plan = try options.makePlan(
      arms, of: base, kind: kind, suffix: "sweep",
      data: options.execution.data ?? configuration.data)
    let execution = ComparisonExecution(
      options: options.execution, screen: screen, configuration: configuration)
    guard halving else {
      _ = try execution.carryOut(plan, title: base.title)
      return
    }
    try halve(plan, base, execution)
  }

  /// Runs all candidates for a part of the steps, then the better half for twice as many, and so on.
  ///
  /// Successive halving (Jamieson and Talwalkar 2016) with a factor of 2; each rung starts anew, so that
  /// schedules which are planned for a run's length are as short as it.
  private func halve(
    _ plan: ComparisonPlan, _ base: Experiment, _ execution: ComparisonExecution
  ) throws {
    guard case .sweep(let keys, let candidates) = plan.kind else { return }
    var left = Array(candidates.indices)
    let rungs = (1...).first { 1 << ($0 - 1) >= left.count } ?? 1
    for rung in 1...rungs {
      let part = 1 << (rungs - rung)
      var rungPlan = plan
      rungPlan.folder = ComparisonFolder(path: "\(plan.folder.path)/rung-\(rung)")
      rungPlan.arms = left.map { plan.arms[$0].shortened(to: part) }
      rungPlan.kind = .sweep(keys: keys, candidates: left.map { candidates[$0] })
      let state = try execution.carryOut(
        rungPlan, title: base.title, rung: .halving(number: rung, of: rungs, part: part))
      guard let table = state?.sweep?.table else { return }
      let ranked = left.indices.sorted { table.ranks(table.rows[$0], before: table.rows[$1]) }
      left = ranked.prefix((left.count + 1) / 2).map { left[$0] }.sorted()
    }
  }

  private func axes(of base: Experiment) throws -> [SweepAxis] {
    guard over.isEmpty else { return try over.map { try SweepAxis($0) } }
    guard let key = base.ceilingKey else {
      throw ProgramError(
        "--over: expected a key and its values with \(base.constraintKind), which has no r to sweep "
          + "over; found none: for example --over optimizer.learning_rate=0.001:0.1:log5",
        status: ProgramError.Status.usage)
    }
    let r = base.globalCeiling ?? 2
    return [try SweepAxis("\(key)=\(r / 4):\(r * 4):log9")]
  }

  private func candidates(_ axes: [SweepAxis], seed: UInt64) throws -> [[SweptValue]] {
    if let random { return SweepSpace.draws(axes, count: random, seed: seed) }
    if let axis = axes.first(where: { !$0.hasGrid }) {
      throw ProgramError(
        "--over: \(axis.key): expected a number of values as in log8, found none: "
          + "add it, or draw with --random N", status: ProgramError.Status.usage)
    }
    let points = SweepSpace.grid(axes)
    guard 2...10_000 ~= points.count else {
      throw ProgramError(
        "--over: expected 2 to 10000 candidates, found \(points.count)",
        status: ProgramError.Status.usage)
    }
    return points
  }
}

extension Experiment {
  /// The same for one of `part` parts of its epochs or steps.
  fileprivate func shortened(to part: Int) -> Experiment {
    var experiment = self
    experiment.epochs = max(1, epochs / part)
    experiment.steps = steps.map { max(1, $0 / part) }
    experiment.evaluateEvery = min(evaluateEvery, experiment.epochs)
    return experiment
  }
}
