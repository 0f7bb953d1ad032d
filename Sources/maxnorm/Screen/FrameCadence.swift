// How often a screen is drawn: quickly after a key, less often otherwise, so that a slow line keeps up.

/// When to ask for records and when to draw: often after a key, a few times a second otherwise.
struct FrameCadence {
  private(set) var drawnRevision = -1
  private(set) var drawnTime = -1.0
  private var keyAt = -1.0
  /// Seconds between two frames as the user wants them; nil: as usual.
  private let chosen: Double?

  /// The frames a second that can be chosen.
  static let rates = 0.1...30.0
  static let rateWords = "0.1 to 30"

  /// Seconds between two frames just after a key, and in steady state.
  private static let quick = 1.0 / 30
  private static let steady = 0.2
  /// Seconds after a key in which its effect is to be seen at once.
  private static let attentive = 0.5

  /// `framesPerSecond` is what the user wants while no key is pressed; nil: what is usual.
  init(framesPerSecond: Double? = nil) { chosen = framesPerSecond.map { 1 / $0 } }

  /// The earliest time for the next frame.
  var frameTime: Double {
    drawnTime + (drawnTime - keyAt < Self.attentive ? Self.quick : chosen ?? Self.quick)
  }

  /// Seconds from one answer of the source to the next question.
  func requestInterval(at time: Double) -> Double {
    time - keyAt < Self.attentive ? Self.quick : chosen ?? Self.steady
  }

  mutating func keyPressed(at time: Double) { keyAt = time }

  mutating func drew(_ revision: Int, at time: Double) {
    drawnRevision = revision
    drawnTime = time
  }
}
