// How a layer's weights were distributed, one column of the picture "weights over time".
import RunRecords

/// Counts of weights in bins whose width is a power of two and whose edges are multiples of it.
///
/// Distributions of different widths are merged without loss but for resolution: two finer bins are
/// one coarser bin.
package struct WeightDistribution: ValueDistribution, Equatable {
  /// A bin is 2^exponent wide; `counts[0]` is the bin from `first` times that on.
  private var exponent = 0
  private var first = 0
  private var counts: [Float] = []
  /// All weights counted, the non-finite ones left out.
  private var total: Float = 0
  package private(set) var isNonFinite = false

  /// As many bins as a column of a chart can show, and so many that memory stays small.
  private static let mostBins = 128

  package init(_ histogram: WeightHistogram) {
    isNonFinite = histogram.nonFinite ?? 0 > 0
    let (low, high) = (Double(histogram.low), Double(histogram.high))
    guard low.isFinite, high.isFinite, low <= high, histogram.counts.contains(where: { $0 > 0 })
    else { return }
    let part = (high - low) / Double(histogram.counts.count)
    // Numbers of bins stay small, however narrow the parts are beside where they lie.
    let width = max(part, max(abs(low), abs(high)) * 0x1p-24, 0x1p-140)
    exponent = Int(width.exponent)
    first = bin(of: low)
    counts = [Float](repeating: 0, count: bin(of: high) - first + 1)
    for (index, count) in histogram.counts.enumerated() where count > 0 {
      spread(Float(count), from: low + Double(index) * part, to: low + Double(index + 1) * part)
    }
    total = counts.reduce(0, +)
    while counts.last == 0 { counts.removeLast() }
    coarsen()
  }

  /// Puts weights that lie evenly between two values into their bins.
  private mutating func spread(_ weights: Float, from start: Double, to end: Double) {
    let lowest = bin(of: start)
    // The upper end does not belong to it.
    let highest = max(lowest, Int((end / width).rounded(.up)) - 1)
    for bin in lowest...highest {
      let (bottom, top) = (max(start, edge(of: bin)), min(end, edge(of: bin + 1)))
      let share = end > start ? max(0, top - bottom) / (end - start) : 1
      counts[min(counts.count - 1, max(0, bin - first))] += weights * Float(share)
    }
  }

  private var width: Double { Double(sign: .plus, exponent: exponent, significand: 1) }
  private func bin(of value: Double) -> Int { Int((value / width).rounded(.down)) }
  private func edge(of bin: Int) -> Double { Double(bin) * width }

  // MARK: Merging

  package mutating func merge(_ later: WeightDistribution) {
    isNonFinite = isNonFinite || later.isNonFinite
    guard !later.counts.isEmpty else { return }
    guard !counts.isEmpty else {
      let wasBroken = isNonFinite
      self = later
      isNonFinite = wasBroken
      return
    }
    var later = later
    widen(to: max(exponent, later.exponent))
    later.widen(to: exponent)
    // Far from each other, the bins between them would be too many to be made first.
    while span(with: later) > 4 * Self.mostBins {
      widen(to: exponent + 1)
      later.widen(to: exponent)
    }
    add(later)
  }

  /// How many bins lie from the first to the last of both.
  private func span(with other: WeightDistribution) -> Int {
    max(first + counts.count, other.first + other.counts.count) - min(first, other.first)
  }

  /// Adds one with bins of the same width.
  private mutating func add(_ later: WeightDistribution) {
    let start = min(first, later.first)
    let end = max(first + counts.count, later.first + later.counts.count)
    var sums = [Float](repeating: 0, count: end - start)
    for (index, count) in counts.enumerated() { sums[first - start + index] += count }
    for (index, count) in later.counts.enumerated() { sums[later.first - start + index] += count }
    (first, counts) = (start, sums)
    total += later.total
    coarsen()
  }

  private mutating func coarsen() {
    while counts.count > Self.mostBins { widen(to: exponent + 1) }
  }

  private mutating func widen(to wanted: Int) {
    let steps = wanted - exponent
    guard steps > 0, !counts.isEmpty else { return }
    let start = first >> steps
    var sums = [Float](repeating: 0, count: ((first + counts.count - 1) >> steps) - start + 1)
    for (index, count) in counts.enumerated() { sums[((first + index) >> steps) - start] += count }
    (exponent, first, counts) = (wanted, start, sums)
  }

  // MARK: Reading

  /// To within a bin.
  package var range: ClosedRange<Float>? {
    guard let lowest = counts.firstIndex(where: { $0 > 0 }),
      let highest = counts.lastIndex(where: { $0 > 0 })
    else { return nil }
    return Float(edge(of: first + lowest))...Float(edge(of: first + highest + 1))
  }

  package func representatives(_ count: Int) -> [Float] {
    guard total > 0, count > 0 else { return [] }
    var values: [Float] = []
    values.reserveCapacity(count)
    let unit = total / Float(count)
    // The share that the next value stands for begins in the middle of it.
    var next = unit / 2
    var passed: Float = 0
    for (index, inBin) in counts.enumerated() where inBin > 0 {
      let bottom = edge(of: first + index)
      while values.count < count, next < passed + inBin {
        values.append(Float(bottom + width * Double((next - passed) / inBin)))
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
}
