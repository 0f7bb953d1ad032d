// Arrays that were saved by NumPy as examples.
import Basics
import Foundation

/// The files of a data set of NumPy arrays.
package struct NPYFiles: Sendable, Equatable {
  /// Inputs, rank 2 to 4, and their targets.
  package struct Part: Sendable, Equatable {
    package var inputs: URL
    /// Tokens that a decoder reads, each a step behind what it should answer; nil without a decoder.
    package var decoderInputs: URL?
    package var targets: URL

    package init(inputs: URL, decoderInputs: URL? = nil, targets: URL) {
      self.inputs = inputs
      self.decoderInputs = decoderInputs
      self.targets = targets
    }
  }

  /// What is trained on.
  package var train: Part
  /// What is measured on; nil: a share of the training rows.
  package var validation: Part?
  /// What is measured on at the end; nil: a share of the training rows, if that is asked for.
  package var test: Part?

  package init(train: Part, validation: Part? = nil, test: Part? = nil) {
    self.train = train
    self.validation = validation
    self.test = test
  }
}

/// What an experiment says of arrays besides their files.
package struct NPYOptions: Sendable, Equatable {
  /// nil: as many classes as the targets have.
  package var classes: Int?
  /// Share of the rows that is held out if there are no validation files; 0: the training part
  /// itself is evaluated.
  package var validation: Double
  /// nil: the last rows, by class where a class would be missing.
  package var split: Split?
  /// nil: channels first, unless the shape says that they are not.
  package var layout: ImageLayout?

  package init(
    classes: Int? = nil, validation: Double = 0.2, split: Split? = nil,
    layout: ImageLayout? = nil
  ) {
    self.classes = classes
    self.validation = validation
    self.split = split
    self.layout = layout
  }
}

extension Dataset {
  /// Examples from NumPy arrays.
  ///
  /// Inputs are `[N, D]`, sequences `[N, T, D]` or images `[N, C, H, W]`, in another layout where the
  /// options say so; tokens are whole numbers `[N, T]`. Targets are what the loss answers
  /// (`NPYTargets`): classes `[N]`, a class for each step `[N, T]` or pixel `[N, H, W]`
  /// (segmentation), or values, `[N]` or more. A decoder's inputs are tokens `[N, T]` for targets
  /// `[N, T]`.
  ///
  /// - Throws: `ProgramError` if a file is missing, damaged or does not fit the others.
  package static func npy(
    _ files: NPYFiles, _ options: NPYOptions = NPYOptions(), for answers: AnswerKind = .either,
    seed: UInt64 = 1, preparation: Preparation = Preparation()
  ) throws(ProgramError) -> Dataset {
    var parts = try NPYParts(files, options, for: answers)
    let targets = try NPYTargets(
      parts.all.map(\.targets), for: answers, classes: options.classes, steps: parts.train.steps)
    if case .classes = targets.kind { parts.releaseTargetValues() }
    var split = try RowSplit(parts, targets, options, preparation.parts, seed: seed)
    if let count = preparation.train { try split.keepTrainingRows(count, seed: seed) }

    let shape = Array(parts.train.inputs.shape.dropFirst())
    let scaled = try NPYColumns(parts.all.map(\.inputs)).prepared(
      split, features: FeatureLayout(shape: shape),
      standardizes: preparation.standardizesInputs, key: "data.standardize")
    func inputs(_ prepared: [Float]?, _ rows: [Int]) throws(ProgramError) -> [Float] {
      if let prepared { return prepared }
      return try parts.inputs(of: rows)
    }
    let trained = try inputs(scaled?.train, split.train)
    let measured =
      split.validation == split.train ? trained : try inputs(scaled?.validation, split.validation)
    var data = Dataset(
      train: Examples(
        inputs: trained, targets: .values([], size: 0), count: split.train.count),
      validation: Examples(
        inputs: measured, targets: .values([], size: 0), count: split.validation.count),
      inputShape: shape, decoderLength: parts.train.decoderInputs?.shape[1] ?? 0,
      task: targets.isSegmentation ? .segmentation : .classification)
    if !split.test.isEmpty {
      let tested = try inputs(scaled?.test, split.test)
      data.test = TestPart(
        examples: Examples(inputs: tested, targets: .values([], size: 0), count: split.test.count),
        task: data.task)
    }
    data.notes = parts.train.notes + targets.notes + split.notes
    var encoding = ArrayEncoding()
    encoding.layout = options.layout?.rawValue
    if preparation.standardizesInputs, let scaled { encoding.standardize(by: scaled.scale) }
    data.encoding = .array(encoding)
    try data.setTargets(targets, parts, split, preparation)
    if preparation.standardizesInputs, scaled == nil { data.standardize() }
    return data
  }

  /// Takes over the targets of the rows of each part.
  private mutating func setTargets(
    _ targets: NPYTargets, _ parts: NPYParts, _ split: RowSplit, _ preparation: Preparation
  ) throws(ProgramError) {
    switch targets.kind {
    case .classes(let labels, let names):
      let size = targets.positions
      let all = labels.count == 1 ? labels[0] : Array(labels.joined())
      func part(_ rows: [Int]) -> Targets {
        .classes(all.rows(rows, size: size), classes: names.count, positions: size)
      }
      train.targets = part(split.train)
      validation.targets = part(split.validation)
      test?.examples.targets = part(split.test)
      classNames = names
    case .values:
      let all = NPYColumns(parts.all.map(\.targets))
      let size = all.size
      if let scaled = try all.prepared(
        split, features: FeatureLayout(shape: [size]),
        standardizes: preparation.standardizesTargets, key: "data.standardize_target")
      {
        train.targets = .values(scaled.train, size: size)
        validation.targets = .values(scaled.validation, size: size)
        let scale = RegressionScale(
          name: "", scaled, standardized: preparation.standardizesTargets,
          truth: all.doubles(of: split.validation))
        task = .regression(scale)
        test?.examples.targets = .values(scaled.test, size: size)
        test?.task = .regression(scale.measured(on: all.doubles(of: split.test)))
        return
      }
      train.targets = .values(try parts.targets(of: split.train), size: size)
      validation.targets = .values(try parts.targets(of: split.validation), size: size)
      if test != nil {
        test?.examples.targets = .values(try parts.targets(of: split.test), size: size)
      }
      task = Dataset.regression(train: train, validation: validation, inputShape: inputShape).task
      test = test.map { TestPart(examples: $0.examples, task: task.measured(on: $0.examples)) }
      if preparation.standardizesTargets { standardizeTargets() }
    }
  }
}

extension RowSplit {
  /// The rows of each part, those of further files counted on behind the first one's.
  fileprivate init(
    _ parts: NPYParts, _ targets: NPYTargets, _ options: NPYOptions, _ settings: PartSettings,
    seed: UInt64
  ) throws(ProgramError) {
    let count = parts.train.count
    var classes: RowClasses?
    if case .classes(let labels, let names) = targets.kind, targets.positions == 1 {
      classes = RowClasses(labels: labels[0], names: names)
    }
    let share =
      parts.validation == nil && options.validation > 0
      ? PartSize.share(options.validation) : .count(0)
    if share == .count(0), settings.isUsual {
      self.init(train: Array(0..<count), validation: [])
    } else {
      try self.init(
        count, validation: share, by: options.split, usually: .last, classes: classes, settings,
        seed: seed, place: parts.train.inputs.name)
    }
    var first = count
    if let own = parts.validation {
      validation = Array(first..<first + own.count)
      first += own.count
    } else if options.validation == 0 {
      validation = train
    }
    if let own = parts.test { test = Array(first..<first + own.count) }
  }
}
