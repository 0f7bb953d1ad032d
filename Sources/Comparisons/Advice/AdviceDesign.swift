// How a study is laid out that asks whether max-norm helps: its arms, and how many trials each has.
import RunRecords

/// The arms of a study and its sizes, fixed before the first run.
package struct AdviceDesign: Sendable, Equatable {
  /// In the order in which they are shown.
  package let arms: [Arm]
  /// Settings tried in each arm and resampling.
  package let trials: Int
  /// How many times the rows are dealt out anew.
  package let resamplings: Int
  /// What trials are chosen by: `validation_accuracy`.
  package let metric: String
  /// What choices are scored by, which improves the same way: `test_accuracy`.
  package let testMetric: String
  package let goal: Goal

  package struct Arm: Sendable, Equatable {
    package let name: String
    package let role: Role

    package init(_ name: String, _ role: Role) { (self.name, self.role) = (name, role) }
  }

  /// What an arm is for.
  package enum Role: Sendable, Equatable {
    /// It goes without max-norm.
    case without
    /// Max-norm is a part of it.
    case with
    /// It takes no part in the question, and says what can be had more simply.
    case reference
  }

  package init(
    arms: [Arm], trials: Int, resamplings: Int, metric: String, testMetric: String? = nil,
    goal: Goal
  ) {
    self.arms = arms
    self.trials = trials
    self.resamplings = resamplings
    self.metric = metric
    self.testMetric = testMetric ?? MetricName.ofTest(metric)
    self.goal = goal
  }

  /// The arms that the question is about.
  package var contestants: [Arm] { arms.filter { $0.role != .reference } }

  /// Trials to be made of an arm in each resampling.
  ///
  /// The best of more trials is better by luck alone. So that the choice among the arms without max-norm
  /// is one of as many trials as that among all arms, those have more of them: twice as many where each
  /// arm has its pair with max-norm.
  package func trials(of arm: Arm) -> Int {
    let without = arms.count { $0.role == .without }
    guard arm.role == .without, without > 0 else { return trials }
    return (contestants.count * trials + without - 1) / without
  }

  /// Trials of all contestants in a resampling, which either choice is made among.
  package var choices: Int { contestants.count * trials }

  /// The arm of a name.
  package subscript(name: String) -> Arm? { arms.first { $0.name == name } }
}

/// Which trial it is.
package struct TrialKey: Sendable, Hashable {
  package var arm: String
  /// Its place in the sequence of settings, from 0 on.
  package var number: Int

  package init(arm: String, number: Int) { (self.arm, self.number) = (arm, number) }
}

/// What a trial came to on the validation part, which is all that selection sees.
package struct TrialOutcome: Sendable, Equatable {
  /// The metric of the weights that the trial ends with.
  package var outcome: SeedOutcome
  /// The validation loss, which decides between equal figures; nil if unknown.
  package var loss: Double?
  /// The settings that were drawn, by key.
  package var settings: [TrialSetting]

  package init(_ outcome: SeedOutcome, loss: Double? = nil, settings: [TrialSetting] = []) {
    self.outcome = outcome
    self.loss = loss
    self.settings = settings
  }
}

/// A key of the experiment and its drawn value.
package struct TrialSetting: Sendable, Equatable {
  /// `constraint.max_norm`.
  package var key: String
  package var value: Double

  package init(_ key: String, _ value: Double) { (self.key, self.value) = (key, value) }
}
