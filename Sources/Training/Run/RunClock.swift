// The time of a run: seconds without pauses, and when the next step is due at a pace.

/// Reads the monotonic clock; nothing a run computes depends on it.
struct RunClock {
  private var startedAt: ContinuousClock.Instant
  private var pausedAt: ContinuousClock.Instant?
  private var dueAt: ContinuousClock.Instant?

  /// Starts now, or continues as one that has run for `elapsed` seconds.
  init(elapsed: Double = 0) { startedAt = .now - .seconds(elapsed) }

  /// Seconds since the start, without pauses.
  var elapsed: Double { Self.seconds((pausedAt ?? .now) - startedAt) }

  mutating func pause() { if pausedAt == nil { pausedAt = .now } }

  mutating func resume() {
    guard let pausedAt else { return }
    startedAt += .now - pausedAt
    self.pausedAt = nil
  }

  /// Seconds until the next step is due, 0 or less where it is.
  var secondsUntilDue: Double { dueAt.map { Self.seconds($0 - .now) } ?? 0 }

  /// Sets the time of the step after the one that starts now.
  mutating func advance(pace: Double) {
    let now = ContinuousClock.now
    // A run that fell behind, by a slow step or a stopped process, does not race to catch up.
    let from = dueAt.map { now - $0 > .milliseconds(100) ? now : $0 } ?? now
    // A pace of less than a step a day would overflow the clock.
    dueAt = from + .seconds(min(1 / pace, 86_400))
  }

  /// The pace changed or a pause ended: the next step is due now.
  mutating func restartPace() { dueAt = nil }

  private static func seconds(_ duration: Duration) -> Double {
    let (seconds, attoseconds) = duration.components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}
