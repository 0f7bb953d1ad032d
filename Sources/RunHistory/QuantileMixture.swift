// The quantiles of several sets of norms taken together, from those of each.

/// Norms of a set of units, known by their quantiles at evenly spaced shares; evenly spread between them.
struct QuantileSet {
  var units: Double
  /// In ascending order, at least two.
  var quantiles: [Float]

  /// The share of the units whose norm is at most this one, 0…1.
  func share(upTo norm: Float) -> Double {
    let count = quantiles.count - 1
    guard count > 0 else { return quantiles.first.map { $0 <= norm ? 1 : 0 } ?? 0 }
    var share = 0.0
    for (start, end) in zip(quantiles, quantiles.dropFirst()) where start <= norm {
      share += end <= norm ? 1 : Double((norm - start) / (end - start))
    }
    return share / Double(count)
  }

  /// `count` quantiles of all sets taken together; NaN if a norm is not a number.
  static func merged(_ sets: [QuantileSet], count: Int) -> [Float] {
    let norms = sets.flatMap(\.quantiles)
    let units = sets.reduce(0) { $0 + max(0, $1.units) }
    guard count > 1, units > 0, norms.allSatisfy(\.isFinite), let least = norms.min(),
      let most = norms.max()
    else { return Array(repeating: .nan, count: max(0, count)) }
    return (0..<count).map { index in
      let wanted = Double(index) / Double(count - 1)
      if index == 0 { return least }
      if index == count - 1 { return most }
      // The smallest norm that this share of the units does not exceed, to a Float's precision.
      var (low, high) = (least, most)
      for _ in 0..<32 {
        let middle = low + (high - low) / 2
        let share = sets.reduce(0) { $0 + $1.units * $1.share(upTo: middle) } / units
        if share >= wanted - 1e-9 { high = middle } else { low = middle }
      }
      return high
    }
  }
}
