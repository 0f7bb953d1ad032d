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
  /// Present values, kept values and result: `blocks` of each in an example, of these lengths.
  let input: Int
  let kept: Int
  let output: Int
  let blocks: Int
  let inputLength: Int
  let keptLength: Int
  /// Adds; both lengths are then the same.
  let adds: Bool
  /// A later use writes the kept value's gradient first.
  var accumulates = false

  func forward(_ memory: Memory, rows: Int) {
    let (x, a, y) = (memory.values + input, memory.values + kept, memory.values + output)
    if adds {
      let count = rows * blocks * inputLength
      y.update(from: x, count: count)
      return accumulate(a, into: y, count: count)
    }
    let length = inputLength + keptLength
    copyRows(
      StridedRows(base: x, stride: inputLength), to: StridedRows(base: y, stride: length),
      rows: rows * blocks, columns: inputLength)
    copyRows(
      StridedRows(base: a, stride: keptLength),
      to: StridedRows(base: y + inputLength, stride: length),
      rows: rows * blocks, columns: keptLength)
  }

  func backward(_ gradients: Memory, rows: Int) {
    let dx = gradients.values + input
    let da = gradients.values + kept
    let dy = gradients.values + output
    let count = rows * blocks
    let length = adds ? inputLength : inputLength + keptLength
    let rest = StridedRows(base: adds ? dy : dy + inputLength, stride: length)
    let target = StridedRows(base: da, stride: keptLength)
    if accumulates {
      addRows(rest, to: target, rows: count, columns: keptLength)
    } else {
      copyRows(rest, to: target, rows: count, columns: keptLength)
    }
    copyRows(
      StridedRows(base: dy, stride: length), to: StridedRows(base: dx, stride: inputLength),
      rows: count, columns: inputLength)
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
    kept[name] = KeptValue(offset: offset, size: size)
  }

  mutating func addJoin(_ name: String, _ layer: PlacedLayer, adds: Bool) throws(NetworkError) {
    guard let value = kept[name] else { return }
    // Features of a sequence lie side by side in every step; all else is one block an example.
    let blocks = layer.input.count == 2 ? layer.input[0] : 1
    let output = try place(layer.output.reduce(1, *))
    if let last = value.lastUse, case .join(var join) = operations[last] {
      join.accumulates = true
      operations[last] = .join(join)
    }
    kept[name]?.lastUse = operations.count
    append(
      .join(
        JoinOperation(
          input: current, kept: value.offset, output: output, blocks: blocks,
          inputLength: layer.input.reduce(1, *) / blocks, keptLength: value.size / blocks,
          adds: adds)),
      output: output)
  }
}
