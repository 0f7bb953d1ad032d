// How a layer's unit norms were distributed, one column of the picture "norms over time".
import RunRecords

/// Counts of units in bins of their norm, 64 to each doubling.
///
/// A bin is at most 1.6 % wide, whatever the norms' magnitude, so the range needs no choosing and
/// merging loses nothing.
package struct NormDistribution: ValueDistribution, Equatable {
  private static let binsPerDoubling = 64
  /// Norms below 2^-20 count as 0, those from 2^20 share the last bin.
  private static let exponents = -20..<20

  /// The bin of `counts[0]`.
  private var firstBin = 0
  private var counts: [Float] = []
  private var zeros: Float = 0
  /// All units counted, the non-finite ones left out.
  private var total: Float = 0
  /// True if a norm was NaN or infinite.
  package private(set) var isNonFinite = false
  /// The smallest and the largest finite norm; nil if no norm was finite.
  package private(set) var range: ClosedRange<Float>?

  /// The units with a finite norm.
  package var count: Int { Int(total) }

  package init(_ norms: [Float]) {
    var bins: [Int] = []
    bins.reserveCapacity(norms.count)
    for norm in norms {
      guard norm.isFinite else {
        isNonFinite = true
        continue
      }
      total += 1
      range = min(range?.lowerBound ?? norm, norm)...max(range?.upperBound ?? norm, norm)
      if let bin = Self.bin(of: norm) { bins.append(bin) } else { zeros += 1 }
    }
    guard let lowest = bins.min(), let highest = bins.max() else { return }
    firstBin = lowest
    counts = [Float](repeating: 0, count: highest - lowest + 1)
    for bin in bins { counts[bin - lowest] += 1 }
  }

  /// From the quantiles of a digest: between two of them units are spread evenly.
  package init(_ digest: NormDigest) {
    isNonFinite = digest.quantiles.contains { !$0.isFinite }
    let norms = digest.quantiles.filter(\.isFinite)
    guard digest.units > 0, norms.count > 1, let least = norms.min(), let most = norms.max() else {
      return
    }
    range = least...most
    total = Float(digest.units)
    firstBin = Self.bin(of: least) ?? 0
    counts = [Float](repeating: 0, count: max(0, (Self.bin(of: most) ?? firstBin) - firstBin) + 1)
    let units = total / Float(norms.count - 1)
    for (start, end) in zip(norms, norms.dropFirst()) { spread(units, from: start, to: end) }
  }

  private mutating func spread(_ units: Float, from start: Float, to end: Float) {
    guard let last = Self.bin(of: end) else {
      zeros += units
      return
    }
    let first = Self.bin(of: start) ?? firstBin
    guard end > start, last > first else {
      counts[max(0, last - firstBin)] += units
      return
    }
    for bin in first...last {
      let (bottom, top) = (max(start, Self.edge(of: bin)), min(end, Self.edge(of: bin + 1)))
      if top > bottom { counts[bin - firstBin] += units * (top - bottom) / (end - start) }
    }
  }

  package mutating func merge(_ later: NormDistribution) {
    isNonFinite = isNonFinite || later.isNonFinite
    zeros += later.zeros
    total += later.total
    if let range, let other = later.range {
      self.range = min(range.lowerBound, other.lowerBound)...max(range.upperBound, other.upperBound)
    } else {
      range = range ?? later.range
    }
    guard !later.counts.isEmpty else { return }
    guard !counts.isEmpty else {
      (firstBin, counts) = (later.firstBin, later.counts)
      return
    }
    let missingBelow = firstBin - later.firstBin
    if missingBelow > 0 {
      counts.insert(contentsOf: repeatElement(0, count: missingBelow), at: 0)
      firstBin = later.firstBin
    }
    let missingAbove = later.firstBin + later.counts.count - (firstBin + counts.count)
    if missingAbove > 0 { counts.append(contentsOf: repeatElement(0, count: missingAbove)) }
    // On raw memory, so that the additions are done many at a time: a frame merges hundreds.
    let offset = later.firstBin - firstBin
    counts.withUnsafeMutableBufferPointer { counts in
      later.counts.withUnsafeBufferPointer { later in
        for index in later.indices { counts[offset + index] += later[index] }
      }
    }
  }

  /// The share of units in each of `rows` rows of equal height between two norms, the lowest first.
  ///
  /// Norms outside are left out. Each bin is drawn one bin lower than it is: a unit that the
  /// ceiling holds, which may sit a rounding error above it, is then never drawn above the ceiling.
  package func shares(from lower: Float, to upper: Float, rows: Int) -> [Float] {
    guard rows > 0, upper > lower else { return [] }
    var shares = [Float](repeating: 0, count: rows)
    let scale = Float(rows) / (upper - lower)
    guard total > 0, lower.isFinite, scale.isFinite else { return shares }
    if lower <= 0 { shares[min(rows - 1, max(0, Int(-lower * scale)))] += zeros / total }
    for (index, count) in counts.enumerated() where count > 0 {
      let bottom = (Self.edge(of: firstBin + index - 1) - lower) * scale
      let top = (Self.edge(of: firstBin + index) - lower) * scale
      guard top > 0, bottom < Float(rows) else { continue }
      let first = Int(max(0, bottom))
      let last = min(rows - 1, Int(min(top, Float(rows))))
      for row in first...max(first, last) {
        let overlap = min(top, Float(row + 1)) - max(bottom, Float(row))
        if overlap > 0 { shares[row] += count / total * overlap / (top - bottom) }
      }
    }
    return shares
  }

  /// That many norms which stand for all units, each for the same share, in ascending order; drawn
  /// lower as in `shares`.
  ///
  /// Empty without a finite norm.
  package func representatives(_ count: Int) -> [Float] {
    guard total > 0, count > 0 else { return [] }
    var values: [Float] = []
    values.reserveCapacity(count)
    let unit = total / Float(count)
    // The share that the next value stands for begins in the middle of it.
    var next = unit / 2
    while values.count < count, next < zeros {
      values.append(0)
      next += unit
    }
    var passed = zeros
    for (index, inBin) in counts.enumerated() where inBin > 0 {
      let bottom = Self.edge(of: firstBin + index - 1)
      let height = Self.edge(of: firstBin + index) - bottom
      while values.count < count, next < passed + inBin {
        values.append(bottom + height * (next - passed) / inBin)
        next += unit
      }
      passed += inBin
    }
    // Rounding may leave the last shares over.
    if let last = values.last {
      while values.count < count { values.append(last) }
    }
    return values
  }

  /// The norm that a share of the units reaches or exceeds, to within a bin; nil without a finite
  /// norm.
  package func norm(exceededBy share: Float) -> Float? {
    guard total > 0, let range else { return nil }
    var wanted = total * min(1, max(0, share))
    for (index, count) in counts.enumerated().reversed() where count > 0 {
      guard wanted > count else {
        let bottom = Self.edge(of: firstBin + index)
        let height = Self.edge(of: firstBin + index + 1) - bottom
        return min(range.upperBound, max(range.lowerBound, bottom + height * (1 - wanted / count)))
      }
      wanted -= count
    }
    return range.lowerBound
  }

  /// The bin of a norm; nil if it counts as 0.
  private static func bin(of norm: Float) -> Int? {
    guard norm > 0, Int(norm.exponent) >= exponents.lowerBound else { return nil }
    guard Int(norm.exponent) < exponents.upperBound else {
      return exponents.count * binsPerDoubling - 1
    }
    return (Int(norm.exponent) - exponents.lowerBound) * binsPerDoubling
      + Int((norm.significand - 1) * Float(binsPerDoubling))
  }

  /// The lowest norm of a bin.
  private static func edge(of bin: Int) -> Float {
    bin >= 0 ? edges[min(bin, edges.count - 1)] : 0
  }

  private static let edges: [Float] = (0...exponents.count * binsPerDoubling).map { bin in
    let (doublings, part) = bin.quotientAndRemainder(dividingBy: binsPerDoubling)
    return Float(
      sign: .plus, exponent: doublings + exponents.lowerBound,
      significand: 1 + Float(part) / Float(binsPerDoubling))
  }
}
