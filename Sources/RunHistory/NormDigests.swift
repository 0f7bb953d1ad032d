// What a digest says of norms that it does not list: each of them, where they lie between its quantiles.
import RunRecords

extension NormDigest {
  /// Between two neighbours of which the quantiles rise evenly; nil if there are too few.
  private var intervals: Range<Int>? { quantiles.count > 1 ? 0..<quantiles.count - 1 : nil }

  /// The norm below which a share of the units lies, 0…1; NaN where that is unknown.
  package func norm(at share: Double) -> Float {
    guard let intervals else { return quantiles.first ?? .nan }
    let place = min(1, max(0, share)) * Double(intervals.count)
    let low = min(intervals.upperBound - 1, Int(place))
    let (start, end) = (quantiles[low], quantiles[low + 1])
    let part = Float(place - Double(low))
    return part == 0 || start == end ? start : start + (end - start) * part
  }

  /// `count` norms that stand for all units, each for the same share, in ascending order.
  package func representatives(_ count: Int) -> [Float] {
    let count = max(0, min(count, units))
    return (0..<count).map { norm(at: (Double($0) + 0.5) / Double(count)) }
  }

  /// About how many units have at least this norm, and one that is finite.
  package func held(at limit: Float) -> Int {
    guard let intervals else { return 0 }
    var share = 0.0
    for index in intervals {
      let (start, end) = (quantiles[index], quantiles[index + 1])
      guard start.isFinite, end.isFinite, end >= limit else { continue }
      share += start >= limit ? 1 : Double((end - limit) / max(end - start, .leastNonzeroMagnitude))
    }
    return Int((share / Double(intervals.count) * Double(max(0, units))).rounded())
  }
}

extension LayerState {
  /// The most norms that stand for the units of a digest.
  private static let mostRepresentatives = 1024

  /// Norms that stand for all units, and for how many each does: every norm as last told, or what a
  /// digest has in their place.
  package var representativeNorms: (norms: [Float], unitsEach: Double) {
    guard let digest else { return (norms, 1) }
    let norms = digest.representatives(Self.mostRepresentatives)
    return (norms, Double(digest.units) / Double(max(1, norms.count)))
  }

  /// Whether norms were told, one by one or in a digest.
  package var hasNorms: Bool { !norms.isEmpty || digest?.quantiles.isEmpty == false }
}
