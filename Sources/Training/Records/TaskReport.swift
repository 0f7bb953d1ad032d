// What an evaluation says of a task beyond loss and accuracy: its figures, and what it has to show.
import Datasets
import NeuralNetwork
import RunRecords

/// Figures of a task, in the order they are shown, and its samples.
struct TaskReport {
  var metrics: [Metric] = []
  var samples: [Sample] = []

  /// A sample before it knows its step.
  struct Sample {
    var title: String
    var content: SampleRecord.Content
  }

  mutating func add(_ metric: String, _ value: Double) {
    metrics.append(.init(name: metric, value: Float(value)))
  }

  mutating func show(_ title: String, _ content: SampleRecord.Content) {
    samples.append(Sample(title: title, content: content))
  }
}

extension Dataset {
  /// The figure that says what is best, and which way it improves.
  func metric(loss: LossFunction) -> (name: String, goal: Goal) {
    switch task {
    case .forecast: ("validation_rmse", .minimize)
    case .segmentation: ("validation_mean_iou", .maximize)
    case .detection: ("validation_box_iou", .maximize)
    case .translation: ("validation_exact_match", .maximize)
    case .language: ("validation_loss", .minimize)
    case .classification where loss != .meanSquaredError: ("validation_accuracy", .maximize)
    case .classification, .regression: ("validation_loss", .minimize)
    }
  }
}

extension RunSetup {
  /// Loss and accuracy on the validation part, and what its task adds; `seed` and `step` decide what
  /// is drawn for a sample.
  ///
  /// `check` is called between batches; what it throws ends it.
  func measure<Failure: Error>(
    seed: UInt64, step: Int, check: () throws(Failure) -> Void
  ) throws(Failure) -> (Evaluation, TaskReport) {
    var report = TaskReport()
    var outputs: [Float] = []
    func evaluate() throws(Failure) -> Evaluation {
      try learner.evaluate(validation, into: &outputs, check: check)
    }
    let evaluation: Evaluation
    switch dataset.task {
    // What these show they write themselves, and keep no outputs.
    case .language(let alphabet):
      evaluation = try learner.evaluate(validation, check: check)
      try report.addText(
        alphabet, self, loss: evaluation.loss, seed: seed, step: step, check: check)
    case .translation(let translation):
      evaluation = try learner.evaluate(validation, check: check)
      try report.addTranslations(translation, self, check: check)
    case .classification:
      evaluation = try evaluate()
      report.addClasses(outputs, self)
    case .regression(let scale):
      evaluation = try evaluate()
      report.addRegression(scale, outputs)
    case .forecast(let forecast):
      evaluation = try evaluate()
      report.addForecast(forecast, outputs)
    case .segmentation:
      evaluation = try evaluate()
      report.addSegmentation(outputs, self)
    case .detection:
      evaluation = try evaluate()
      report.addDetection(outputs, self)
    }
    if let probe = dataset.probe { report.addProbe(probe, learner) }
    return (evaluation, report)
  }

  /// The same, without an end before its end.
  func measure(seed: UInt64, step: Int) -> (Evaluation, TaskReport) {
    measure(seed: seed, step: step) {}
  }
}

extension TaskReport {
  /// The table of a few inputs of a single value, their outputs and decisions.
  fileprivate mutating func addProbe(_ probe: Dataset.Probe, _ learner: Learner) {
    let outputs = learner.predict(probe.inputs, count: probe.shown.count)
    show(
      probe.title,
      .table(
        columns: [probe.inputName, "output", "decision"],
        rows: zip(probe.shown, outputs).map { input, output in
          [
            .number(Double(input)), .number(Double(output.description) ?? Double(output)),
            .text(probe.decisions[output > 0 ? 1 : 0]),
          ]
        }))
  }

  /// The error in units, and that of always answering the mean.
  fileprivate mutating func addRegression(
    _ scale: RegressionScale, _ outputs: [Float]
  ) {
    guard !outputs.isEmpty, scale.truth.count == outputs.count else { return }
    add("validation_rmse", scale.rmse(outputs: outputs))
    add("baseline_rmse", scale.baselineRMSE)
  }

  /// The error of a forecast in units beside those of the naive ones, and the end of the series.
  fileprivate mutating func addForecast(_ forecast: Forecast, _ outputs: [Float]) {
    let values = outputs.enumerated().map { forecast.value(output: $1, example: $0) }
    add("validation_rmse", forecast.rmse(values))
    add("last_value_rmse", forecast.lastValueRMSE)
    if let seasonal = forecast.seasonalRMSE { add("seasonal_rmse", seasonal) }
    // As many steps as a chart has room for, beside the naive forecast that is harder to beat.
    let shown = 200
    let isSeasonal = forecast.seasonalRMSE.map { $0 < forecast.lastValueRMSE } ?? false
    let naive = isSeasonal ? forecast.seasonal ?? forecast.last : forecast.last
    let truth = forecast.truth.suffix(shown)
    // Where the values lie far from 0, it is their spread that the digits are to show.
    let spread = (truth.max() ?? 0) - (truth.min() ?? 0)
    func shortened(_ values: some Sequence<Double>) -> [Double] {
      values.map { rounded($0, spread: spread) }
    }
    show(
      "\(forecast.name), \(forecast.horizon == 1 ? "one step" : "\(forecast.horizon) steps") ahead",
      .series(
        truth: shortened(truth), prediction: shortened(values.suffix(shown)),
        baseline: shortened(naive.suffix(shown))))
  }
}

/// Five significant digits of the value, or of a hundred times the spread where that is less: more
/// would be noise in a log.
func rounded(_ value: Double, spread: Double) -> Double {
  guard value != 0, value.isFinite else { return value }
  let size = spread > 0 ? min(abs(value), 100 * spread) : abs(value)
  var scale = 1.0
  while size * scale < 10_000, scale < 1e9 { scale *= 10 }
  return (value * scale).rounded() / scale
}
