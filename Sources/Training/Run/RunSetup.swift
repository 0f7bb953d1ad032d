// What a run starts from: the loaded data and a network that fits it, and the header that says so.
import Basics
import Datasets
import Experiments
import Foundation
import NeuralNetwork
import RunRecords

/// Data and network of an experiment for one seed, made on the training queue.
struct RunSetup {
  private(set) var dataset: Dataset
  let train: Examples
  private(set) var validation: Examples
  let learner: Learner
  /// The experiment's, the vocabularies of the data filled in.
  let layers: [LayerDescription]
  /// The data had to say how many tokens embeddings know.
  let experimentLacksVocabulary: Bool
  let stepsPerEpoch: Int
  let totalSteps: Int
  /// Steps that a schedule without a total is planned for: those of the run, or for a resumed run
  /// those planned for when it began.
  let plannedSteps: Int
  /// What a user should know of how experiment, data and weights were read.
  let notes: [String]

  /// Loads the data, unless it is at hand, and builds the network, with the weights of a file if one
  /// is given.
  ///
  /// - Throws: `ProgramError` if sizes don't fit.
  init(
    _ experiment: Experiment, seed: UInt64, dataset loaded: Dataset? = nil,
    options: RunOptions = RunOptions(), plannedSteps: Int? = nil
  ) throws {
    let dataset =
      try loaded
      ?? Dataset(
        experiment, seed: seed, searchPath: DataSearchPath.standard(first: options.dataFolder))
    try dataset.train.check(experiment)
    try dataset.validation.check(experiment)
    try dataset.test?.examples.check(experiment)
    self.dataset = dataset
    (train, validation) = (dataset.train, dataset.validation)
    experimentLacksVocabulary = experiment.layers.lackVocabulary
    if experimentLacksVocabulary {
      let tokens = dataset.tokenCounts
      layers = experiment.layers.fillingVocabularies(tokens.inputs, targetTokens: tokens.decoder)
    } else {
      layers = experiment.layers
    }
    let batch = min(experiment.batch, train.count)
    let batches = (train.count - 1) / batch + 1
    // Streams that are left without a window at the end would stand still: they are cut there.
    stepsPerEpoch = dataset.isOneText ? train.count / batch : batches
    let (total, overflow) = stepsPerEpoch.multipliedReportingOverflow(by: experiment.epochs)
    totalSteps = experiment.steps ?? (overflow ? .max : total)
    self.plannedSteps = plannedSteps ?? totalSteps
    var schedule = experiment.schedule
    schedule.total = schedule.total ?? max(1, self.plannedSteps - schedule.warmup)
    do {
      learner = try Learner(
        model: ModelDescription(
          inputShape: dataset.inputShape, decoderLength: dataset.decoderLength,
          layers: layers),
        objective: experiment.objective, optimizer: experiment.optimizer, schedule: schedule,
        constraint: experiment.constraint, batch: batch, carriesState: dataset.isOneText,
        seed: seed)
      try learner.check([train, validation] + (dataset.test.map { [$0.examples] } ?? []))
    } catch {
      throw ProgramError(
        experiment: experiment.name, path: error.layer.map { "model\($0)" } ?? "model",
        problem: "\(error)",
        // How the data was read may be why it has more classes or columns than were expected.
        hint: (dataset.notes + ["'maxnorm show' prints the layers"]).joined(separator: "; "))
    }
    var notes = experiment.notes + dataset.notes
    if let path = options.initialWeights { notes += try learner.loadWeights(from: path) }
    self.notes = notes
    try checkBatches(experiment, batch: batch)
  }

  /// Refuses batches in which batch norm has a single value a channel.
  private func checkBatches(_ experiment: Experiment, batch: Int) throws(ProgramError) {
    let rest = dataset.isOneText ? 0 : train.count % batch
    // The last batch of an epoch may never come.
    let isRestReached = totalSteps >= stepsPerEpoch
    let smallest = rest > 0 && isRestReached ? rest : batch
    guard smallest == 1, let layer = learner.layerWithoutVariance(inBatchOf: smallest) else {
      return
    }
    let usual = max(2, batch)
    let next = (usual...usual + train.count).first { train.count % $0 != 1 } ?? train.count
    throw ProgramError(
      experiment: experiment.name, path: "batch",
      problem:
        "batch_norm (model\(layer)) expects more than 1 value per channel when training, found 1: "
        + (batch == 1
          ? "batches of one example"
          : "\(train.count) examples leave 1 for the last batch of \(batch)"),
      hint: train.count < 2
        ? "give more examples, or take batch_norm out"
        : "set batch to \(next)"
          + (batch == 1 ? "" : ", or data.train to \(train.count - 1)") + ", or use layer_norm")
  }

  /// The same with the test part in place of the validation part; nil without one.
  var onTestPart: RunSetup? {
    guard let test = dataset.test else { return nil }
    var setup = self
    setup.validation = test.examples
    setup.dataset.validation = test.examples
    setup.dataset.task = test.task
    return setup
  }

  /// Steps per second with which the run lasts about a minute.
  var usualPace: Double { max(1, (Double(totalSteps) / 60).rounded()) }

