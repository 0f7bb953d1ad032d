// What an experiment asks of the parts of its data: a part for the end, and splits drawn again and again.
import Basics

/// What is asked of the parts that examples are dealt out to.
package struct PartSettings: Sendable, Equatable {
  /// Share of the training part that a set with a part of its own to measure on gives to validation where
  /// that part is held out for the end; nil: a fifth.
  package var validation: Double?
  /// What is held out for the end of a run; nil: nothing.
  package var test: PartSize?
  /// What is held out is not measured at the end either: of runs that something is chosen by.
  package var isSealed = false
  /// Which split of a resampling is drawn; nil: the one that there is without a resampling.
  package var resample: ResampledSplit?

  package init(
    validation: Double? = nil, test: PartSize? = nil, resample: ResampledSplit? = nil
  ) {
    self.validation = validation
    self.test = test
    self.resample = resample
  }

  /// Two parts, as each source deals them out by itself.
  var isUsual: Bool { test == nil && resample == nil }

  /// What the dealing out is drawn from.
  ///
  /// Parts that are held out until the end must not change with the seed of a run: what one seed is
  /// tested on, another would be trained on.
  func draw(seed: UInt64) -> UInt64 { isUsual ? seed : UInt64(resample?.number ?? 1) }

  /// The share of examples that are measured on where nobody says.
  static let usualShare = 0.2
}

/// How many examples a part gets.
package enum PartSize: Sendable, Equatable {
  /// The set's own part where it has one, otherwise a share that leaves enough to train on.
  case usual
  /// Of the examples there are to deal out, above 0 and below 1.
  case share(Double)
  /// A number of examples.
  case count(Int)

  /// Out of `all` examples, where each of `blocks` parts in the order of time has its own.
  func count(of all: Int, blocks: Int = 1) -> Int {
    switch self {
    case .usual:
      // The first block may then be at most a third of what lies before all of them.
      blocks > 1
        ? min(all / (blocks + 3), Int(Double(all) * PartSettings.usualShare))
        : Int((Double(all) * PartSettings.usualShare).rounded())
    case .share(let share): Int((Double(all) * share).rounded())
    case .count(let count): count
    }
  }
}

/// One split of a resampling.
package struct ResampledSplit: Sendable, Equatable {
  /// From 1 to `count`.
  package var number: Int
  /// How many splits are drawn in all.
  package var count: Int

  package init(number: Int, of count: Int) {
    precondition(1...max(1, count) ~= number, "split \(number) of \(count)")
    self.number = number
    self.count = count
  }
}
