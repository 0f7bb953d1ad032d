// Points that fill a cube evenly, however few: what trials are drawn from.

/// A scrambled Halton sequence: in each dimension the digits of 0, 1, 2, … to a base of its own, mirrored
/// at the point, each place's digits permuted.
///
/// Halton 1960, with the random permutations of Owen 2017 (arXiv:1706.02808). Of the first bᵏ points
/// each of bᵏ equal parts of a dimension to the base b holds one; a single point is uniform.
package struct HaltonSequence: Sendable, Equatable {
  /// By dimension and place the permutation of the digits.
  private let permutations: [[[Int]]]

  private static let bases = [2, 3, 5, 7]
  /// As many dimensions as there are bases.
  package static let mostDimensions = bases.count

  /// A sequence of its own for each seed.
  package init(dimensions: Int, seed: UInt64) {
    precondition(1...Self.mostDimensions ~= dimensions, "a sequence has one to four dimensions")
    permutations = Self.bases.prefix(dimensions).enumerated().map { dimension, base in
      var random = RandomSource(seed: seed, stream: 0x4A17_0000 + UInt64(dimension))
      // Further places are finer than a setting needs.
      var places = 1
      var parts = base
      while parts < 1 << 40 {
        places += 1
        parts *= base
      }
      return (0..<places).map { _ in (0..<base).shuffled(using: &random) }
    }
  }

  /// The point with an index from 0 on, each coordinate from 0 up to but not including 1.
  package subscript(index: Int) -> [Double] {
    permutations.map { places in
      let base = places[0].count
      var (rest, weight, sum) = (index, 1.0, 0.0)
      for permutation in places {
        weight /= Double(base)
        sum += Double(permutation[rest % base]) * weight
        rest /= base
      }
      return min(sum, 1.0.nextDown)
    }
  }
}
