// The options that comparing and sweeping share: how many seeds, and how their runs are carried out.
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

  @OptionGroup
  var execution: ExecutionOptions

  static let defaultSeeds = 10

  func validate() throws {
    if let seeds, !(1...10_000 ~= seeds) {
      throw ValidationError("--seeds: expected 1 to 10000, found \(seeds)")
    }
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
    let count =
      splits.map { $0 * (seeds ?? 1) } ?? seeds ?? base.comparison?.seeds ?? Self.defaultSeeds
    guard base.seed <= UInt64(Int.max) - UInt64(count) else {
      throw ProgramError(
        "--seed: expected room for \(count) seeds above it, found \(base.seed)",
        status: ProgramError.Status.usage)
    }
    var plan = try execution.emptyPlan(of: base, kind: kind, suffix: suffix, data: data)
    plan.arms = Self.members(arms, kind, plan.margin)
    plan.seeds = (0..<UInt64(count)).map { base.seed + $0 }
    plan.splits = splits
    return plan
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
    case .sweep, .trials: if margin == nil { return arms }
    }
    return arms.map { arm in
      var arm = arm
      arm.membership = membership
      return arm
    }
  }
}
