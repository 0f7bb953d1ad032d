// Examples to learn from or to be measured on.

/// Examples in rows.
package struct Examples: Sendable {
  /// `[count, inputSize]`, row-major.
  package let inputs: [Float]
  /// Values in one example's input.
  package let inputSize: Int
  /// One target an example.
  package let targets: Targets
  /// The number of examples.
  package let count: Int

  /// Sizes must agree and labels lie in their range.
  package init(inputs: [Float], inputSize: Int, targets: Targets, count: Int) {
    precondition(
      count >= 0 && inputSize > 0 && inputs.count == count * inputSize,
      "\(inputs.count) inputs for \(count) examples of \(inputSize)")
    switch targets {
    case .classes(let labels, let classes):
      precondition(labels.count == count, "\(labels.count) labels for \(count) examples")
      precondition(
        labels.allSatisfy { $0 >= 0 && $0 < classes }, "a label outside 0..<\(classes)")
    case .values(let values, let size):
      precondition(
        values.count == count * size, "\(values.count) targets for \(count) examples of \(size)")
    }
    self.inputs = inputs
    self.inputSize = inputSize
    self.targets = targets
    self.count = count
  }
}

/// What the network should answer, one entry for each example.
package enum Targets: Sendable {
  /// Labels from 0; `count` is the number of classes.
  case classes([Int32], count: Int)
  /// `[examples, size]`, row-major.
  case values([Float], size: Int)
}
