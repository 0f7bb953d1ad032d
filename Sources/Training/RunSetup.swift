// What a run starts from: the loaded data and a network that fits it, and the header that says so.
import Datasets
import Foundation
import NeuralNetwork
import RunRecords

/// Data and network of an experiment for one seed, made on the training queue.
struct RunSetup {
  let dataset: Dataset
  let train: Examples
  let validation: Examples
  let learner: Learner
  let stepsPerEpoch: Int
  let totalSteps: Int

  /// Loads the data, unless it is at hand, and builds the network.
  ///
  /// - Throws: `DatasetError`, or `ExperimentError` where sizes don't fit.
  init(_ experiment: Experiment, seed: UInt64, dataset loaded: Dataset? = nil) throws {
    let dataset = try loaded ?? Dataset(experiment, seed: seed)
    train = try Examples(dataset.train, inputSize: dataset.inputSize, experiment)
    validation = try Examples(dataset.validation, inputSize: dataset.inputSize, experiment)
    self.dataset = dataset
    do {
      learner = try Learner(
        model: ModelDescription(inputShape: [dataset.inputSize], layers: experiment.layers),
        loss: experiment.loss, optimizer: experiment.optimizer, constraint: experiment.constraint,
        batch: min(experiment.batch, train.count), seed: seed)
      try learner.check(train)
      try learner.check(validation)
    } catch {
      throw ExperimentError(
        experiment: experiment.name, path: error.layer.map { "model[\($0)]" } ?? "model",
        problem: "\(error)",
        hint: "'maxnorm show \(experiment.name)' prints the layers")
    }
    stepsPerEpoch = (train.count - 1) / experiment.batch + 1
    let (total, overflow) = stepsPerEpoch.multipliedReportingOverflow(by: experiment.epochs)
    totalSteps = experiment.steps ?? (overflow ? .max : total)
  }

  /// The header of a run that starts from here.
  func header(_ experiment: Experiment, seed: UInt64, threads: Int) -> RunHeader {
    let metric: String
    let goal: Goal
    switch experiment.loss {
    case .meanSquaredError: (metric, goal) = ("validation_loss", .minimize)
    case .binaryCrossEntropy, .crossEntropy: (metric, goal) = ("validation_accuracy", .maximize)
    }
    var resolved = experiment
    resolved.seed = seed
    return RunHeader(
      name: experiment.name, title: experiment.title, seed: seed, threads: threads,
      build: buildConfiguration, parameters: learner.parameterCount, trainExamples: train.count,
      validationExamples: validation.count, batch: experiment.batch, stepsPerEpoch: stepsPerEpoch,
      totalSteps: totalSteps, metric: metric, goal: goal, experiment: resolved.document,
      layers: learner.weights.map {
        RunHeader.Layer(
          name: $0.layer, kind: $0.kind, tensor: $0.tensor, shape: $0.shape, units: $0.units,
          axis: $0.axis.rawValue, maxNorm: $0.maxNorm)
      })
  }

  /// What the task has to show now; nil where it has nothing.
  func sample(step: Int) -> SampleRecord? {
    guard let probe = dataset.probe else { return nil }
    let outputs = learner.predict(probe.inputs, count: probe.shown.count)
    return SampleRecord(
      step: step, title: probe.title,
      content: .table(
        columns: [probe.inputName, "output", "decision"],
        rows: zip(probe.shown, outputs).map { input, output in
          [
            .number(Double(input)), .number(Double(output.description) ?? Double(output)),
            .text(probe.decisions[output > 0 ? 1 : 0]),
          ]
        }))
  }
}

extension Experiment {
  /// The header of a run of this experiment, data loaded and sizes checked.
  ///
  /// - Throws: `DatasetError` or `ExperimentError`.
  package func header() throws -> RunHeader {
    try RunSetup(self, seed: seed).header(self, seed: seed, threads: 1)
  }
}

/// `release`, or `debug` for a build without optimization.
package var buildConfiguration: String {
  #if DEBUG
    "debug"
  #else
    "release"
  #endif
}

extension Examples {
  /// A part of a data set in the form the loss takes.
  ///
  /// Two classes under binary cross-entropy become values 0 and 1.
  ///
  /// - Throws: `ExperimentError` where loss and targets don't fit.
  fileprivate init(
    _ part: DatasetPart, inputSize: Int, _ experiment: Experiment
  ) throws(ExperimentError) {
    func misfit(_ expected: String, _ found: String, _ hint: String) -> ExperimentError {
      ExperimentError(
        experiment: experiment.name, path: "loss",
        problem: "\(experiment.loss.rawValue) expects \(expected), the data has \(found)",
        hint: hint)
    }
    let targets: Targets
    switch (part.targets, experiment.loss) {
    case (.classes(_, _, let positions), _) where positions > 1:
      throw misfit("one answer an example", "\(positions) classes an example", "choose other data")
    case (.classes(let labels, let classes, _), .crossEntropy):
      targets = .classes(labels, count: classes)
    case (.classes(let labels, let classes, _), .binaryCrossEntropy):
      guard classes == 2 else {
        throw misfit("2 classes", "\(classes)", "set loss to cross_entropy")
      }
      targets = .values(labels.map(Float.init), size: 1)
    case (.values(let values, let size), .meanSquaredError):
      targets = .values(values, size: size)
    case (.classes(_, let classes, _), .meanSquaredError):
      throw misfit("numbers", "\(classes) classes", "set loss to cross_entropy")
    case (.classesAndBoxes, _):
      throw misfit("classes or numbers", "classes and boxes", "choose other data")
    case (.values, .binaryCrossEntropy), (.values, .crossEntropy):
      throw misfit("classes", "numbers", "set loss to mse")
    }
    self.init(inputs: part.inputs, inputSize: inputSize, targets: targets, count: part.count)
  }
}
