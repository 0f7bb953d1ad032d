// Whether a run came to more than what needs no training: the largest class, the mean, the last value.
import Foundation

/// What always answering the same, or the value before, comes to on the validation part.
package struct TrivialBaseline: Sendable, Equatable {
  /// "always answering the largest class".
  package var words: String
  /// The run's figure that it is held against: `validation_accuracy`.
  package var metric: String
  package var goal: Goal
  /// Its own figure, and the run's at an evaluation.
  package var value: Float
  package var reached: Float

  /// Of each kind of task, as its evaluations name them.
  private static let kinds: [(name: String, words: String, metric: String, goal: Goal)] = [
    (
      "largest_class_accuracy", "always answering the largest class", "validation_accuracy",
      .maximize
    ),
    ("baseline_rmse", "always answering the mean", "validation_rmse", .minimize),
    ("last_value_rmse", "answering the last value", "validation_rmse", .minimize),
    ("seasonal_rmse", "answering the value a season ago", "validation_rmse", .minimize),
  ]

  /// The baseline that an evaluation is no better than, the best of them if there are several; nil
  /// if it beats them all.
  package init?(unbeatenIn record: EvaluationRecord) {
    let unbeaten = Self.kinds.compactMap { kind -> TrivialBaseline? in
      guard let value = record.value(of: kind.name), let reached = record.value(of: kind.metric),
        value.isFinite, reached.isFinite, !kind.goal.prefers(reached, to: value)
      else { return nil }
      return TrivialBaseline(
        words: kind.words, metric: kind.metric, goal: kind.goal, value: value, reached: reached)
    }
    let best = unbeaten.max { $0.goal.prefers($1.value, to: $0.value) }
    guard let best else { return nil }
    self = best
  }

  private init(words: String, metric: String, goal: Goal, value: Float, reached: Float) {
    (self.words, self.metric, self.goal) = (words, metric, goal)
    (self.value, self.reached) = (value, reached)
  }

  /// Without a full stop.
  package var sentence: String {
    "no better than \(words): \(MetricName.words(metric)) \(text(reached)), that \(text(value))"
  }

  private func text(_ value: Float) -> String {
    MetricName.isShare(metric)
      ? String(format: "%.1f %%", Double(value) * 100) : String(format: "%.4g", Double(value))
  }
}
