// How many examples each part of data has, and what their proportion costs a comparison.

/// The number of examples of each part, and what their proportion costs.
package struct PartCounts: Sendable, Equatable {
  package var train: Int
  package var validation: Int
  package var test: Int

  package init(train: Int, validation: Int, test: Int) {
    (self.train, self.validation, self.test) = (train, validation, test)
  }

  /// All examples that the procedure saw: those it was trained on, and those it chose by.
  package var seen: Int { train + validation }

  /// Examples tested on for each one seen: ρ of the corrected resampled t (Nadeau and Bengio 2003), whose
  /// variance is (1/J + ρ)·s².
  package var ratio: Double { Double(test) / Double(max(seen, 1)) }

  /// The largest ratio that is drawn without being asked for.
  package static let usualRatio = 1.0 / 3

  /// What a ratio above the usual costs over `splits` splits, without a full stop; nil if it is not above.
  package func cost(over splits: Int) -> String? {
    guard ratio > Self.usualRatio else { return nil }
    let drawn = 1 / Double(splits)
    let factor = ((drawn + ratio) / (drawn + Self.usualRatio)).squareRoot()
    func text(_ value: Double) -> String {
      let hundredths = Int((value * 100).rounded())
      let rest = hundredths % 100
      return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
    return "\(test) examples are tested on for \(seen) seen, \(text(ratio)) each, where at most "
      + "\(text(Self.usualRatio)) is usual: over \(splits) splits intervals are \(text(factor)) times as "
      + "wide as there"
  }
}
