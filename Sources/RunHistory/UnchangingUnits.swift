// Units whose norm stays exactly the same while others move: dead ones are among them.

/// For each unit, in how many norms records running its norm has not changed by a single bit.
///
/// Records in which no unit moved, as while paused, say nothing and are skipped. A unit at the
/// ceiling is projected to r after every step: its norm says nothing either.
package struct UnchangingUnits: Sendable {
  private var streaks: [UInt8] = []
  /// Records compared, at most as many as needed.
  private var compared = 0

  /// As many records running make a unit count as unchanging.
  package static let leastRecords = 8

  /// How many units are unchanging; nil while too few records were seen.
  package var count: Int? {
    guard compared >= Self.leastRecords else { return nil }
    return streaks.count { Int($0) >= Self.leastRecords }
  }

  mutating func apply(
    _ norms: [Float], after before: [Float], ceiling: Float?, _ band: CeilingBand = .usual
  ) {
    guard norms.count == before.count else {
      self = UnchangingUnits()
      return
    }
    guard norms != before else { return }
    if streaks.count != norms.count { streaks = [UInt8](repeating: 0, count: norms.count) }
    for (unit, (norm, earlier)) in zip(norms, before).enumerated() {
      let isHeld = ceiling.map { band.isHeld(norm, $0) } ?? false
      streaks[unit] = norm == earlier && !isHeld ? min(streaks[unit], .max - 1) + 1 : 0
    }
    compared = min(compared + 1, Self.leastRecords)
  }
}
