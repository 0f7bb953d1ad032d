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

/// Inputs and targets of one part, not yet read as numbers.
private struct NPYPart {
  let inputs: NPYFile
  let decoderInputs: NPYFile?
  var targets: NPYFile
  let count: Int
  var notes: [String] = []

  /// Steps of a sequence, or of tokens; nil if an example is neither.
  var steps: Int? {
    switch inputs.shape.count {
    case 3: inputs.shape[1]
    case 2 where inputs.element?.isInteger == true: inputs.shape[1]
    default: nil
    }
  }

  init(_ files: NPYFiles.Part, _ layout: ImageLayout?) throws(ProgramError) {
    var inputs = try NPYFile(contentsOf: files.inputs)
    var targets = try NPYFile(contentsOf: files.targets)
    guard inputs.element != nil else {
      throw .bad(
        place: inputs.name, problem: "expected numbers as inputs, found \(inputs.type.name)",
        hint: "save categories as numbers, one-hot; texts are read as targets")
    }
    guard 2...4 ~= inputs.shape.count, !inputs.shape.contains(0) else {
      throw .bad(
        place: inputs.name,
        problem: "expected inputs [N, D], [N, T, D] or [N, C, H, W], found shape \(inputs.shape)",
        hint: "reshape them; one number an example is array.reshape(-1, 1)")
    }
    try inputs.arrangeImages(layout, notes: &notes)
    self.inputs = inputs
    count = inputs.shape[0]
    guard targets.shape.first == count, !targets.shape.contains(0) else {
      throw .bad(
        place: targets.name,
        problem: "expected one target for each of \(count) inputs, found shape \(targets.shape)",
        hint: "check that the files belong together")
    }
    if let url = files.decoderInputs {
      let decoder = try NPYFile(contentsOf: url)
      guard decoder.shape.count == 2, decoder.shape == targets.shape, decoder.element != nil else {
        throw .bad(
          place: decoder.name,
          problem: "expected decoder inputs [N, T] of the targets' shape \(targets.shape), "
            + "found \(decoder.shape)",
          hint: "a row is the start token and the target without its last token")
      }
      decoderInputs = decoder
    } else {
      decoderInputs = nil
      targets.dropSingleColumn()
    }
    self.targets = targets
    let highest = targets.element?.isInteger == true ? 3 : 4
    guard targets.shape.count <= highest else {
      throw .bad(
        place: targets.name,
        problem: "expected at most \(highest) dimensions in \(targets.type.name) targets, "
          + "found shape \(targets.shape)", hint: "reshape them")
    }
  }

  /// These examples' inputs, a decoder's behind the others.
  func rows(_ places: [Int]) throws(ProgramError) -> [Float] {
    let values = try inputs.floats(of: places)
    guard let decoder = try decoderInputs?.floats(of: places) else { return values }
    let (size, length) = (values.count / places.count, decoder.count / places.count)
    var rows: [Float] = []
    rows.reserveCapacity(values.count + decoder.count)
    for row in places.indices {
      rows += values[row * size..<(row + 1) * size]
      rows += decoder[row * length..<(row + 1) * length]
    }
    return rows
  }

  func check(fits train: NPYPart, for answers: AnswerKind) throws(ProgramError) {
    let pairs = [(inputs, train.inputs, false), (targets, train.targets, true)]
    for (own, other, mustBeOfKind) in pairs
    where own.shape.dropFirst() != other.shape.dropFirst()
      || mustBeOfKind
        && (own.element == nil) != (other.element == nil)
      || mustBeOfKind && answers == .either
        && own.element?.isInteger != other.element?.isInteger
    {
      throw .bad(
        place: own.name,
        problem:
          "expected examples as in \(other.name), \(other.type.name) of shape \(other.shape); "
          + "found \(own.type.name) of shape \(own.shape)",
        hint: "save both parts alike")
    }
  }
}

extension NPYFile {
  /// Reads images in the layout that is named, or refuses those that are in another than usual.
  fileprivate mutating func arrangeImages(
    _ layout: ImageLayout?, notes: inout [String]
  ) throws(ProgramError) {
    if let layout {
      let rank = layout == .nhw ? 3 : 4
      guard shape.count == rank else {
        throw .bad(
          place: name,
          problem:
            "expected images of \(rank) dimensions for data.layout: \(layout.rawValue), found "
            + "shape \(shape)", hint: "leave data.layout out, or reshape them")
      }
      arrange(layout)
      return
    }
    guard shape.count == 4, [1, 3, 4].contains(shape[3]), ![1, 3, 4].contains(shape[1]),
      shape[2] > 4
    else { return }
    // One narrow channel last: a square, or three colours, can hardly be anything else.
    guard shape[1] == shape[2] || shape[3] == 3 else {
      notes.append(
        "images of shape \(shape) read as [N, C, H, W], \(shape[1]) channels; data.layout: nhwc "
          + "reads channels last")
      return
    }
    throw .bad(
      place: name,
      problem: "expected images [N, C, H, W], found shape \(shape), which looks like [N, H, W, C]",
      hint: "set data.layout: nhwc, or nchw if the channels do come first")
  }
}

/// The numbers of an array and perhaps a second one behind it, on their way to Float.
private struct NPYColumns: NumberRows {
  private let first: NPYFile
  private let second: NPYFile?

  init(_ first: NPYFile, _ second: NPYFile?) {
    self.first = first
    self.second = second
  }

  var size: Int { first.rowSize }

  func read(_ row: Int, into values: UnsafeMutableBufferPointer<Double>) {
    if row < first.rowCount {
      first.read(row, into: values)
    } else {
      second?.read(row - first.rowCount, into: values)
    }
  }

  func doubles(of rows: [Int]) -> [Double] {
    var doubles: [Double] = []
    doubles.reserveCapacity(rows.count * size)
    forEach(of: rows) { doubles += UnsafeBufferPointer($0) }
    return doubles
  }

  /// The numbers as Floats made from Doubles; nil if Floats hold them as well.
  ///
  /// - Throws: `ProgramError` if one is not finite, or a feature would be lost.
  func prepared(
    _ split: RowSplit, features: FeatureLayout, standardizes: Bool, key: String
  ) throws(ProgramError) -> PreparedNumbers? {
    guard [first, second].contains(where: { $0?.element?.isWide == true }),
      standardizes || mayCollapse(split.train, features)
    else { return nil }
    try first.checkFinite()
    try second?.checkFinite()
    let name = first.name
    return try PreparedNumbers(
      self, features: features, split: split, standardizes: standardizes,
      origin: .init(place: { "\(name): column \($0)" }, key: key))
  }

  /// Whether a feature varies so little for its size that Floats might lose it, by a sample of rows.
  private func mayCollapse(_ rows: [Int], _ features: FeatureLayout) -> Bool {
    let step = max(1, rows.count / 4096)
    let scale = FeatureScale(
      self, of: stride(from: 0, to: rows.count, by: step).map { rows[$0] }, features: features)
    // Rounding to Float moves a number by 3e-8 of it: this is a tenth of a thousandth of what counts.
    return (0..<features.count).contains {
      !(abs(scale.means[$0]) < 1e5 * scale.deviations[$0]) && scale.varies[$0]
    }
  }
}
