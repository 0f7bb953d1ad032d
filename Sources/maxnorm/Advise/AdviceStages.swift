// Carries the stages of a study out, one after the other, with the engine of compare and sweep.
import Basics
import Comparisons
import Experiments
import Foundation
import RunRecords
import Training

/// A study and how its runs are carried out.
struct AdviceStages {
  let plan: AdvicePlan
  /// Folder, margin and place of the runs.
  let empty: ComparisonPlan
  /// Carries the runs of a plan out; nil if they were left before their end.
  let execute: (ComparisonPlan, ComparisonExecution.Rung) throws -> ComparisonState?

  /// Runs what is still to be run.
  ///
  /// - Returns: nil if it was left before its end.
  /// - Throws: what the runs throw.
  func carryOut() throws -> AdviceResult? {
    let reading = AdviceReading(plan: plan)
    guard let searched = try run(plan.plan(.trials, on: empty), .trials) else { return nil }
    let trials = reading.trials(searched)
    guard let repeated = try run(plan.plan(.allRows, on: empty), .allRows) else { return nil }
    let onAllRows = reading.trials(repeated)
    let chosen = trials.map { TrialSelection($0, plan.design).keys }
    var last = try plan.plan(.scores, on: empty, chosen: chosen)
    func result(_ state: ComparisonState) -> AdviceResult {
      AdviceResult(
        plan: plan, study: reading.study(trials, scores: state), onAllRows: onAllRows,
        rows: reading.rows(state))
    }
    last.conclude = { state in result(state).sentences }
    return try run(last, .scores).map(result)
  }

  private func run(
    _ plan: ComparisonPlan, _ stage: AdvicePlan.Stage
  ) throws -> ComparisonState? {
    var plan = plan
    plan.opening = [stage.sentence]
    return try execute(
      plan,
      .init(number: stage.rawValue, of: AdvicePlan.Stage.allCases.count, title: stage.title))
  }

  /// Prints a command for each run that can be made now: all trials, or once they have ended the scores.
  ///
  /// - Throws: `ProgramError` if the folder cannot be written, or holds logs of other runs.
  func printCommands() throws {
    let trials = try plan.plan(.trials, on: empty)
    let searched = try ComparisonSession(trials, jobs: 1, title: plan.base.title) {}
    let allRows = try plan.plan(.allRows, on: empty)
    var stages = [trials, allRows]
    let areThere = searched.state.runs.allSatisfy(\.phase.isOver)
    if areThere {
      let chosen = AdviceReading(plan: plan).trials(searched.state).map {
        TrialSelection($0, plan.design).keys
      }
      stages.append(try plan.plan(.scores, on: empty, chosen: chosen))
    }
    let program = CommandLine.arguments.first ?? "maxnorm"
    for stage in stages {
      let session = try ComparisonSession(stage, jobs: 1, title: plan.base.title) {}
      try stage.folder.prepare(stage, elsewhere: true)
      try writeToStandardOutput(session.commands(program: program).map { $0 + "\n" }.joined())
    }
    if !areThere {
      report("note: these are the trials: once they have ended, the same command prints the scores")
    }
  }
}
