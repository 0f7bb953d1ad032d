// The page of a study.
import Comparisons
import Foundation
import RunRecords
import Testing

@testable import Reports

@Suite("Reports of advice")
struct AdviceReportTests {
  @Test func `a page has the answer, the choices and every trial`() {
    let design = AdviceDesign(
      arms: [.init("none", .without), .init("max-norm", .with)], trials: 2, resamplings: 3,
      metric: "validation_accuracy", goal: .maximize)
    func trials(_ resampling: Int) -> [TrialKey: TrialOutcome] {
      var trials: [TrialKey: TrialOutcome] = [:]
      for arm in design.arms {
        for number in 0..<design.trials(of: arm) {
          let value = 0.5 + Double(number) / 10 + (arm.role == .with ? 0.05 : 0)
          trials[TrialKey(arm: arm.name, number: number)] = TrialOutcome(
            number == 3 ? .diverged : .value(value), loss: 0.4,
            settings: [TrialSetting("constraint.max_norm", 0.25 * Double(resampling + 1))])
        }
      }
      return trials
    }
    let study = AdviceStudy(
      design, testPart: .drawn(ratio: 0.25),
      resamplings: (0..<3).map { resampling in
        let trials = trials(resampling)
        var resamplings = AdviceStudy.Resampling(trials, trivial: 0.5)
        for key in TrialSelection(trials, design).keys {
          resamplings.scores[key] = [.value(key.arm == "none" ? 0.6 : 0.7)]
        }
        return resamplings
      })
    let answer = AdviceAnswer(study, margin: .absolute(0.01))
    let report = Report(
      advice: .init(
        title: "Mine", name: "mine", command: "maxnorm advise mine", study: study, answer: answer,
        recommendation: Recommendation((0..<3).map(trials), design, helps: true), rows: nil,
        onAllRows: (0..<3).map(trials), yaml: "name: mine\n"))
    #expect(report.sections.map(\.heading).first == "Does max-norm help?")
    let page = report.html
    for text in [
      "best of all minus best without", "best of its arm", "diverged", "maxnorm advise mine",
      "0.25, 0.5, 0.75", "Every trial on all rows",
    ] {
      #expect(page.contains(text), "\(text)")
    }
    // 4 trials of none and 2 with max-norm in each of 3 resamplings, twice.
    let cells = page.components(separatedBy: "max_norm 0.75").count - 1
    #expect(cells >= 12)
    #expect(report.markdown.contains("## Choices"))
  }
}
