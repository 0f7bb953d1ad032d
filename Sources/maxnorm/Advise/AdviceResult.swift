// What came of a study: the answer, the recommended experiment, the page.
import Basics
import Comparisons
import Experiments
import Foundation
import Reports
import RunRecords

/// A study that has been carried out.
struct AdviceResult {
  let plan: AdvicePlan
  let study: AdviceStudy
  /// The trials on all rows by resampling.
  let onAllRows: [[TrialKey: TrialOutcome]]
  let answer: AdviceAnswer
  let recommendation: Recommendation?
  let rows: AdviceAnswer.Rows?

  init(
    plan: AdvicePlan, study: AdviceStudy, onAllRows: [[TrialKey: TrialOutcome]],
    rows: AdviceAnswer.Rows?
  ) {
    self.plan = plan
    self.study = study
    self.onAllRows = onAllRows
    self.rows = rows
    answer = AdviceAnswer(study, margin: plan.margin)
    recommendation = Recommendation(
      onAllRows, study.design, helps: answer.finding == .helps)
  }

  var sentences: [String] { answer.sentences(recommendation, rows) }

  /// The experiment with the settings that are recommended, as `run` takes it; nil if nothing is.
  ///
  /// - Throws: `ProgramError` if the settings do not fit, which those of trials do.
  func recommendedYAML() throws -> String? {
    guard let recommendation,
      let arm = plan.arms.first(where: { $0.name == recommendation.arm })
    else { return nil }
    let experiment = try arm.experiment(
      with: recommendation.settings.map { SweptValue(key: $0.key, value: $0.median) },
      epochs: plan.epochs)
    let comments = sentences.map { "# \($0)\n" }.joined()
    return comments + (try experiment.document.yaml())
  }

  /// The page with the answer and every trial.
  ///
  /// - Throws: `ProgramError` if the recommended settings do not fit.
  func report(command: String) throws -> Report {
    Report(
      advice: .init(
        title: plan.base.title, name: plan.base.name, command: command, study: study,
        answer: answer, recommendation: recommendation, rows: rows, onAllRows: onAllRows,
        yaml: try recommendedYAML()))
  }
}
