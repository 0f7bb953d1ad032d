// Examples to learn from or to be measured on.

/// Examples in rows.
package struct Examples: Sendable {
  /// `[count, inputSize]`, row-major.
  package let inputs: [Float]
  /// Values in one example's input, a decoder's tokens included.
  package let inputSize: Int
  /// What the network should answer.
  package let targets: Targets
  /// The number of examples.
  package let count: Int

  /// Sizes must agree and labels lie in their range.
  package init(inputs: [Float], inputSize: Int, targets: Targets, count: Int) {
    precondition(
      count >= 0 && inputSize > 0 && inputs.count == count * inputSize,
      "\(inputs.count) inputs for \(count) examples of \(inputSize)")
    func check(_ labels: [Int32], _ classes: Int, _ expected: Int) {
      precondition(labels.count == expected, "\(labels.count) labels for \(count) examples")
      precondition(
        labels.allSatisfy { $0 >= 0 && $0 < classes }, "a label outside 0..<\(classes)")
    }
    switch targets {
    case .classes(let labels, let classes, let positions):
      check(labels, classes, count * positions)
    case .values(let values, let size):
      precondition(
        values.count == count * size, "\(values.count) targets for \(count) examples of \(size)")
    case .classesAndBoxes(let labels, let boxes, let classes):
      check(labels, classes, count)
      precondition(boxes.count == 4 * count, "\(boxes.count) corners for \(count) boxes")
    }
    self.inputs = inputs
    self.inputSize = inputSize
    self.targets = targets
    self.count = count
  }
}

/// What the network should answer, one entry for each example.
package enum Targets: Sendable {
  /// Labels from 0, `[examples, positions]`; `count` is the number of classes, a position is a step of
  /// a sequence or a pixel of an image.
  case classes([Int32], count: Int, positions: Int = 1)
  /// `[examples, size]`, row-major.
  case values([Float], size: Int)
  /// A label from 0 and a box `[examples, 4]`: x0, y0, x1, y1 in 0…1.
  case classesAndBoxes([Int32], boxes: [Float], count: Int)
}
