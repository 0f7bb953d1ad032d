// Which trial is chosen among several: the best on validation, and nothing else is looked at.
import RunRecords

/// The choices of a resampling: among the arms without max-norm, among all, and of each arm.
package struct TrialSelection: Sendable, Equatable {
  /// The best on validation among the arms without max-norm; nil if all of their trials diverged.
  package let without: TrialKey?
  /// The best among all arms, out of as many trials.
  package let all: TrialKey?
  /// The best of each arm, those of reference among them.
  package let ofArm: [String: TrialKey]

  /// Chooses among what has been measured.
  package init(_ trials: [TrialKey: TrialOutcome], _ design: AdviceDesign) {
    func best(_ arms: [AdviceDesign.Arm], _ count: (AdviceDesign.Arm) -> Int) -> TrialKey? {
      // Trial by trial: of equals the earlier one is chosen, whatever its arm.
      let most = arms.map(count).max() ?? 0
      let keys = (0..<most).flatMap { number in
        arms.filter { number < count($0) }.map { TrialKey(arm: $0.name, number: number) }
      }
      return Self.best(of: keys, in: trials, goal: design.goal)
    }
    without = best(design.arms.filter { $0.role == .without }, design.trials(of:))
    all = best(design.contestants) { _ in design.trials }
    var chosen: [String: TrialKey] = [:]
    for arm in design.arms { chosen[arm.name] = best([arm]) { _ in design.trials } }
    ofArm = chosen
  }

  /// The trials that are to be scored on the test part, each once.
  package var keys: [TrialKey] {
    let keys = Set(ofArm.values).union([without, all].compactMap { $0 })
    return keys.sorted { ($0.arm, $0.number) < ($1.arm, $1.number) }
  }

  /// The best of some trials; the first of equals, and nil if none has a figure.
  ///
  /// Shares of few rows are often equal: then the lower validation loss decides.
  static func best(
    of keys: [TrialKey], in trials: [TrialKey: TrialOutcome], goal: Goal
  ) -> TrialKey? {
    var best: (key: TrialKey, value: Double, loss: Double)?
    for key in keys {
      guard let trial = trials[key], case .value(let value) = trial.outcome, value.isFinite
      else { continue }
      let loss = trial.loss.flatMap { $0.isFinite ? $0 : nil } ?? .infinity
      if let best {
        let isBetter = goal == .maximize ? value > best.value : value < best.value
        guard isBetter || value == best.value && loss < best.loss else { continue }
      }
      best = (key, value, loss)
    }
    return best?.key
  }
}
