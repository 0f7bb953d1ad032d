// What an evaluation says of a task beyond loss and accuracy: its figures, and what it has to show.
import Datasets
import NeuralNetwork
import RunRecords

/// Figures of a task, in the order they are shown, and its samples.
struct TaskReport {
  var metrics: [EvaluationRecord.Metric] = []
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
  func measure(seed: UInt64, step: Int) -> (Evaluation, TaskReport) {
    var report = TaskReport()
    var outputs: [Float] = []
    let evaluation: Evaluation
    switch dataset.task {
    case .language(let alphabet):
      evaluation = learner.evaluate(validation)
      report.addText(alphabet, self, loss: evaluation.loss, seed: seed, step: step)
      return (evaluation, report)
    case .translation(let translation):
      evaluation = learner.evaluate(validation)
      report.addTranslations(translation, self)
      return (evaluation, report)
    default:
      evaluation = learner.evaluate(validation, into: &outputs)
    }
    switch dataset.task {
    case .classification: report.addClasses(outputs, self)
    case .regression(let scale): report.addRegression(scale, outputs, self)
    case .forecast(let forecast): report.addForecast(forecast, outputs)
    case .segmentation: report.addSegmentation(outputs, self)
    case .detection: report.addDetection(outputs, self)
    case .language, .translation: break
    }
    if let probe = dataset.probe { report.addProbe(probe, learner) }
    return (evaluation, report)
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
    _ scale: RegressionScale, _ outputs: [Float], _ setup: RunSetup
  ) {
    guard case .values(let targets, let size) = setup.validation.targets, !outputs.isEmpty,
      scale.deviations.count == size
    else { return }
    var squares = 0.0
    for (index, (output, target)) in zip(outputs, targets).enumerated() {
      let error = Double(output - target) * scale.deviations[index % size]
      squares += error * error
    }
    add("validation_rmse", (squares / Double(outputs.count)).squareRoot())
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
    show(
      "\(forecast.name), \(forecast.horizon == 1 ? "one step" : "\(forecast.horizon) steps") ahead",
      .series(
        truth: forecast.truth.suffix(shown).map(rounded),
        prediction: values.suffix(shown).map(rounded),
        baseline: naive.suffix(shown).map(rounded)))
  }
}

/// Five significant digits: more would be noise in a log.
func rounded(_ value: Float) -> Float {
  guard value != 0, value.isFinite else { return value }
  var scale: Float = 1
  while abs(value) * scale < 10_000, scale < 1e9 { scale *= 10 }
  return (value * scale).rounded() / scale
}
