// Examples to learn from or to be measured on, and what a network should answer to them.

/// Examples in rows, one after the other.
package struct Examples: Sendable, Equatable {
  /// `[count, inputSize]`, row-major.
  package var inputs: [Float]
  /// What the network should answer, in the order of the rows.
  package var targets: Targets {
    didSet { targets.check(count: count) }
  }
  /// The number of examples.
  package let count: Int

  /// Sizes must agree and labels lie in their range.
  package init(inputs: [Float], targets: Targets, count: Int) {
    precondition(
      count > 0 ? inputs.count.isMultiple(of: count) : inputs.isEmpty,
      "\(inputs.count) inputs for \(count) examples")
    targets.check(count: count)
    self.inputs = inputs
    self.targets = targets
    self.count = count
  }

  /// Values in one example's input, a decoder's tokens included; 0 without examples.
  package var inputSize: Int { count > 0 ? inputs.count / count : 0 }
}

/// What a network should answer, one entry for each example.
package enum Targets: Sendable, Equatable {
  /// Labels from 0 below `classes`, `[count, positions]`; a position is a step of a sequence, or a
  /// pixel of an image, row by row.
  case classes([Int32], classes: Int, positions: Int = 1)
  /// `[count, size]`, row-major.
  case values([Float], size: Int)
  /// A label from 0 below `classes`, and a box `[count, 4]`: x0, y0, x1, y1 from the top left, 0…1 of
  /// width and height.
  case classesAndBoxes([Int32], boxes: [Float], classes: Int)

  /// Sizes must agree and labels lie in their range.
  fileprivate func check(count: Int) {
    func check(_ labels: [Int32], _ classes: Int, _ expected: Int) {
      precondition(labels.count == expected, "\(labels.count) labels for \(count) examples")
      precondition(
        labels.allSatisfy { $0 >= 0 && $0 < classes }, "a label outside 0..<\(classes)")
    }
    switch self {
    case .classes(let labels, let classes, let positions):
      check(labels, classes, count * positions)
    case .values(let values, let size):
      precondition(
        values.count == count * size, "\(values.count) targets for \(count) examples of \(size)")
    case .classesAndBoxes(let labels, let boxes, let classes):
      check(labels, classes, count)
      precondition(boxes.count == 4 * count, "\(boxes.count) corners for \(count) boxes")
    }
  }
}
