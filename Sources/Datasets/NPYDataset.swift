// Arrays that were saved by NumPy as examples.
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

extension Dataset {
  /// Examples from NumPy arrays.
  ///
  /// Inputs are `[N, D]`, sequences `[N, T, D]` or images `[N, C, H, W]`; tokens are whole numbers
  /// `[N, T]`. Whole targets `[N]` are classes, `[N, T]` a class for each step, `[N, H, W]` one for
  /// each pixel (segmentation); there are `classes` of them, or one more than the largest number.
  /// Targets with a fraction, `[N]` or more, are values. A decoder's inputs are tokens `[N, T]` for
  /// targets `[N, T]`. Without validation files the last rows are
  /// measured on, a share `validation` of them in the order of the file; where that is 0, the
  /// training part itself.
  ///
  /// - Throws: `DatasetError` where a file is missing, damaged or does not fit the others.
  package static func npy(
    _ files: NPYFiles, classes: Int? = nil, validation: Double = 0.2
  ) throws(DatasetError) -> Dataset {
    let train = try NPYPart(files.train)
    var test: NPYPart?
    if let part = files.validation { test = try NPYPart(part) }
    if let test { try test.check(fits: train) }
    let parts = [train, test].compactMap(\.self)
    let targets: [DatasetTargets]
    if train.targets.element.isInteger {
      let labels = try parts.map { part throws(DatasetError) in try part.targets.labels() }
      let largest = labels.compactMap { $0.max() }.max() ?? 0
      let count = classes ?? max(Int(largest) + 1, 2)
      guard largest < count else {
        throw .bad(
          place: train.targets.name,
          problem: "expected classes below \(count), found \(largest)",
          hint: "raise data.classes or leave it out")
      }
      targets = labels.map { .classes($0, classes: count, positions: train.targetSize) }
    } else {
      targets = try parts.map { part throws(DatasetError) in
        .values(try part.targets.floats(), size: train.targetSize)
      }
    }
    let all = DatasetPart(inputs: try train.rows(), targets: targets[0], count: train.count)
    var data = Dataset(
      train: all, validation: all, inputShape: Array(train.inputs.shape.dropFirst()),
      decoderLength: train.decoderInputs?.shape[1] ?? 0,
      task: train.targets.shape.count == 3 ? .segmentation : .classification)
    if let test {
      data.validation = DatasetPart(
        inputs: try test.rows(), targets: targets[1], count: test.count)
    } else if validation > 0 {
      let trainCount = all.count - Int((Double(all.count) * validation).rounded())
      guard trainCount >= 1, trainCount < all.count else {
        throw .bad(
          place: train.inputs.name,
          problem: "expected rows for both parts at validation \(validation), "
            + "found \(all.count) rows", hint: "add rows or change data.validation")
      }
      data.train = all.rows(0..<trainCount, inputSize: data.inputSize)
      data.validation = all.rows(trainCount..<all.count, inputSize: data.inputSize)
    }
    switch all.targets {
    case .classes(_, let classes, _): data.classNames = (0..<classes).map(String.init)
    default:
      return .regression(
        train: data.train, validation: data.validation, inputShape: data.inputShape)
    }
    return data
  }
}

/// Inputs and targets of one part, not yet read as numbers.
private struct NPYPart {
  let inputs: NPYFile
  let decoderInputs: NPYFile?
  let targets: NPYFile
  let count: Int

  /// Values in one example's target.
  var targetSize: Int { targets.shape.dropFirst().reduce(1, *) }

  init(_ files: NPYFiles.Part) throws(DatasetError) {
    inputs = try NPYFile(contentsOf: files.inputs)
    targets = try NPYFile(contentsOf: files.targets)
    guard 2...4 ~= inputs.shape.count, !inputs.shape.contains(0) else {
      throw .bad(
        place: inputs.name,
        problem: "expected inputs [N, D], [N, T, D] or [N, C, H, W], found shape \(inputs.shape)",
        hint: "reshape them; one number an example is array.reshape(-1, 1)")
    }
    count = inputs.shape[0]
    guard targets.shape.first == count, !targets.shape.contains(0) else {
      throw .bad(
        place: targets.name,
        problem: "expected one target for each of \(count) inputs, found shape \(targets.shape)",
        hint: "check that the files belong together")
    }
    if let url = files.decoderInputs {
      let decoder = try NPYFile(contentsOf: url)
      guard decoder.shape.count == 2, decoder.shape == targets.shape else {
        throw .bad(
          place: decoder.name,
          problem: "expected decoder inputs [N, T] of the targets' shape \(targets.shape), "
            + "found \(decoder.shape)",
          hint: "a row is the start token and the target without its last token")
      }
      decoderInputs = decoder
    } else {
      decoderInputs = nil
    }
    let highest = targets.element.isInteger ? 3 : 4
    guard targets.shape.count <= highest else {
      throw .bad(
        place: targets.name,
        problem: "expected at most \(highest) dimensions in \(targets.element) targets, "
          + "found shape \(targets.shape)", hint: "reshape them")
    }
  }

  /// Each example's inputs, a decoder's behind the others.
  func rows() throws(DatasetError) -> [Float] {
    let values = try inputs.floats()
    guard let decoder = try decoderInputs?.floats() else { return values }
    let (size, length) = (values.count / count, decoder.count / count)
    var rows: [Float] = []
    rows.reserveCapacity(values.count + decoder.count)
    for row in 0..<count {
      rows += values[row * size..<(row + 1) * size]
      rows += decoder[row * length..<(row + 1) * length]
    }
    return rows
  }

  func check(fits train: NPYPart) throws(DatasetError) {
    let pairs = [(inputs, train.inputs, false), (targets, train.targets, true)]
    for (own, other, mustBeOfKind) in pairs
    where own.shape.dropFirst() != other.shape.dropFirst()
      || mustBeOfKind && own.element.isInteger != other.element.isInteger
    {
      throw .bad(
        place: own.name,
        problem: "expected examples as in \(other.name), \(other.element) of shape \(other.shape); "
          + "found \(own.element) of shape \(own.shape)",
        hint: "save both parts alike")
    }
  }
}
