// The arrays of one part of a data set: which shapes they may have, and what belongs together.
import Basics

/// Where the channels of images stand.
package enum ImageLayout: String, Sendable, CaseIterable {
  /// Channels first, as PyTorch has them and as a network here reads them.
  case nchw
  /// Channels last, as Keras and picture files have them.
  case nhwc
  /// No channels: `[N, H, W]` is one channel.
  case nhw
}

/// Inputs and targets of one part, not yet read as numbers.
struct NPYPart {
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
