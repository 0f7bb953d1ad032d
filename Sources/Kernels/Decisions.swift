// How many of a network's decisions are right.

/// The rows of logits `[rows, columns]` whose largest value (the first of equals) is at the label.
package func countLargest(
  _ logits: UnsafePointer<Float>, rows: Int, columns: Int, labels: UnsafePointer<Int32>
) -> Int {
  var hits = 0
  for row in 0..<rows {
    let values = logits + row * columns
    var best = 0
    for column in 1..<max(columns, 1) where values[column] > values[best] { best = column }
    if best == Int(labels[row]) { hits += 1 }
  }
  return hits
}

/// The logits that lie above 0 where the target lies above 0.5, and not where it does not.
package func countSigns(
  _ logits: UnsafePointer<Float>, targets: UnsafePointer<Float>, count: Int
) -> Int {
  var hits = 0
  for index in 0..<count where (logits[index] > 0) == (targets[index] > 0.5) { hits += 1 }
  return hits
}
