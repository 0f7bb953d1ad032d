// How examples of one source are dealt out to be trained on and measured on.

/// How examples are dealt out to the training and the validation part.
package enum Split: String, Sendable, CaseIterable {
  /// The last ones in the order of the file are measured on: where rows follow each other in time,
  /// the later ones.
  case last
  /// By a seeded shuffle; of every class the same share, where an example has one class.
  case random
}

extension Dataset {
  /// Moves a share of the training examples to the validation part; see `RowSplit`.
  ///
  /// - Throws: `DatasetError` where a part would be empty.
  mutating func splitTrainingPart(
    share: Double, by choice: Split?, usually usual: Split = .random, seed: UInt64, place: String
  ) throws(DatasetError) {
    var classes: RowClasses?
    if case .classes(let labels, _, 1) = train.targets {
      classes = RowClasses(labels: labels, names: classNames)
    }
    let count = train.count
    if choice == .last || choice == nil && usual == .last {
      let trainCount = try RowSplit.trainCount(of: count, share: share, place: place)
      let isMissing =
        choice == nil
        && classes.map { Strata($0).missing(trainCount: trainCount) != nil } ?? false
      if !isMissing {
        // In place: a copy of the training part may be most of the memory.
        validation = train.rows(trainCount..<count, inputSize: inputSize)
        train.keepFirst(trainCount, inputSize: inputSize)
        return
      }
    }
    let split = try RowSplit(
      count, share: share, by: choice, usually: usual, classes: classes, seed: seed, place: place)
    notes += split.notes
    let all = train
    train = all.rows(split.train, inputSize: inputSize)
    validation = all.rows(split.validation, inputSize: inputSize)
  }
}

extension DatasetPart {
  /// Drops the rows from `count` on.
  fileprivate mutating func keepFirst(_ count: Int, inputSize: Int) {
    inputs.removeLast((self.count - count) * inputSize)
    switch targets {
    case .classes(let labels, let classes, let positions):
      targets = .classes(
        Array(labels.prefix(count * positions)), classes: classes, positions: positions)
    case .values(let values, let size):
      targets = .values(Array(values.prefix(count * size)), size: size)
    case .classesAndBoxes(let labels, let boxes, let classes):
      targets = .classesAndBoxes(
        Array(labels.prefix(count)), boxes: Array(boxes.prefix(4 * count)), classes: classes)
    }
    self.count = count
  }
}
