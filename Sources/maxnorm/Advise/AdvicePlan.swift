// The runs that an answer needs, in three stages: trials, trials on all rows, scores of what was chosen.
import Basics
import Comparisons
import Experiments
import Foundation
import RunRecords
import Training

/// A study of one experiment before its runs.
struct AdvicePlan {
  let design: AdviceDesign
  let arms: [AdvisedArm]
  /// The experiment as it was given.
  let base: Experiment
  let sizes: Sizes
  let margin: Margin
  /// Of each run.
  let epochs: Int

  /// What the command line says of a study.
  struct Sizes {
    /// Of each arm in each resampling.
    var trials: Int
    var resamplings: Int
    /// Runs that each choice is scored with.
    var seeds: Int
    /// The data's own test part stays; what changes are seeds.
    var keepsTestPart: Bool
  }

  /// The stages in the order in which they run.
  enum Stage: Int, CaseIterable {
    case trials = 1
    case allRows
    case scores

    var title: String {
      let what =
        switch self {
        case .trials: "trials on validation"
        case .allRows: "trials on all rows"
        case .scores: "scores on the test part"
        }
      return "stage \(rawValue) of \(Self.allCases.count): \(what)"
    }

    /// The folder of its runs within that of the study.
    var folder: String {
      switch self {
      case .trials: "trials"
      case .allRows: "all-rows"
      case .scores: "scores"
      }
    }

    /// What its runs hold out for the end.
    var test: AdvisedArm.Parts.Test {
      switch self {
      case .trials: .sealed
      case .allRows: .none
      case .scores: .measured
      }
    }

    /// What is said of its runs until there is an answer.
    var sentence: String {
      switch self {
      case .trials:
        "trials choose: the best on validation of each arm, of all arms, and of those without max-norm"
      case .allRows: "the choice is repeated on all rows, for the r to recommend"
      case .scores: "each choice is scored once on rows that nothing was chosen by"
      }
    }
  }

  /// A study of these arms, each run of `epochs` epochs.
  init(
    _ design: AdviceDesign, _ arms: [AdvisedArm], of base: Experiment, _ sizes: Sizes,
    margin: Margin, epochs: Int
  ) {
    self.design = design
    self.arms = arms
    self.base = base
    self.sizes = sizes
    self.margin = margin
    self.epochs = epochs
  }

  /// Plans the study of an experiment's usual arms.
  ///
  /// - Throws: `ProgramError` if the experiment has no place for max-norm, or its data no test part.
  init(_ source: ExperimentSource, _ sizes: Sizes, margin: Margin?, dataFolder: String?) throws {
    let base = try source.experiment()
    guard base.seed <= Self.mostSeed else {
      throw ProgramError(
        .none, .usage, "--seed", "expected at most \(Self.mostSeed), found \(base.seed)")
    }
    var arms: [AdvisedArm] = []
    for name in AdvisedArm.names {
      do throws(ProgramError) {
        arms.append(try AdvisedArm(name, of: source))
      } catch {
        // Without these there is no question.
        guard !["none", "max-norm"].contains(name) else { throw error }
        report("without \(name): \(error.problem)")
      }
    }
    let parts = AdvisedArm.Parts(
      split: sizes.keepsTestPart ? nil : 1, of: sizes.resamplings, test: .sealed)
    let first = try arms[0].trials(1, seed: base.seed, parts, epochs: 1)[0]
    let folder = dataFolder.map { URL(fileURLWithPath: $0, isDirectory: true) }
    let header = try first.header(dataFolder: folder)
    let epochs = max(1, (header.totalSteps ?? 1) / max(1, header.stepsPerEpoch ?? 1))
    var roles = arms.map { arm in
      AdviceDesign.Arm(arm.name, arm.name.contains("max-norm") ? .with : .without)
    }
    // Where it does not fit the data there is no such line.
    if let line = AdvisedArm(straightLineOf: source),
      (try? line.trials(1, seed: base.seed, parts, epochs: 1)[0]
        .header(dataFolder: folder)) != nil
    {
      arms.append(line)
      roles.append(AdviceDesign.Arm(line.name, .reference))
    }
    let metric = header.criterion
    let design = AdviceDesign(
      arms: roles, trials: sizes.trials, resamplings: sizes.resamplings, metric: metric.metric,
      goal: metric.goal)
    self.init(
      design, arms, of: base, sizes, margin: margin ?? .standard(for: design.testMetric),
      epochs: epochs)
  }

