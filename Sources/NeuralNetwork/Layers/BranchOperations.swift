// Skip connections: a value is kept, and later put beside what stands there or added to it.
import Kernels

/// Keeps a copy of a value; the main path goes on from the original.
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

extension PlanBuilder {
  mutating func addKeep(_ name: String, size: Int) throws(NetworkError) {
    let offset = try place(size)
    // The main path goes on from the same place: what was true of it stays true.
    append(
      .keep(KeepOperation(input: current, kept: offset, size: size)), output: current,
      isNeeded: isNeeded)
    kept[name] = KeptValue(offset: offset, size: size, block: block)
  }

  mutating func addJoin(_ name: String, _ layer: PlacedLayer, adds: Bool) throws(NetworkError) {
    guard let value = kept[name] else { return }
    let isImage = layer.input.count == 3
    // Features of a sequence lie side by side in every step; all else is one block an example.
    let steps = layer.input.count == 2 ? layer.input[0] : 1
    let pixels = isImage ? layer.input[1] * layer.input[2] : 1
    let channels = layer.input.reduce(1, *) / steps / pixels
    let keptChannels = value.size / steps / pixels
    let joined = joinedBlock(value, channels, keptChannels)
    let output = try place(layer.output.reduce(1, *))
    if let last = value.lastUse, case .join(var join) = operations[last] {
      join.accumulates = true
      operations[last] = .join(join)
    }
    kept[name]?.lastUse = operations.count
    append(
      .join(
        JoinOperation(
          input: .init(offset: current, channels: channels, block: block),
          kept: .init(offset: value.offset, channels: keptChannels, block: value.block),
          output: .init(
            offset: output, channels: adds ? channels : channels + keptChannels, block: joined),
          steps: steps, pixels: pixels, adds: adds)),
      output: output)
    block = joined
  }

  /// The block of a present and a kept value together: that of one of them where both have so many
  /// channels that none is left over, else 1.
  private func joinedBlock(_ value: KeptValue, _ channels: Int, _ keptChannels: Int) -> Int {
    let larger = max(block, value.block)
    return channels % larger == 0 && keptChannels % larger == 0 ? larger : 1
  }
}
