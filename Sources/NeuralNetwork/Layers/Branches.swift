// Skip connections: a value is kept, and later put beside what stands there or added to it.
import Kernels

/// Remembers what stands here under a name.
package struct Keep: Layer {
  var name: String

  package var kind: LayerKind { .keep }
  package var namesElsewhere: String { "" }
  package static let keys: [LayerKey<Self>] = [LayerKey("name", .text(\.name), standsAlone: true)]
  package var role: LayerRole { .arrangement }
  package var asDescription: LayerDescription { .keep(name) }

  package func place(in layout: inout ModelLayout, at path: LayerPath) throws(NetworkError)
    -> [Int]
  {
    let shape = layout.outputShape
    guard ModelLayout.isValid(name) else { throw .name(layer: path, name) }
    guard layout.kept.updateValue(shape, forKey: name) == nil else {
      throw .misfit(layer: path, "keep: '\(name)' is taken by an earlier one")
    }
    return shape
  }

  package func plan(_ placed: PlacedLayer, in builder: inout PlanBuilder) throws(NetworkError) {
    let size = placed.input.reduce(1, *)
    let offset = try builder.place(size)
    // The main path continues from the same place: what was true of it stays true.
    builder.append(
      .keep(KeepOperation(input: builder.current, kept: offset, size: size)),
      output: builder.current, isNeeded: builder.isNeeded)
    builder.kept[name] = PlanBuilder.KeptValue(offset: offset, size: size, block: builder.block)
  }
}

/// Puts a kept value behind the present one, or adds it.
package struct Join: Layer {
  enum Form: Equatable {
    /// Channels of images, features of the others; the present ones come first.
    case concatenates
    /// Element by element.
    case adds
  }

  var form: Form
  /// What was kept under this name; it may be used more than once.
  var name: String

  init(_ form: Form, name: String) {
    self.form = form
    self.name = name
  }

  package var kind: LayerKind {
    switch form {
    case .concatenates: .concatenate
    case .adds: .add
    }
  }
  package var namesElsewhere: String { "" }
  package static let keys: [LayerKey<Self>] = [LayerKey("name", .text(\.name), standsAlone: true)]
  package var role: LayerRole { .arrangement }
  package var asDescription: LayerDescription {
    switch form {
    case .concatenates: .concatenate(name)
    case .adds: .add(name)
    }
  }

  package func place(in layout: inout ModelLayout, at path: LayerPath) throws(NetworkError)
    -> [Int]
  {
    let input = layout.outputShape
    guard let other = layout.kept[name] else {
      throw .misfit(
        layer: path,
        "\(kind.rawValue): expected a name that was kept before, found '\(name)'")
    }
    switch form {
    case .concatenates:
      guard other.count == input.count, let joined = other.joined(to: input) else {
        throw .misfit(
          layer: path, "concatenate: expected a shape that fits \(input), '\(name)' is \(other)")
      }
      return joined
    case .adds:
      guard other == input else {
        throw .misfit(layer: path, "add: expected the shape \(input), '\(name)' is \(other)")
      }
      return input
    }
  }

  package func plan(_ placed: PlacedLayer, in builder: inout PlanBuilder) throws(NetworkError) {
    guard let value = builder.kept[name] else { return }
    let (input, adds) = (placed.input, form == .adds)
    // Features of a sequence lie side by side in every step; everything else is one block an
    // example.
    let steps = input.count == 2 ? input[0] : 1
    let pixels = input.count == 3 ? input[1] * input[2] : 1
    let channels = input.reduce(1, *) / steps / pixels
    let keptChannels = value.size / steps / pixels
    let joined = builder.joinedBlock(value, channels, keptChannels)
    let output = try builder.place(placed.output.reduce(1, *))
    if let last = value.lastUse, case .join(var join) = builder.operations[last] {
      join.accumulates = true
      builder.operations[last] = .join(join)
    }
    builder.kept[name]?.lastUse = builder.operations.count
    builder.append(
      .join(
        JoinOperation(
          input: .init(offset: builder.current, channels: channels, block: builder.block),
          kept: .init(offset: value.offset, channels: keptChannels, block: value.block),
          output: .init(
            offset: output, channels: adds ? channels : channels + keptChannels, block: joined),
          steps: steps, pixels: pixels, adds: adds)),
      output: output)
    builder.block = joined
  }
}

extension [Int] {
  /// The shape of two examples put together: channels of images, features of the others.
  fileprivate func joined(to other: [Int]) -> [Int]? {
    switch count {
    case 1: [self[0] + other[0]]
    case 2: self[0] == other[0] ? [self[0], self[1] + other[1]] : nil
    default: dropFirst() == other.dropFirst() ? [self[0] + other[0]] + dropFirst() : nil
    }
  }
}

extension PlanBuilder {
  /// The block of a present and a kept value together: that of one of them if both numbers of
  /// channels are multiples of it, else 1.
  fileprivate func joinedBlock(_ value: KeptValue, _ channels: Int, _ keptChannels: Int) -> Int {
    let larger = max(block, value.block)
    return channels % larger == 0 && keptChannels % larger == 0 ? larger : 1
  }
}

/// Keeps a copy of a value; the main path continues from the original.
struct KeepOperation {
  let input: Int
  let kept: Int
  let size: Int

  func forward(_ memory: Memory, rows: Int) {
    (memory.values + kept).update(from: memory.values + input, count: rows * size)
  }

  /// dx = the main path's gradient + that of the copy.
  func backward(_ gradients: Memory, rows: Int) {
    let target = gradients.values + input
    accumulate(gradients.values + kept, into: target, count: rows * size)
  }
}

/// Puts a kept value behind the present one, or adds it.
struct JoinOperation {
  /// A value `[N·steps, channels / block, pixels, block]`.
  struct Operand {
    let offset: Int
    let channels: Int
    /// How many channels lie side by side.
    let block: Int
  }

  let input: Operand
  let kept: Operand
  let output: Operand
  /// Parts of an example that are joined each for itself: the steps of a sequence.
  let steps: Int
  /// Values of a channel; 1 for features.
  let pixels: Int
  /// Adds; all operands are then the same.
  let adds: Bool
  /// A later use writes the kept value's gradient first.
  var accumulates = false

  private func images(
    _ operand: Operand, _ values: UnsafeMutablePointer<Float>, from channel: Int = 0
  ) -> ImageRows {
    ImageRows(
      base: values + operand.offset + channel * pixels, stride: operand.channels * pixels,
      block: operand.block)
  }

  private var keptStart: Int { adds ? 0 : input.channels }

  func forward(_ memory: Memory, rows: Int) {
    let values = memory.values
    copyImages(
      images(input, values), to: images(output, values), rows: rows * steps,
      channels: input.channels, pixels: pixels)
    copyImages(
      images(kept, values), to: images(output, values, from: keptStart), rows: rows * steps,
      channels: kept.channels, pixels: pixels, adds: adds)
  }

  func backward(_ gradients: Memory, rows: Int) {
    let values = gradients.values
    copyImages(
      images(output, values, from: keptStart), to: images(kept, values), rows: rows * steps,
      channels: kept.channels, pixels: pixels, adds: accumulates)
    copyImages(
      images(output, values), to: images(input, values), rows: rows * steps,
      channels: input.channels, pixels: pixels)
  }
}

/// target += source, `count` values each.
private func accumulate(
  _ source: UnsafeMutablePointer<Float>, into target: UnsafeMutablePointer<Float>, count: Int
) {
  addRows(
    StridedRows(base: source, stride: count), to: StridedRows(base: target, stride: count), rows: 1,
    columns: count)
}
