// Which examples are trained on, and which of their labels are made wrong.
import Basics

extension Dataset {
  /// Gives a share of the training labels another class, drawn evenly from the others.
  ///
  /// Validation labels stay as they are. Without one class an example nothing happens.
  package mutating func addLabelNoise(share: Double, seed: UInt64) {
    guard share > 0, case .classes(var labels, let classes, 1) = train.targets, classes > 1 else {
      return
    }
    var random = RandomSource(seed: seed, stream: Stream.labelNoise)
    var order = Array(labels.indices)
    random.shuffleInPlace(&order)
    for index in order.prefix(Int((Double(labels.count) * share).rounded())) {
      let other = random.index(below: classes - 1)
      labels[index] = Int32(other < Int(labels[index]) ? other : other + 1)
    }
    train.targets = .classes(labels, classes: classes)
  }

  /// Keeps `count` training examples.
  ///
  /// They are a seeded choice, but the last ones where the examples follow each other in time.
  ///
  /// - Throws: `ProgramError` if there are fewer.
  package mutating func keepTrainingExamples(_ count: Int, seed: UInt64) throws(ProgramError) {
    guard count != train.count else { return }
    var split = RowSplit(train: Array(0..<train.count), validation: [])
    switch task {
    case .forecast, .language: try split.keepLastTrainingRows(count)
    case .classification, .regression, .segmentation, .detection, .translation:
      try split.keepTrainingRows(count, seed: seed)
    }
    train = train.rows(split.train)
  }
}

extension Examples {
  /// The rows of these numbers, in this order.
  package func rows(_ rows: some Collection<Int>) -> Examples {
    let pickedTargets: Targets
    switch targets {
    case .classes(let labels, let classes, let positions):
      pickedTargets = .classes(
        labels.rows(rows, size: positions), classes: classes, positions: positions)
    case .values(let values, let size):
      pickedTargets = .values(values.rows(rows, size: size), size: size)
    case .classesAndBoxes(let labels, let boxes, let classes):
      pickedTargets = .classesAndBoxes(
        labels.rows(rows, size: 1), boxes: boxes.rows(rows, size: 4), classes: classes)
    }
    return Examples(
      inputs: inputs.rows(rows, size: inputSize), targets: pickedTargets, count: rows.count)
  }
}

extension Array {
  /// These rows of `size` elements each.
  func rows(_ rows: some Collection<Int>, size: Int) -> [Element] {
    var picked: [Element] = []
    picked.reserveCapacity(rows.count * size)
    for row in rows { picked += self[row * size..<(row + 1) * size] }
    return picked
  }
}
