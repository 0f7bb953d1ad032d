// What the dashboard knows about the twin: the same seed, without the constraint.
import PlainText
import RunRecords

/// The twin's figures now and over time.
package struct TwinState: Sendable {
  /// The step at which it was forked from the run; nil: it started where the run did.
  package let forkStep: Int?
  /// Optimizer steps completed; less than the run's while it catches up.
  package private(set) var step: Int
  /// Its layers according to its latest records.
  private var layers: [StepRecord.Layer] = []
  package private(set) var evaluation: EvaluationRecord?
  package private(set) var validationLoss = SmoothedHistory()
  package private(set) var validationAccuracy = SmoothedHistory()
  /// The header's metric, where it is a figure of the task.
  package private(set) var taskMetric = SmoothedHistory()
  /// How it ended; nil while it is running.
  package var end: EndRecord?
  /// The run's validation loss less the twin's, where both were last evaluated at one step.
  package var gap: Float?

  package init(forkStep: Int? = nil) {
    self.forkStep = forkStep
    step = forkStep ?? 0
  }

  mutating func apply(_ record: StepRecord) {
    step = max(step, record.step)
    layers = record.layers
  }

  /// What its last step record says of a layer; nil before the first.
  package func layer(_ name: String) -> StepRecord.Layer? { layers.first { $0.name == name } }

  mutating func apply(_ record: EvaluationRecord, taskMetric metric: String?) {
    step = max(step, record.step)
    evaluation = record
    validationLoss.append(record.validationLoss, at: record.step)
    if let accuracy = record.validationAccuracy {
      validationAccuracy.append(accuracy, at: record.step)
    }
    if let value = metric.flatMap(record.value(of:)) { taskMetric.append(value, at: record.step) }
  }
}

extension RunSegment {
  mutating func apply(_ record: Record.Twin) {
    // A damaged log may contain a twin that nothing has started.
    if twin == nil { twin = TwinState() }
    switch record {
    case .step(let record): twin?.apply(record)
    // The norms panels show the run; the twin's layers in step records suffice.
    case .norms: break
    case .evaluation(let record):
      let metric = hasTaskMetric ? header.criterion.metric : nil
      twin?.apply(record, taskMetric: metric)
      if let evaluation, evaluation.step == record.step {
        twin?.gap = evaluation.validationLoss.flatMap { loss in
          record.validationLoss.map { loss - $0 }
        }
      }
    case .end(let record): twin?.end = record
    }
  }

  /// Where the twin stands, or how far the run is from it, in words; the longest wording first.
  package var twinWords: [String] {
    guard let twin else { return [] }
    if let end = twin.end, end.reason == .diverged {
      let step = NumberText.grouped(end.step)
      return ["twin diverged at step \(step)", "twin diverged"]
    }
    if twin.step < step, twin.gap == nil || twin.evaluation?.step != evaluation?.step {
      let (now, end) = (NumberText.grouped(twin.step), NumberText.grouped(step))
      // In lock-step the twin's records come a moment after the run's.
      // A damaged log may have it stand anywhere.
      if step &- twin.step > header.stepsPerEpoch ?? 1 { return ["twin at step \(now) of \(end)"] }
    }
    guard let gap = twin.gap, gap.isFinite else { return [] }
    let size = NumberText.fixed(Double(gap.magnitude), decimals: 3)
    let side = gap <= 0 ? "below" : "above"
    return ["validation loss \(size) \(side) the twin's", "loss \(size) \(side) twin"]
  }
}
