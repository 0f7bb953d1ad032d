// Units that lie anywhere in a tensor of up to four dimensions: its values along some of them.

/// Which unit each value of a tensor belongs to.
///
/// Plain numbers: a step that goes by it touches no reference count.
package struct UnitStrides: Sendable, Equatable {
  /// The tensor's sizes, 1 in front where it has fewer dimensions.
  package let sizes: SIMD4<Int>
  /// How far apart the units of two neighbours in each dimension are; 0 along the dimensions that a unit
  /// goes over.
  package let steps: SIMD4<Int>
  /// The number of units.
  package let count: Int

  /// Units that go over some dimensions of a tensor of this shape, one for each place in the others.
  package init(_ shape: [Int], over dimensions: Set<Int>) {
    precondition(shape.count <= 4, "a tensor of shape \(shape)")
    var (sizes, steps) = (SIMD4<Int>(repeating: 1), SIMD4<Int>(repeating: 0))
    var units = 1
    for dimension in shape.indices.reversed() {
      let place = dimension + 4 - shape.count
      sizes[place] = shape[dimension]
      guard !dimensions.contains(dimension) else { continue }
      steps[place] = units
      units *= shape[dimension]
    }
    (self.sizes, self.steps, count) = (sizes, steps, units)
  }

  /// Calls `body` with the place of each value and its unit, in the order of memory.
  @inline(__always)
  fileprivate func forEach(_ body: (_ place: Int, _ unit: Int) -> Void) {
    var place = 0
    for first in 0..<sizes[0] {
      for second in 0..<sizes[1] {
        for third in 0..<sizes[2] {
          let start = first * steps[0] + second * steps[1] + third * steps[2]
          for fourth in 0..<sizes[3] {
            body(place, start + fourth * steps[3])
            place += 1
          }
        }
      }
    }
  }
}

/// sums `[units]` = the sum of squares of each unit's values.
package func sumsOfSquares(
  _ values: UnsafePointer<Float>, of units: UnitStrides, into sums: UnsafeMutablePointer<Double>
) {
  sums.update(repeating: 0, count: units.count)
  units.forEach { place, unit in
    let value = Double(values[place])
    sums[unit] += value * value
  }
}

/// Scales each unit by its factor; those with a factor of 1 stay bit for bit as they are.
package func scale(
  _ values: UnsafeMutablePointer<Float>, units: UnitStrides, by factors: UnsafePointer<Float>
) {
  units.forEach { place, unit in
    if factors[unit] != 1 { values[place] *= factors[unit] }
  }
}

/// kept `[units]` = what is left of each unit's norm without the values below 0.
///
/// NaN if none are below, or if the norm is not finite. `clamps`: those values become 0. `kept` has room
/// for twice as many.
package func clampNegatives(
  _ values: UnsafeMutablePointer<Float>, units: UnitStrides, clamps: Bool,
  into kept: UnsafeMutablePointer<Double>
) {
  let below = kept + units.count
  kept.update(repeating: 0, count: 2 * units.count)
  units.forEach { place, unit in
    let value = Double(values[place])
    if value < 0 { below[unit] += value * value } else { kept[unit] += value * value }
  }
  for unit in 0..<units.count {
    // Squares of Floats are too small for no Double.
    let all = kept[unit] + below[unit]
    kept[unit] = below[unit] > 0 && all.isFinite ? (kept[unit] / all).squareRoot() : .nan
  }
  guard clamps else { return }
  units.forEach { place, unit in
    if values[place] < 0, !kept[unit].isNaN { values[place] = 0 }
  }
}