  /// The header of a run that starts from here.
  func header(_ experiment: Experiment, seed: UInt64, threads: Int) -> RunHeader {
    let metric = dataset.metric(loss: experiment.objective.loss)
    var resolved = experiment
    resolved.seed = seed
    resolved.pace = experiment.pace ?? usualPace
    resolved.layers = layers
    return RunHeader(experiment.name) { header in
      header.title = experiment.title
      header.seed = seed
      header.threads = threads
      header.build = buildConfiguration
      header.parameters = learner.parameterCount
      header.trainExamples = train.count
      header.validationExamples = validation.count
      header.testExamples = dataset.test?.examples.count
      header.batch = experiment.batch
      header.stepsPerEpoch = stepsPerEpoch
      header.totalSteps = totalSteps
      (header.metric, header.goal) = (metric.name, metric.goal)
      header.experiment = resolved.document
      header.layers = learner.weights.map { weights in
        RunHeader.Layer(weights.name, maxNorm: weights.maxNorm) {
          $0.kind = weights.kind
          $0.tensor = weights.tensor
          $0.shape = weights.shape
          $0.units = weights.units
          $0.axis = weights.axis
        }
      }
      header.network = learner.outline.map {
        .init($0.kind, name: $0.name, part: $0.part, output: $0.output)
      }
      header.columns = dataset.columns.map(RunHeader.Column.init)
      header.notes = notes
    }
  }
}

extension Experiment {
  /// The header of a run of this experiment, data loaded and sizes checked.
  ///
  /// `dataFolder` is where data sets are looked for first that do not ship.
  ///
  /// - Throws: `ProgramError`.
  package func header(dataFolder: URL? = nil) throws -> RunHeader {
    var options = RunOptions()
    options.dataFolder = dataFolder
    return try RunSetup(self, seed: seed, options: options).header(self, seed: seed, threads: 1)
  }
}

extension RunHeader.Column {
  fileprivate init(_ column: TableColumn) {
    self.init(name: column.name, kind: column.kind.rawValue, categories: column.categories)
  }
}

extension Experiment {
  /// What becomes of each column of a table's file, a line each, as YAML comments; empty for other
  /// data.
  ///
  /// If the file cannot be read the comment says why: the experiment may be shown without its data.
  package var columnComments: String {
    switch data.source {
    case .table(.file, _), .forecast(.file, _): break
    case .table, .forecast, .digits, .images, .idx, .cifar, .npy, .temperature, .random,
      .noisyTable, .language, .vowels, .shapes, .canvasDigits, .dates, .delayedSum, .points:
      return ""
    }
    do {
      let dataset = try Dataset(self, seed: seed)
      let columns = dataset.columns.map { column in
        let count = column.categories.map { " (\($0))" } ?? ""
        return "# column \(column.name): \(column.kind.rawValue)\(count)"
      }
      return (columns + dataset.notes.map { "# note: \($0)" }).map { $0.onOneCommentLine + "\n" }
        .joined()
    } catch {
      return "# columns not read: \(error)".onOneCommentLine + "\n"
    }
  }
}

extension String {
  /// Names of columns may hold line feeds, where a comment would end, and controls of terminals.
  fileprivate var onOneCommentLine: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.map { scalar in
          switch scalar.properties.generalCategory {
          case .control, .format, .lineSeparator, .paragraphSeparator: " "
          default: scalar
          }
        }))
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

extension Dataset {
  /// Its windows follow one another: recurrent states carry over from each to the next.
  var isOneText: Bool {
    if case .language = task { true } else { false }
  }
}

extension Examples {
  /// Refuses targets that the loss of an experiment has no use for.
  ///
  /// - Throws: `ProgramError` if loss and targets don't fit.
  fileprivate func check(_ experiment: Experiment) throws(ProgramError) {
    let loss = experiment.objective.loss
    func misfit(_ expected: String, _ found: String, _ hint: String) -> ProgramError {
      ProgramError(
        experiment: experiment.name, path: "loss",
        problem: "\(loss.rawValue) expects \(expected), the data has \(found)", hint: hint)
    }
    switch (targets, loss) {
    case (.classes, .crossEntropy), (.values, .meanSquaredError), (.classesAndBoxes, .classAndBox):
      break
    case (.classes(_, let classes, let positions), .binaryCrossEntropy):
      guard classes == 2, positions == 1 else {
        throw misfit(
          "2 classes", classes == 2 ? "2 at \(positions) places" : "\(classes)",
          "set loss to cross_entropy")
      }
    case (.values(let values, _), .binaryCrossEntropy):
      guard values.allSatisfy({ 0...1 ~= $0 }) else {
        throw misfit("classes, or values from 0 to 1", "other numbers", "set loss to mse")
      }
    case (.classesAndBoxes, _):
      throw misfit("classes or numbers", "classes with boxes", "set loss to class_and_box")
    case (.classes(_, let classes, _), .meanSquaredError):
      throw misfit("numbers", "\(classes) classes", "set loss to cross_entropy")
    case (.values, .crossEntropy):
      throw misfit("classes", "numbers", "set loss to mse")
    case (.values, .classAndBox), (.classes, .classAndBox):
      throw misfit("classes with boxes", "none", "set loss to cross_entropy or mse")
    }
  }
}
