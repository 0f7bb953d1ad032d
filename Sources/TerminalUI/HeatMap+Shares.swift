// What share of the values lies where in a heat map, and how bright that is drawn.
import PlainText

extension HeatMap {
  /// Shares of the values, column by column, from the bottom; nil if nothing was measured.
  struct Shares {
    let bins: Int
    var columns: [[Float]?]
    var broken: [Bool]
    /// Where a value lies above the axis.
    var above: [Bool]
    /// The share that is drawn as the most there is.
    var full: Float = 0
  }

  /// A value this near the ceiling lies on it, and is counted below it: projection leaves
  /// values a rounding error above.
  private static let onCeiling = 1e-4

  func shares(_ frame: ChartFrame, bins: Int) -> Shares {
    let count = frame.plot.columns
    var shares = Shares(
      bins: bins, columns: Array(repeating: nil, count: count),
      broken: Array(repeating: false, count: count),
      above: Array(repeating: false, count: count))
    var totals = Array(repeating: Float(0), count: count)
    let ceiling = reference?.value ?? .nan
    let slope = Double(bins) / (frame.y.upper - frame.y.lower)
    for column in columns where column.x >= frame.x.lower && column.x <= frame.x.upper {
      guard let dot = frame.x.step(column.x, of: count * 2) else { continue }
      let index = dot / 2
      if Double(column.largest) > frame.y.upper { shares.above[index] = true }
      var bin = shares.columns[index] ?? Array(repeating: 0, count: bins)
      for value in column.values {
        guard value.isFinite else {
          shares.broken[index] = true
          continue
        }
        var value = Double(value)
        if abs(value - ceiling) <= ceiling * Self.onCeiling { value = ceiling * (1 - 1e-6) }
        let place = Mathematics.integer(((value - frame.y.lower) * slope).rounded(.down))
        if place >= 0, place < bins { bin[place] += 1 }
        totals[index] += 1
      }
      shares.columns[index] = bin
    }
    var peaks: [Float] = []
    var others: [Float] = []
    let held = Mathematics.integer(
      (((ceiling.isNaN ? frame.y.lower : ceiling * (1 - 1e-6)) - frame.y.lower) * slope)
        .rounded(.down))
    for index in 0..<count {
      guard var bin = shares.columns[index], totals[index] > 0 else { continue }
      for place in bin.indices { bin[place] /= totals[index] }
      shares.columns[index] = bin
      peaks.append(bin.max() ?? 0)
      var other: Float = 0
      for place in bin.indices where place != held { other = max(other, bin[place]) }
      if other > 0 { others.append(other) }
    }
    // A layer held at the ceiling has nearly all its units in one bin; measured against that, the
    // others would look like nothing, and so would every other time.
    let full = Self.median(of: peaks)
    shares.full = max(full / 4, reference == nil ? full : Self.median(of: others)) * 1.3
    return shares
  }

  private static func median(of shares: [Float]) -> Float {
    shares.isEmpty ? 0 : shares.sorted()[shares.count / 2]
  }

  /// How bright a share is drawn; the square root shows that few values differ from none.
  static func heat(_ share: Float, full: Float) -> Double {
    guard full > 0, share > 0 else { return 0 }
    return min(1, max(0.12, Double((share / full).squareRoot())))
  }
}
