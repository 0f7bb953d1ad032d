// Several differences at once: intervals that all hold together with 95 %.

/// Critical values for a family of paired differences.
///
/// Below `resampledFrom` pairs Bonferroni's: each of k differences gets Student's t for 5 %/k. From there
/// on the pairs are resampled and the largest |t| of the family taken (Westfall and Young 1993, maxT),
/// which knows that differences from one baseline go together and so asks for less.
enum SimultaneousIntervals {
  /// With fewer pairs too few different draws are to be had.
  static let resampledFrom = 20

  /// Widens the intervals of a family so that all of them hold at once.
  static func adjust(_ family: inout [PairedDifference]) {
    let tested = family.indices.filter { family[$0].criticalValue != nil }
    let resampled = samples(of: tested.map { family[$0] }).flatMap {
      ResampledMaximum(of: $0).quantile(0.95) { abs($0) }
    }
    for index in tested {
      let student = StudentT(degreesOfFreedom: family[index].estimate.count - 1)
      // Never narrower than the interval of a single difference.
      family[index].criticalValue =
        resampled.map { max($0, student.critical(0.05)) }
        ?? student.critical(0.05 / Double(tested.count))
    }
  }

  /// The differences of a family seed by seed, for resampling; nil if seeds are too few, or not the
  /// same for all, or where a single difference needs no family.
  static func samples(of family: [PairedDifference]) -> [[Double]]? {
    guard family.count > 1, family.count <= mostResampled, let first = family.first,
      first.bySeed.count >= resampledFrom
    else { return nil }
    let seeds = first.bySeed.keys.sorted()
    let samples = family.map { difference in seeds.compactMap { difference.bySeed[$0] } }
    let isWhole = zip(family, samples).allSatisfy {
      $0.bySeed.count == seeds.count && $1.count == seeds.count
    }
    return isWhole ? samples : nil
  }

  /// Resampling more of them would take seconds.
  private static let mostResampled = 300
}

/// Holm's step-down correction (1979) for a family of p values.
enum Holm {
  /// In the order given; nil stays nil and does not count.
  static func adjusted(_ probabilities: [Double?]) -> [Double?] {
    let known = probabilities.indices.filter { probabilities[$0] != nil }
    let order = known.sorted { (probabilities[$0] ?? 1) < (probabilities[$1] ?? 1) }
    var adjusted = probabilities
    var largest = 0.0
    for (rank, index) in order.enumerated() {
      largest = max(largest, min(1, Double(order.count - rank) * (probabilities[index] ?? 1)))
      adjusted[index] = largest
    }
    return adjusted
  }
}
