// The evaluation record: losses and figures measured in inference mode.

/// Losses and figures measured in inference mode after `step` optimizer steps.
package struct EvaluationRecord: Sendable, Equatable {
  package var step: Int
  /// Counts from 1.
  package var epoch: Int?
  /// On the training part, at most its first 10,000 examples; nil if it was not measured.
  package var trainLoss: Float?
  /// Share of right answers, 0…1; nil for regression.
  package var trainAccuracy: Float?
  /// Mean over the validation part; nil if it was not measured.
  package var validationLoss: Float?
  /// Share of right answers, 0…1; nil for regression.
  package var validationAccuracy: Float?
  /// Figures of the task, in the order they are shown.
  package var metrics: [Metric] = []

  /// A record whose figures `measure` fills in.
  package init(_ step: Int, _ measure: (inout EvaluationRecord) -> Void = { _ in }) {
    self.step = step
    measure(&self)
  }

  /// The figure that a header's `metric` names; nil if the evaluation does not hold it.
  package func value(of metric: String) -> Float? {
    switch metric {
    case "train_loss": trainLoss
    case "train_accuracy": trainAccuracy
    case "validation_loss": validationLoss
    case "validation_accuracy": validationAccuracy
    default: metrics.first { $0.name == metric }?.value
    }
  }
}

extension EvaluationRecord: RecordFields {
  static var blank: EvaluationRecord { EvaluationRecord(0) }

  mutating func code(_ fields: inout some FieldCoder) {
    fields.required("step", &step)
    fields.field("epoch", &epoch)
    fields.field("train_loss", &trainLoss, tag: .value("loss/train"))
    fields.field("train_accuracy", &trainAccuracy, .ifAny, tag: .value("accuracy/train"))
    fields.field("validation_loss", &validationLoss, tag: .value("loss/validation"))
    fields.field(
      "validation_accuracy", &validationAccuracy, .ifAny, tag: .value("accuracy/validation"))
    fields.metrics("metrics", &metrics, .always)
  }
}
