// Which rows of a file are trained on and which are measured on.
import Basics

/// The rows of each part, in their order.
package struct RowSplit: Sendable, Equatable {
  package var train: [Int]
  package var validation: [Int]
  /// Held out for the end; empty without such a part.
  package var test: [Int] = []
  /// What a user should know of how they were dealt out.
  package var notes: [String] = []

  /// Holds a share of `count` rows out for validation.
  ///
  /// Without a `choice` it is `usual`; but if a part would then be without a class that has two
  /// examples or more, the same share of every class is held out, and a note says so.
  ///
  /// - Throws: `ProgramError` if a part would be empty.
  init(
    _ count: Int, share: Double, by choice: Split? = nil, usually usual: Split = .random,
    classes: RowClasses? = nil, seed: UInt64, place: String
  ) throws(ProgramError) {
    let trainCount = try Self.trainCount(of: count, share: share, place: place)
    func shuffled() -> [Int] {
      var order = Array(0..<count)
      var random = RandomSource(seed: seed, stream: Stream.split)
      random.shuffleInPlace(&order)
      return order
    }
    let kind = choice ?? usual
    var order = kind == .random ? shuffled() : Array(0..<count)
    if let classes, choice != .last {
      let strata = Strata(classes)
      if choice == .random {
        order = strata.dealt(order, validation: count - trainCount)
      } else if let missing = strata.missing(from: order, trainCount: trainCount) {
        order = strata.dealt(
          usual == .random ? order : shuffled(), validation: count - trainCount)
        notes = [
          usual == .random
            ? "split by class, for a split at random would leave a part without class '\(missing)'"
            : "split by class, for the last rows would leave a part without class '\(missing)'; "
              + "data.split: last keeps the order of the file"
        ]
      }
    }
    train = Array(order.prefix(trainCount))
    validation = Array(order.dropFirst(trainCount))
  }

  /// Rows to train on, out of `count`.
  ///
  /// - Throws: `ProgramError` if a part would be empty.
  static func trainCount(of count: Int, share: Double, place: String) throws(ProgramError) -> Int {
    let trainCount = count - Int((Double(count) * share).rounded())
    guard trainCount >= 1, trainCount < count else {
      throw .bad(
        place: place,
        problem: "expected rows for both parts at validation \(share), found \(count) rows",
        hint: "add rows or change data.validation")
    }
    return trainCount
  }

  init(train: [Int], validation: [Int]) {
    self.train = train
    self.validation = validation
  }

  /// Keeps a seeded choice of `count` rows to train on.
  ///
  /// - Throws: `ProgramError` if there are fewer.
  mutating func keepTrainingRows(_ count: Int, seed: UInt64) throws(ProgramError) {
    guard count != train.count else { return }
    try Self.check(count, atMost: train.count)
    var random = RandomSource(seed: seed, stream: Stream.subset)
    random.shuffleInPlace(&train)
    train = Array(train.prefix(count))
  }

  /// Keeps the last `count` rows to train on: those nearest in time to what is measured.
  ///
  /// - Throws: `ProgramError` if there are fewer.
  mutating func keepLastTrainingRows(_ count: Int) throws(ProgramError) {
    try Self.check(count, atMost: train.count)
    train = train.suffix(count)
  }

  private static func check(_ count: Int, atMost limit: Int) throws(ProgramError) {
    guard count <= limit else {
      throw .bad(
        place: "data.train", problem: "expected at most \(limit) examples, found \(count)",
        hint: "lower data.train or leave it out")
    }
  }
}
