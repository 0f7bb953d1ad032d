// Which rows of a file are trained on and which are measured on.
import Kernels

/// The rows of both parts, in their order.
struct RowSplit {
  var train: [Int]
  var validation: [Int]

  /// A share of all rows, drawn by a seeded shuffle, is measured on.
  ///
  /// - Throws: `DatasetError` where a part would be empty.
  init(shuffling count: Int, share: Double, seed: UInt64, place: String) throws(DatasetError) {
    let trainCount = count - Int((Double(count) * share).rounded())
    guard trainCount >= 1, trainCount < count else {
      throw .bad(
        place: place,
        problem: "expected rows for both parts at validation \(share), found \(count) rows",
        hint: "add rows or change data.validation")
    }
    var order = Array(0..<count)
    var random = RandomSource(seed: seed, stream: Stream.split)
    random.shuffleInPlace(&order)
    train = Array(order.prefix(trainCount))
    validation = Array(order.dropFirst(trainCount))
  }

  init(train: [Int], validation: [Int]) {
    self.train = train
    self.validation = validation
  }

  /// Keeps a seeded choice of `count` rows to train on.
  ///
  /// - Throws: `DatasetError` where there are fewer.
  mutating func keepTrainingRows(_ count: Int, seed: UInt64) throws(DatasetError) {
    guard count != train.count else { return }
    try Self.check(count, atMost: train.count)
    var random = RandomSource(seed: seed, stream: Stream.subset)
    random.shuffleInPlace(&train)
    train = Array(train.prefix(count))
  }

  /// Keeps the last `count` rows to train on: those nearest in time to what is measured.
  ///
  /// - Throws: `DatasetError` where there are fewer.
  mutating func keepLastTrainingRows(_ count: Int) throws(DatasetError) {
    try Self.check(count, atMost: train.count)
    train = train.suffix(count)
  }

  private static func check(_ count: Int, atMost limit: Int) throws(DatasetError) {
    guard count <= limit else {
      throw .bad(
        place: "data.train", problem: "expected at most \(limit) examples, found \(count)",
        hint: "lower data.train or leave it out")
    }
  }
}
