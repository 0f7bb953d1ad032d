// How examples of one source are dealt out to be trained on and measured on.
import Basics

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
  /// - Throws: `ProgramError` if a part would be empty.
  mutating func splitTrainingPart(
    share: Double, by choice: Split?, usually usual: Split = .random, seed: UInt64, place: String
  ) throws(ProgramError) {
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
        validation = train.rows(trainCount..<count)
        train.keepFirst(trainCount)
        return
      }
    }
    let split = try RowSplit(
      count, share: share, by: choice, usually: usual, classes: classes, seed: seed, place: place)
    notes += split.notes
    let all = train
    train = all.rows(split.train)
    validation = all.rows(split.validation)
  }
}

extension Examples {
  /// Drops the rows from `count` on.
  fileprivate mutating func keepFirst(_ count: Int) {
    let kept: Targets =
      switch targets {
      case .classes(let labels, let classes, let positions):
        .classes(Array(labels.prefix(count * positions)), classes: classes, positions: positions)
      case .values(let values, let size): .values(Array(values.prefix(count * size)), size: size)
      case .classesAndBoxes(let labels, let boxes, let classes):
        .classesAndBoxes(
          Array(labels.prefix(count)), boxes: Array(boxes.prefix(4 * count)), classes: classes)
      }
    let dropped = (self.count - count) * inputSize
    // Shortened in place: inputs may be most of what memory holds.
    var inputs = inputs
    self.inputs = []
    inputs.removeLast(dropped)
    self = Examples(inputs: inputs, targets: kept, count: count)
  }
}
