// Deals the examples of any data set out to three parts: training, validation, and the test at the end.
import Basics

/// Examples that are measured on once, at the end of a run.
package struct TestPart: Sendable, Equatable {
  package var examples: Examples
  /// The data set's task with the truths of these examples.
  package var task: DatasetTask

  package init(examples: Examples, task: DatasetTask) {
    self.examples = examples
    self.task = task
  }
}

extension Dataset {
  /// Holds a part out for the end, and deals the examples out as the split of a resampling says.
  ///
  /// A second part that the set brings along is the test part, and validation is cut from the training
  /// part. In a resampling all examples are dealt out anew, and so are those of a set without a second
  /// part, which is then the training part itself. Before anything is chosen or standardized.
  ///
  /// - Throws: `ProgramError` if a part would be empty.
  package mutating func dealOut(
    validation: PartSize, by split: Split? = nil, _ parts: PartSettings, seed: UInt64, place: String
  ) throws(ProgramError) {
    guard !parts.isUsual else { return }
    let hasSecond = train != self.validation
    if hasSecond, parts.resample == nil {
      let tested = self.validation
      let rows = try RowSplit(
        train.count, validation: validation, by: split ?? .random,
        classes: train.rowClasses(classNames),
        PartSettings(), seed: parts.draw(seed: seed), place: place)
      if parts.test != .usual {
        notes.append(
          "data.test: the set's own second part, \(tested.count) examples, is held out for the end")
      }
      setParts(
        train: train.rows(rows.train), validation: train.rows(rows.validation), test: tested)
      notes += rows.notes
      return
    }
    var all = hasSecond ? train.joined(self.validation) : train
    if let test { all = all.joined(test.examples) }
    let rows = try RowSplit(
      all.count, validation: validation, by: split, classes: all.rowClasses(classNames), parts,
      seed: seed, place: place)
    if hasSecond {
      notes.append("the set's own two parts are dealt out anew, all examples together")
    }
    setParts(
      train: all.rows(rows.train), validation: all.rows(rows.validation),
      test: rows.test.isEmpty ? nil : all.rows(rows.test))
    notes += rows.notes
  }

  /// Makes the last examples of the validation part the test part; they are drawn as the others are.
  package mutating func holdOutLast(_ count: Int) {
    precondition(count < validation.count, "\(count) of \(validation.count) examples held out")
    let kept = validation.count - count
    setParts(
      train: train, validation: validation.rows(0..<kept),
      test: validation.rows(kept..<validation.count))
  }

  /// Takes over other examples of the same kind; truths and trivial answers follow.
  mutating func setParts(train: Examples, validation: Examples, test: Examples?) {
    self.train = train
    self.validation = validation
    if case .regression(let scale) = task, case .values = train.targets {
      let data = Dataset.regression(
        scale.name, train: train, validation: validation, inputShape: inputShape)
      task = data.task
    }
    self.test = test.map { TestPart(examples: $0, task: task.measured(on: $0)) }
  }
}

extension DatasetTask {
  /// The task with the truths of other examples, which are as the data has them.
  func measured(on examples: Examples) -> DatasetTask {
    guard case .regression(let scale) = self, case .values(let values, _) = examples.targets else {
      return self
    }
    return .regression(scale.measured(on: values.map { Double($0) }))
  }
}

extension Examples {
  /// The class of each example; nil if it has several or none.
  func rowClasses(_ names: [String]) -> RowClasses? {
    guard case .classes(let labels, let classes, 1) = targets else { return nil }
    return RowClasses(
      labels: labels, names: names.count == classes ? names : (0..<classes).map(String.init))
  }

  /// These examples and others of the same kind behind them.
  func joined(_ others: Examples) -> Examples {
    let joined: Targets
    switch (targets, others.targets) {
    case (.classes(let first, let classes, let positions), .classes(let second, _, _)):
      joined = .classes(first + second, classes: classes, positions: positions)
    case (.values(let first, let size), .values(let second, _)):
      joined = .values(first + second, size: size)
    case (
      .classesAndBoxes(let first, let boxes, let classes),
      .classesAndBoxes(let second, let others, _)
    ):
      joined = .classesAndBoxes(first + second, boxes: boxes + others, classes: classes)
    case (.classes, _), (.values, _), (.classesAndBoxes, _):
      preconditionFailure("parts with targets of different kinds")
    }
    return Examples(inputs: inputs + others.inputs, targets: joined, count: count + others.count)
  }
}
