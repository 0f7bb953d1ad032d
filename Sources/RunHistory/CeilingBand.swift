// Which norms count as at a ceiling: rounding leaves none exactly there, and 16 bits leave it far off.
import RunRecords

/// How near to a ceiling a norm is at it, and how far over it above it.
package struct CeilingBand: Sendable, Equatable {
  /// As shares of the ceiling.
  private var below: Float = 1e-5
  private var above: Float = 2e-6

  /// Of weights in 32 bits, as this program has them.
  package static let usual = CeilingBand()

  private init() {}

  /// As wide as the tolerance that a header tells.
  package init(tolerance: Float?) {
    guard let tolerance, tolerance > 0, tolerance < 0.5 else { return }
    below = max(below, tolerance)
    above = max(above, tolerance)
  }

  /// The norms from which on a unit is at the ceiling, and up to which it is not above it.
  package func lower(_ ceiling: Float) -> Float { ceiling * (1 - below) }
  package func upper(_ ceiling: Float) -> Float { ceiling * (1 + above) }

  /// Whether a norm is at the ceiling or above.
  package func reaches(_ norm: Float, _ ceiling: Float) -> Bool { norm >= lower(ceiling) }
  package func isAbove(_ norm: Float, _ ceiling: Float) -> Bool { norm > upper(ceiling) }

  /// Whether it lies so near that a unit may be held there.
  package func isHeld(_ norm: Float, _ ceiling: Float) -> Bool {
    norm >= lower(ceiling) && norm <= ceiling * (1 + below)
  }
}
