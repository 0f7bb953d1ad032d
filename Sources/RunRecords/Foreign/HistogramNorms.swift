// Norms of units and weights out of a histogram: as many of each size as it counts, though not whose they
// are.

/// A histogram that may be one of norms or of weights.
struct HistogramNorms {
  private var buckets: [(lower: Double, upper: Double, count: Double)] = []

  /// More units than that are as well told by a part of them.
  private static let mostNorms = 4096

  /// A message of the type HistogramProto.
  init?(message: ArraySlice<UInt8>) {
    var (minimum, maximum) = (Double.nan, Double.nan)
    var (limits, counts): ([Double], [Double]) = ([], [])
    var reader = ProtobufReader(message)
    while let (number, value) = reader.next() {
      switch number {
      case 1: minimum = value.number ?? .nan
      case 2: maximum = value.number ?? .nan
      case 6: limits += value.doubles
      case 7: counts += value.doubles
      default: break
      }
    }
    guard minimum.isFinite, maximum.isFinite, limits.count == counts.count else { return nil }
    // The outer limits of some are the largest numbers that there are.
    var lower = minimum
    for (limit, count) in zip(limits, counts) {
      let upper = min(maximum, max(lower, limit))
      if count > 0, count.isFinite { buckets.append((lower, upper, count)) }
      lower = upper
    }
  }

  /// Rows of a left end, a right end and a count.
  init?(rows: [Double]) {
    guard rows.count.isMultiple(of: 3) else { return nil }
    for start in stride(from: 0, to: rows.count, by: 3)
    where rows[start + 2] > 0 && rows[start..<start + 3].allSatisfy(\.isFinite) {
      buckets.append((rows[start], rows[start + 1], rows[start + 2]))
    }
  }

  /// Evenly spread within each bucket, with the outermost where they are; nil if these are no norms.
  var norms: [Float]? {
    let total = buckets.reduce(0) { $0 + $1.count }
    guard let first = buckets.first, let last = buckets.last, total >= 1, total < 1e12,
      first.lower >= 0
    else { return nil }
    let share = min(1, Double(Self.mostNorms) / total)
    var norms: [Float] = []
    for bucket in buckets {
      let count = max(1, Int((bucket.count * share).rounded()))
      for place in 0..<count {
        let part = (Double(place) + 0.5) / Double(count)
        norms.append(Float(bucket.lower + (bucket.upper - bucket.lower) * part))
      }
    }
    norms[0] = Float(first.lower)
    norms[norms.count - 1] = Float(last.upper)
    return norms
  }

  /// The same in parts of equal width; nil without values.
  var weights: WeightHistogram? {
    guard let low = buckets.map(\.lower).min(), let high = buckets.map(\.upper).max(),
      Float(low).isFinite, Float(high).isFinite
    else { return nil }
    let parts = high > low ? WeightHistogram.mostParts : 1
    let width = (high - low) / Double(parts)
    var counts = [Double](repeating: 0, count: parts)
    for bucket in buckets {
      guard width > 0, bucket.upper > bucket.lower else {
        counts[width > 0 ? min(parts - 1, Int((bucket.lower - low) / width)) : 0] += bucket.count
        continue
      }
      let first = min(parts - 1, Int((bucket.lower - low) / width))
      let last = min(parts - 1, Int((bucket.upper - low) / width))
      for part in first...last {
        let bottom = max(bucket.lower, low + Double(part) * width)
        let top = min(bucket.upper, low + Double(part + 1) * width)
        let share = max(0, top - bottom) / (bucket.upper - bucket.lower)
        counts[part] += bucket.count * share
      }
    }
    // Whole weights, and together as many as there were.
    var (passed, told) = (0.0, 0)
    let whole = counts.map { count in
      passed = min(passed + count, 1e15)
      let upTo = Int(passed.rounded())
      defer { told = upTo }
      return upTo - told
    }
    return WeightHistogram(low: Float(low), high: Float(high), counts: whole)
  }

  /// The layer whose weights a tag says it has: "fc1" of `fc1.weight` and `weights/fc1`; nil if it says
  /// nothing of weights, or that it has their norms or gradients.
  static func weights(of tag: String) -> String? {
    let words = Set(tag.lowercased().split { !$0.isLetter }.map(String.init))
    let others: Set<String> = ["grad", "grads", "gradient", "gradients", "norm", "norms", "update"]
    let names: Set<String> = ["weight", "weights", "kernel"]
    guard !words.isDisjoint(with: names), words.isDisjoint(with: others) else { return nil }
    let parts = tag.split { $0 == "/" || $0 == "." }.filter { !names.contains($0.lowercased()) }
    return parts.isEmpty ? tag : parts.joined(separator: ".")
  }

  /// The layer whose norms a tag says it has: "fc1" of `norms/fc1`; nil if it says nothing of norms.
  static func layer(of tag: String) -> String? {
    let names: Set<String> = [
      "norm", "norms", "weight_norm", "weight_norms", "unit_norm", "unit_norms", "row_norms",
    ]
    let parts = tag.split(separator: "/").map(String.init)
    let others = parts.filter { !names.contains($0.lowercased()) }
    guard others.count < parts.count else { return nil }
    return others.isEmpty ? tag : others.joined(separator: ".")
  }
}
