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
  ///
  /// - Throws: `ProgramError` if they cannot be had.
  package init(
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
    let parts = settings.parts
    let preparation = Preparation(
      train: settings.train, standardizesInputs: settings.standardize,
      standardizesTargets: settings.standardizeTarget, parts: parts)
    // All splits of a resampling are of one set of data, whatever the run's seed.
    let dataSeed = parts.resample == nil ? seed : 1
    // What is still to be dealt out, of data that have no other order.
    var share = PartSize.share(parts.validation ?? 0.2)
    var dealing: Split?
    switch settings.source {
    case .digits(let image): self = try .digits(image: image)
    case .images(let set, let full): self = try .images(set, full: full, searchPath: searchPath)
    case .idx(let path, let set, let validation, let split):
      self = try .idx(
        url(path), set: set, validation: parts == PartSettings() ? validation : nil, split: split,
        seed: seed)
      (share, dealing) = (.share(validation), split)
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
      if let inputs = paths.testInputs, let targets = paths.testTargets {
        files.test = .init(
          inputs: url(inputs), decoderInputs: paths.testDecoderInputs.map(url),
          targets: url(targets))
      }
      self = try .npy(
        files, paths.options, for: answers, seed: seed, preparation: preparation)
      return
    case .temperature: self = .temperatures()
    case .random(let inputs, let outputs, let train, let validation):
      self = .randomRows(
        inputs: inputs, outputs: outputs, train: train,
        validation: validation, test: parts.drawn, seed: dataSeed)
      try self.dealOutDrawn(validation, parts)
    case .noisyTable(let features, let informative, let flips, let train, let validation):
      self = .noisyTable(
        features: features, informative: informative, flips: flips, train: train,
        validation: validation + parts.drawn, seed: dataSeed)
      try self.dealOutDrawn(validation, parts)
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
        series.series(length: length, seed: dataSeed), options, preparation: preparation)
      return
    case .language(let path?, let window, let validation):
      self = try .language(url(path), window: window, validation: validation, parts)
    case .language(nil, let window, let validation):
      self = try .kingJamesBible(window: window, validation: validation, parts)
    case .vowels: self = try .japaneseVowels()
    case .shapes(var options):
      let validation = options.validation
      options.validation += parts.drawn
      self = .shapes(options, seed: dataSeed)
      try self.dealOutDrawn(validation, parts)
    case .canvasDigits(let size, let train, let validation):
      self = try .canvasDigits(
        size: size, train: train, validation: validation,
        test: parts.test == nil ? nil : parts.drawn, seed: dataSeed)
      try self.dealOutDrawn(validation, parts)
    case .dates(let train, let validation):
      self = .dates(
        train: train, validation: validation + parts.drawn, seed: dataSeed)
      try self.dealOutDrawn(validation, parts)
    case .delayedSum(let length, let train, let validation):
      self = .delayedSum(
        length: length, train: train, validation: validation + parts.drawn,
        seed: dataSeed)
      try self.dealOutDrawn(validation, parts)
    case .points(let set, let noise, let train, let validation):
      self = .points(
        set, noise: noise, train: train, validation: validation + parts.drawn,
        seed: dataSeed)
      try self.dealOutDrawn(validation, parts)
    }
    if settings.source.isDealtOutAsLoaded {
      try dealOut(
        validation: share, by: dealing, parts, seed: seed, place: "data")
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

extension PartSettings {
  /// Examples of the test part of data that are drawn.
  fileprivate var drawn: Int { if case .count(let count)? = test { count } else { 0 } }
}

extension Dataset {
  /// Deals drawn data out: the test part lies behind the validation part, unless all examples are dealt
  /// out anew.
  fileprivate mutating func dealOutDrawn(
    _ validation: Int, _ parts: PartSettings
  ) throws(ProgramError) {
    if parts.resample != nil {
      try dealOut(validation: .count(validation), parts, seed: 1, place: "data")
    } else if parts.test != nil, test == nil {
      holdOutLast(parts.drawn)
    }
  }
}

extension DataSettings.Source {
  /// Its examples come in parts of their own, or all in one, and have no order to be dealt out by.
  fileprivate var isDealtOutAsLoaded: Bool {
    switch self {
    case .digits, .images, .idx, .cifar, .temperature, .vowels: true
    case .npy, .random, .noisyTable, .table, .forecast, .language, .shapes, .canvasDigits, .dates,
      .delayedSum, .points:
      false
    }
  }
}
