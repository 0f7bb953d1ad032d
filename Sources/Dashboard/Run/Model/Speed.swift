// How fast the run goes: the pace that was asked for and the speed that is observed.

/// The pace of a run in steps per second, or the speed of a replay as a factor.
package struct Pace: Sendable, Equatable {
  /// False: as fast as it goes.
  package private(set) var isOn: Bool
  /// The pace when it is on.
  package private(set) var rate: Double
  private let least: Double

  /// A pace of 0 is as fast as it goes; `fallback` is the pace when it is switched on then, `least`
  /// the lowest that keys lead to.
  package init(_ rate: Double, fallback: Double, least: Double = 0.125) {
    self.least = least
    isOn = rate > 0 && rate.isFinite
    self.rate = isOn ? rate : fallback
  }

  /// As a command states it: 0 is as fast as it goes.
  package var value: Double { isOn ? rate : 0 }

  mutating func toggle() { isOn.toggle() }

  /// Multiplies the pace; returns whether it stayed between the least and 1,000,000.
  mutating func scale(by factor: Double) -> Bool {
    let scaled = rate * factor
    guard scaled >= least, scaled <= 1e6 else { return false }
    rate = scaled
    return true
  }
}

/// Steps per second over the last seconds, pauses left out.
package struct SpeedEstimate: Sendable {
  private var samples: [(time: Double, step: Int)] = []
  private static let window = 4.0
  private static let interval = 0.1

  package init() {}

  /// The speed; nil until half a second has been seen.
  package var stepsPerSecond: Double? {
    guard let first = samples.first, let last = samples.last, last.time - first.time >= 0.5 else {
      return nil
    }
    return (Double(last.step) - Double(first.step)) / (last.time - first.time)
  }

  mutating func observe(step: Int, at time: Double) {
    if let last = samples.last {
      guard time - last.time >= Self.interval, step >= last.step else { return }
    }
    samples.append((time, step))
    if let stale = samples.firstIndex(where: { $0.time >= time - Self.window }), stale > 0 {
      samples.removeFirst(stale)
    }
  }

  /// Starts anew: after a pause or a change of pace the past says nothing.
  mutating func forget() { samples = [] }
}
