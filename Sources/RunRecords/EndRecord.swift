// The end record: how a run closed.

/// Closes a run.
package struct EndRecord: Sendable, Equatable {
  package var step: Int
  /// Why it ended; nil if another program does not say.
  package var reason: Reason?
  /// Why a failed run failed: the exception's type and message on one line; nil if unknown.
  package var error: String?
  /// The figures of the last evaluation, or of the weights that were put back; nil without an evaluation.
  package var validationLoss: Float?
  /// Share of right answers, 0…1; nil without an evaluation or for regression.
  package var validationAccuracy: Float?
  /// Nil if nothing was evaluated.
  package var best: Best?
  /// The run ended before its last step, since its evaluations no longer got better; nil as false.
  package var early: Bool?
  /// The step whose weights were put back at the end; nil: those of the last step stand.
  package var restored: Int?
  /// What the run comes to on the test part; nil without such a part, and where it was not measured.
  package var test: Test?
  /// Units rescaled in the whole run, all layers together.
  package var clippedTotal: Int?
  /// Seconds without pauses.
  package var elapsed: Double?

  /// Why a run ended.
  package enum Reason: String, Sendable, FieldWord {
    case finished, stopped, interrupted, diverged
    /// The program that trained ended in an error; runs of this program do not.
    case failed
  }

  /// The evaluation at which the header's metric was best.
  package struct Best: Sendable, Equatable {
    package var step: Int
    /// The header's `metric`.
    package var metric: String
    /// The metric's best value.
    package var value: Float

    package init(step: Int, metric: String, value: Float) {
      self.step = step
      self.metric = metric
      self.value = value
    }
  }

  /// Figures of the test part, which no other record has.
  package struct Test: Sendable, Equatable {
    /// The step whose weights were measured.
    package var step: Int?
    package var loss: Float?
    /// Share of right answers, 0…1; nil for regression.
    package var accuracy: Float?
    /// Figures of the task, all named `test_…`.
    package var metrics: [Metric] = []
    /// How many ends of the run, this one included, have shown figures of the part; nil: it is the first.
    package var looks: Int?

    package init() {}

    /// The figure under a name such as `test_accuracy`; nil if there is none.
    package func value(of name: String) -> Float? {
      switch name {
      case "test_loss": loss
      case "test_accuracy": accuracy
      default: metrics.first { $0.name == name }?.value
      }
    }
  }

  /// A record whose figures `measure` fills in.
  package init(_ step: Int, _ reason: Reason?, _ measure: (inout EndRecord) -> Void = { _ in }) {
    self.step = step
    self.reason = reason
    measure(&self)
  }
}

extension EndRecord: RecordFields {
  static var blank: EndRecord { EndRecord(0, nil) }

  mutating func code(_ fields: inout some FieldCoder) {
    fields.required("step", &step)
    fields.field("reason", &reason)
    fields.field("error", &error, .aside)
    fields.field("validation_loss", &validationLoss, .ifAny)
    fields.field("validation_accuracy", &validationAccuracy, .ifAny)
    fields.part("best", &best, .ifAny)
    fields.field("early", &early, .announced)
    fields.field("restored", &restored, .announced)
    var test = test ?? Test()
    test.code(&fields)
    self.test = test == Test() ? nil : test
    fields.field("clipped_total", &clippedTotal)
    fields.field("elapsed", &elapsed)
  }
}

extension EndRecord.Test {
  /// Beside the end's own fields.
  fileprivate mutating func code(_ fields: inout some FieldCoder) {
    fields.field("test_step", &step, .announced)
    fields.field("test_loss", &loss, .announced)
    fields.field("test_accuracy", &accuracy, .announced)
    fields.metrics("test_metrics", &metrics, .announced)
    fields.field("test_looks", &looks, .announced)
  }
}

extension EndRecord.Best: RecordFields {
  static var blank: Self { Self(step: 0, metric: "", value: .nan) }

  /// `{"step": …, METRIC: …}`.
  mutating func code(_ fields: inout some FieldCoder) {
    fields.required("step", &step)
    fields.figure(&metric, &value, besides: "step")
  }
}
