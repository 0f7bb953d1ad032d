// What a network decides, and how many of its decisions are right.

/// The places of logits `[rows, columns, positions]` whose largest value (the first of equals)
/// lies in the column that labels `[rows, positions]` name.
package func countLargest(
  _ logits: UnsafePointer<Float>, rows: Int, columns: Int, positions: Int = 1,
  labels: UnsafePointer<Int32>
) -> Int {
  var hits = 0
  forEachLargest(logits, rows: rows, columns: columns, positions: positions) { place, column in
    hits &+= column == labels[place] ? 1 : 0
  }
  return hits
}

/// indices `[rows, positions]` = the column of the largest value (the first of equals) at each
/// place of logits `[rows, columns, positions]`.
package func largestIndices(
  _ logits: UnsafePointer<Float>, rows: Int, columns: Int, positions: Int = 1,
  into indices: UnsafeMutablePointer<Int32>
) {
  forEachLargest(logits, rows: rows, columns: columns, positions: positions) { place, column in
    indices[place] = column
  }
}

/// The logits that lie above 0 if the target lies above 0.5, and not where it does not.
package func countSigns(
  _ logits: UnsafePointer<Float>, targets: UnsafePointer<Float>, count: Int
) -> Int {
  var hits = 0
  for index in 0..<count where (logits[index] > 0) == (targets[index] > 0.5) { hits += 1 }
  return hits
}

/// Calls `body` with each place of `[rows, positions]` and its column of the largest value.
@inline(__always)
private func forEachLargest(
  _ logits: UnsafePointer<Float>, rows: Int, columns: Int, positions: Int,
  _ body: (Int, Int32) -> Void
) {
  for row in 0..<rows {
    let values = logits + row * columns * positions
    if positions == 1 {
      var best = 0
      for column in 1..<max(columns, 1) where values[column] > values[best] { best = column }
      body(row, Int32(best))
      continue
    }
    @inline(__always)
    func decide(_ lanes: Lanes) {
      var largest = lanes.load(values)
      var best = SIMD8<Int32>.zero
      for column in 1..<max(columns, 1) {
        let value = lanes.load(values + column * positions)
        let isLarger = value .> largest
        largest.replace(with: value, where: isLarger)
        best.replace(with: Int32(column), where: isLarger)
      }
      for lane in 0..<lanes.count { body(row * positions + lanes.index + lane, best[lane]) }
    }
    forEachVector(positions, decide)
  }
}
