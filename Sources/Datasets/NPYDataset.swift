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

  package init(train: Part, validation: Part? = nil) {
    self.train = train
    self.validation = validation
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
    var train = try NPYPart(files.train, options.layout)
    var test: NPYPart?
    if let part = files.validation { test = try NPYPart(part, options.layout) }
    if let test { try test.check(fits: train, for: answers) }
    let targets = try NPYTargets(
      [train, test].compactMap { $0?.targets }, for: answers, classes: options.classes,
      steps: train.steps)
    if case .classes = targets.kind {
      train.targets.releaseValues()
      test?.targets.releaseValues()
    }
    var split = try RowSplit(train, test, targets, options, seed: seed)
    if let count = preparation.train { try split.keepTrainingRows(count, seed: seed) }

    let all = NPYColumns(train.inputs, test?.inputs)
    let shape = Array(train.inputs.shape.dropFirst())
    let scaled = try all.prepared(
      split, features: FeatureLayout(shape: shape),
      standardizes: preparation.standardizesInputs, key: "data.standardize")
    let trained, measured: [Float]
    if let scaled {
      (trained, measured) = (scaled.train, scaled.validation)
    } else {
      trained = try train.rows(split.train)
      if let test {
        measured = try test.rows(Array(0..<test.count))
      } else {
        measured = split.validation == split.train ? trained : try train.rows(split.validation)
      }
    }
    var data = Dataset(
      train: Examples(
        inputs: trained, targets: .values([], size: 0), count: split.train.count),
      validation: Examples(
        inputs: measured, targets: .values([], size: 0), count: split.validation.count),
      inputShape: shape, decoderLength: train.decoderInputs?.shape[1] ?? 0,
      task: targets.isSegmentation ? .segmentation : .classification)
    data.notes = train.notes + targets.notes + split.notes
    try data.setTargets(targets, train, test, split, preparation)
    if preparation.standardizesInputs, scaled == nil { data.standardize() }
    return data
  }

  /// Takes over the targets of the rows of both parts.
  private mutating func setTargets(
    _ targets: NPYTargets, _ first: NPYPart, _ second: NPYPart?, _ split: RowSplit,
    _ preparation: Preparation
  ) throws(ProgramError) {
    switch targets.kind {
    case .classes(let labels, let names):
      let size = targets.positions
      func part(_ labels: [Int32], _ rows: [Int]) -> Targets {
        .classes(labels.rows(rows, size: size), classes: names.count, positions: size)
      }
      train.targets = part(labels[0], split.train)
      validation.targets =
        labels.count == 2
        ? part(labels[1], Array(0..<validation.count)) : part(labels[0], split.validation)
      classNames = names
    case .values:
      let all = NPYColumns(first.targets, second?.targets)
      let size = all.size
      if let scaled = try all.prepared(
        split, features: FeatureLayout(shape: [size]),
        standardizes: preparation.standardizesTargets, key: "data.standardize_target")
      {
        train.targets = .values(scaled.train, size: size)
        validation.targets = .values(scaled.validation, size: size)
        task = .regression(
          RegressionScale(
            name: "", scaled, standardized: preparation.standardizesTargets,
            truth: all.doubles(of: split.validation)))
        return
      }
      train.targets = .values(try first.targets.floats(of: split.train), size: size)
      validation.targets = .values(
        try (second ?? first).targets.floats(
          of: second == nil ? split.validation : Array(0..<validation.count)), size: size)
      let notes = notes
      let decoderLength = decoderLength
      self = .regression(train: train, validation: validation, inputShape: inputShape)
      self.notes = notes
      self.decoderLength = decoderLength
      if preparation.standardizesTargets { standardizeTargets() }
    }
  }
}

extension RowSplit {
  /// The rows of both parts, those of a second file counted on behind the first one's.
  fileprivate init(
    _ train: NPYPart, _ test: NPYPart?, _ targets: NPYTargets, _ options: NPYOptions, seed: UInt64
  ) throws(ProgramError) {
    if let test {
      self.init(
        train: Array(0..<train.count),
        validation: Array(train.count..<train.count + test.count))
    } else if options.validation > 0 {
      var classes: RowClasses?
      if case .classes(let labels, let names) = targets.kind, targets.positions == 1 {
        classes = RowClasses(labels: labels[0], names: names)
      }
      try self.init(
        train.count, share: options.validation, by: options.split, usually: .last,
        classes: classes, seed: seed, place: train.inputs.name)
    } else {
      self.init(train: Array(0..<train.count), validation: Array(0..<train.count))
    }
  }
}
