// A data set as training sees it: a training and a validation part of numbers, and what to show of it.
import Foundation
import Kernels
import Resources

/// Examples to train on and examples to measure on.
package struct Dataset: Sendable, Equatable {
  /// What is trained on.
  package var train: DatasetPart
  /// What is only measured on.
  package var validation: DatasetPart
  /// Values in one example's input.
  package var inputSize: Int
  /// The names of the classes; empty for regression.
  package var classNames: [String] = []
  /// Inputs whose outputs are worth a look while the net learns.
  package var probe: Probe?

  /// A few inputs of a single value, whose outputs the dashboard shows in a table.
  package struct Probe: Sendable, Equatable {
    /// The heading of the table.
    package var title: String
    /// What the input is, with its unit.
    package var inputName: String
    /// The inputs as shown; as the net sees them they may be standardized.
    package var shown: [Float]
    /// As the net sees them; row-major.
    package var inputs: [Float]
    /// What an output of at most 0, and above 0, decides.
    package var decisions: [String]
  }
}

/// One part of a data set; rows lie one after the other.
package struct DatasetPart: Sendable, Equatable {
  /// Inputs [count, inputSize].
  package var inputs: [Float]
  /// One target an example, in the order of the rows.
  package var targets: DatasetTargets
  /// The number of examples.
  package var count: Int

  package init(inputs: [Float], targets: DatasetTargets, count: Int) {
    self.inputs = inputs
    self.targets = targets
    self.count = count
  }
}

/// What the net should answer.
package enum DatasetTargets: Sendable, Equatable {
  /// One class an example, 0..<classes.
  case classes([Int32], classes: Int)
  /// Values [count, size].
  case values([Float], size: Int)
}

/// Data that cannot be had or cannot be used.
package enum DatasetError: Error, Equatable, CustomStringConvertible {
  /// The file cannot be read, and the system's reason.
  case unreadable(path: String, reason: String, hint: String)
  /// The content does not fit: where, and what was expected and found.
  case bad(place: String, problem: String, hint: String)

  package var description: String {
    switch self {
    case .unreadable(let path, let reason, let hint):
      "data: \(path): expected a readable file: \(reason): \(hint)"
    case .bad(let place, let problem, let hint): "data: \(place): \(problem): \(hint)"
    }
  }
}

/// The bytes of a file of data.
func datasetBytes(at url: URL, hint: String) throws(DatasetError) -> [UInt8] {
  do {
    return try fileContents(url.path)
  } catch {
    throw .unreadable(path: url.path, reason: error.reason, hint: hint)
  }
}

extension Dataset {
  /// Shifts and scales every input column to mean 0 and variance 1 of the training part.
  ///
  /// A column that never varies is only shifted.
  package mutating func standardize() {
    for column in 0..<inputSize {
      var sum = 0.0
      for row in 0..<train.count { sum += Double(train.inputs[row * inputSize + column]) }
      let mean = sum / Double(max(train.count, 1))
      var squares = 0.0
      for row in 0..<train.count {
        let difference = Double(train.inputs[row * inputSize + column]) - mean
        squares += difference * difference
      }
      let deviation = (squares / Double(max(train.count, 1))).squareRoot()
      let scale = deviation > 0 ? 1 / deviation : 1
      func apply(_ values: inout [Float], _ count: Int) {
        for row in 0..<count {
          let index = row * inputSize + column
          values[index] = Float((Double(values[index]) - mean) * scale)
        }
      }
      apply(&train.inputs, train.count)
      apply(&validation.inputs, validation.count)
      if var inputs = probe?.inputs {
        apply(&inputs, inputs.count / inputSize)
        probe?.inputs = inputs
      }
    }
  }

  /// Gives a share of the training labels another class, drawn evenly from the others.
  ///
  /// Validation labels stay as they are. Without classes nothing happens.
  package mutating func addLabelNoise(share: Double, seed: UInt64) {
    guard share > 0, case .classes(var labels, let classes) = train.targets, classes > 1 else {
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

  /// Keeps a seeded choice of `count` training examples.
  ///
  /// - Throws: `DatasetError` where there are fewer.
  package mutating func keepTrainingExamples(_ count: Int, seed: UInt64) throws(DatasetError) {
    guard count <= train.count else {
      throw .bad(
        place: "data.train", problem: "expected at most \(train.count) examples, found \(count)",
        hint: "lower data.train or leave it out")
    }
    var order = Array(0..<train.count)
    var random = RandomSource(seed: seed, stream: Stream.subset)
    random.shuffleInPlace(&order)
    train = train.rows(order.prefix(count), inputSize: inputSize)
  }
}

extension DatasetPart {
  /// The rows of these numbers, in this order.
  package func rows(_ rows: some Collection<Int>, inputSize: Int) -> DatasetPart {
    var picked: [Float] = []
    picked.reserveCapacity(rows.count * inputSize)
    for row in rows { picked += inputs[row * inputSize..<(row + 1) * inputSize] }
    let pickedTargets: DatasetTargets
    switch targets {
    case .classes(let labels, let classes):
      pickedTargets = .classes(rows.map { labels[$0] }, classes: classes)
    case .values(let values, let size):
      pickedTargets = .values(rows.flatMap { values[$0 * size..<($0 + 1) * size] }, size: size)
    }
    return DatasetPart(inputs: picked, targets: pickedTargets, count: rows.count)
  }
}
