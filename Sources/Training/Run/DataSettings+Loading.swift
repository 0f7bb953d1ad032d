// Loads the data that an experiment names.
import Basics
import Datasets
import Experiments
import Foundation
import NeuralNetwork

extension LossFunction {
  /// What targets it is asked to answer.
  fileprivate var answers: AnswerKind {
    switch self {
    case .crossEntropy: .classes
    case .meanSquaredError: .values
    case .binaryCrossEntropy: .binary
    case .classAndBox: .either
    }
  }
}

extension Dataset {
  /// What an experiment trains on under a seed: chosen, standardized, its labels made noisy.
  ///
  /// `searchPath` is where sets are looked for that do not ship.
  init(
    _ experiment: Experiment, seed: UInt64, searchPath: [URL] = DataSearchPath.standard()
  ) throws(ProgramError) {
    let settings = experiment.data
    self = try Dataset(
      settings, folder: experiment.folder, answers: experiment.objective.loss.answers, seed: seed,
      searchPath: searchPath)
    notes += classNotes
    guard settings.labelNoise > 0 else { return }
    guard case .classes(_, _, 1) = train.targets else {
      throw .bad(
        place: "data.label_noise",
        problem: "expected one class an example to replace, found other targets",
        hint: "leave data.label_noise out")
    }
    addLabelNoise(share: settings.labelNoise, seed: seed)
  }

  /// Loads what an experiment's `data` names; relative paths start at `folder`.
  private init(
    _ settings: DataSettings, folder: URL, answers: AnswerKind, seed: UInt64, searchPath: [URL]
  ) throws(ProgramError) {
    func url(_ path: String) -> URL {
      path.hasPrefix("/")
        ? URL(fileURLWithPath: path) : folder.appendingPathComponent(path)
    }
    let preparation = Preparation(
      train: settings.train, standardizesInputs: settings.standardize,
      standardizesTargets: settings.standardizeTarget)
    switch settings.source {
    case .digits(let image): self = try .digits(image: image)
    case .images(let set, let full): self = try .images(set, full: full, searchPath: searchPath)
    case .idx(let path, let set, let validation, let split):
      self = try .idx(url(path), set: set, validation: validation, split: split, seed: seed)
    case .cifar(let set, let path): self = try .cifar(set, url(path))
    case .npy(let paths):
      var files = NPYFiles(
        train: .init(
          inputs: url(paths.inputs), decoderInputs: paths.decoderInputs.map(url),
          targets: url(paths.targets)))
      if let inputs = paths.validationInputs, let targets = paths.validationTargets {
        files.validation = .init(
          inputs: url(inputs), decoderInputs: paths.validationDecoderInputs.map(url),
          targets: url(targets))
      }
      self = try .npy(
        files, paths.options, for: answers, seed: seed, preparation: preparation)
      return
    case .temperature: self = .temperatures()
    case .random(let inputs, let outputs, let train, let validation):
      self = .randomRows(
        inputs: inputs, outputs: outputs, train: train, validation: validation, seed: seed)
    case .noisyTable(let features, let informative, let flips, let train, let validation):
      self = .noisyTable(
        features: features, informative: informative, flips: flips, train: train,
        validation: validation, seed: seed)
    case .table(.file(let path), let options):
      self = try .table(
        try CSVTable(contentsOf: url(path), options.reading), options, seed: seed,
        preparation: preparation)
      return
    case .table(.shipped(let table), let options):
      self = try .table(try table.table(), options, seed: seed, preparation: preparation)
      notes = []
      return
    case .forecast(.file(let path), let options):
      self = try .forecast(
        try CSVTable(contentsOf: url(path), options.reading), options, preparation)
      return
    case .forecast(.shipped(let series), let options):
      self = try .forecast(try series.table(), options, preparation)
      notes = []
      return
    case .forecast(.generated(let series, let length), let options):
      self = try .forecast(
        series.series(length: length, seed: seed), options, preparation: preparation)
      return
    case .language(let path?, let window, let validation):
      self = try .language(url(path), window: window, validation: validation)
    case .language(nil, let window, let validation):
      self = try .kingJamesBible(window: window, validation: validation)
    case .vowels: self = try .japaneseVowels()
    case .shapes(let options): self = .shapes(options, seed: seed)
    case .canvasDigits(let size, let train, let validation):
      self = try .canvasDigits(size: size, train: train, validation: validation, seed: seed)
    case .dates(let train, let validation):
      self = .dates(train: train, validation: validation, seed: seed)
    case .delayedSum(let length, let train, let validation):
      self = .delayedSum(length: length, train: train, validation: validation, seed: seed)
    case .points(let set, let noise, let train, let validation):
      self = .points(set, noise: noise, train: train, validation: validation, seed: seed)
    }
    // What was read as Doubles is prepared already.
    try prepare(preparation, seed: seed)
  }

  private static func forecast(
    _ table: CSVTable, _ options: ForecastOptions, _ preparation: Preparation
  ) throws(ProgramError) -> Dataset {
    let series = try Series(
      table, column: options.column, inputs: options.inputs, missing: options.missing)
    return try forecast(series, options, preparation: preparation)
  }
}