  // MARK: Runs

  /// A stage's runs, on top of a plan without any.
  ///
  /// `chosen` are the trials to be scored, by resampling.
  func plan(
    _ stage: Stage, on empty: ComparisonPlan, chosen: [[TrialKey]] = []
  ) throws -> ComparisonPlan {
    var plan = empty
    plan.kind = .trials(stage: stage.title)
    plan.folder = ComparisonFolder(path: "\(empty.folder.path)/\(stage.folder)")
    plan.arms = arms.filter { stage != .allRows || design[$0.name]?.role != .reference }.map {
      var arm = base
      arm.arm = $0.name
      return arm
    }
    var trials = PlannedTrials()
    for resampling in 0..<sizes.resamplings {
      for (index, arm) in plan.arms.enumerated() {
        for trial in try runs(of: arm.arm ?? "", in: resampling, stage, chosen) {
          trials.add(trial, arm: index)
        }
      }
    }
    plan.trials = trials
    return plan
  }

  private func runs(
    of name: String, in resampling: Int, _ stage: Stage, _ chosen: [[TrialKey]]
  ) throws -> [Experiment] {
    guard let arm = arms.first(where: { $0.name == name }), let role = design[name] else {
      return []
    }
    let isResampled = stage == .allRows || !sizes.keepsTestPart
    let parts = AdvisedArm.Parts(
      split: isResampled ? resampling + 1 : nil, of: sizes.resamplings, test: stage.test)
    let count = stage == .allRows ? design.trials : design.trials(of: role)
    let trials = try arm.trials(
      count, seed: sequence(resampling, isAllRows: stage == .allRows), parts, epochs: epochs)
    var runs: [Experiment] = []
    for (number, trial) in trials.enumerated() {
      var trial = trial
      trial.membership = ComparisonMembership(
        arms: design.arms.map(\.name), baseline: nil, margin: margin)
      let place = TrialPlace(resampling: resampling, number: number)
      if stage != .scores {
        trial.seed = place.seed(from: base.seed)
        runs.append(trial)
      } else if chosen[resampling].contains(TrialKey(arm: name, number: number)) {
        for repetition in 1...sizes.seeds {
          trial.seed = place.seed(from: base.seed, repetition: repetition)
          runs.append(trial)
        }
      }
    }
    return runs
  }

  /// Which sequence the settings of a resampling are drawn from: another one in each, so that the luck of
  /// a draw does not go through all of them; the same one for all arms.
  private func sequence(_ resampling: Int, isAllRows: Bool) -> UInt64 {
    RandomSource(seed: base.seed, stream: UInt64(2 * resampling + (isAllRows ? 1 : 0)))
      .drawn()
  }

  /// Leaves room for the seeds of all trials, which experiments hold as Int.
  private static let mostSeed = UInt64(1) << 40
}

/// Where a trial stands in a study, which its seed tells.
struct TrialPlace: Equatable {
  /// Both from 0 on.
  var resampling: Int
  var number: Int

  /// More trials of an arm than any study has.
  static let most = 1000

  init(resampling: Int, number: Int) { (self.resampling, self.number) = (resampling, number) }

  /// The place of a run of a study that counts seeds from `base` on.
  init(seed: UInt64, from base: UInt64) {
    let offset = Int((seed - base) % UInt64(Self.most * Self.most))
    (resampling, number) = offset.quotientAndRemainder(dividingBy: Self.most)
  }

  /// The seed of its run, and of those that score it: other first weights and another order.
  func seed(from base: UInt64, repetition: Int = 0) -> UInt64 {
    base + UInt64((repetition * Self.most + resampling) * Self.most + number)
  }
}

extension RandomSource {
  /// The first draw of it.
  fileprivate func drawn() -> UInt64 {
    var source = self
    return source.next()
  }
}
