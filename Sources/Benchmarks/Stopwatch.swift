// Times a piece of work again and again, and keeps what the middle of the repetitions says.

/// How long one call takes, over several repetitions of many calls each.
package struct Timing: Sendable, Equatable {
  /// Milliseconds a call, one entry a repetition, in order of size.
  package private(set) var milliseconds: [Double]
  /// Calls in a repetition.
  package var calls: Int

  /// The middle repetition.
  package var median: Double {
    let middle = milliseconds.count / 2
    return milliseconds.count % 2 == 1
      ? milliseconds[middle] : (milliseconds[middle - 1] + milliseconds[middle]) / 2
  }

  package var fastest: Double { milliseconds[0] }
  package var slowest: Double { milliseconds[milliseconds.count - 1] }

  init(milliseconds: [Double], calls: Int) {
    precondition(!milliseconds.isEmpty, "no repetition")
    self.milliseconds = milliseconds.sorted()
    self.calls = calls
  }

  /// Warms up, then times at least 5 repetitions of at least `seconds` each.
  package init(repetitions: Int = 7, seconds: Double = 0.3, _ body: () -> Void) {
    let clock = ContinuousClock()
    func time(_ calls: Int) -> Double {
      clock.measure { for _ in 0..<calls { body() } } / .milliseconds(1)
    }
    // Caches fill, and primitives are prepared, before anything counts.
    var calls = 1
    var spent = time(1)
    while spent < 100 {
      calls *= 2
      spent = time(calls)
    }
    let needed = max(1, Int((seconds * 1000 * Double(calls) / spent).rounded(.up)))
    self.init(
      milliseconds: (0..<max(5, repetitions)).map { _ in time(needed) / Double(needed) },
      calls: needed)
  }
}
