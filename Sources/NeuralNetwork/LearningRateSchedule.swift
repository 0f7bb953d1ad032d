// How the learning rate changes with the steps.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A factor on the learning rate for every step; s is the number of optimizer steps completed before.
package struct LearningRateSchedule: Sendable, Equatable {
  /// The rules, each after the warm-up.
  package enum Kind: String, Sendable, CaseIterable {
    /// 1.
    case constant
    /// factor^⌊s / every⌋.
    case step
    /// From 1 to `minimum` / rate along half a cosine over `total` steps, and stays there
    /// (Loshchilov and Hutter 2017, without restarts).
    case cosine
    /// factor^(s / every).
    case exponential
    /// 1 / (1 + factor·s / every).
    case inverseTime = "inverse_time"
  }

  package var kind: Kind
  /// Steps.
  package var every: Int
  package var factor: Double
  /// The learning rate at the end of a cosine.
  package var minimum: Double
  /// Steps of a cosine after the warm-up; nil: to the end of the run.
  package var total: Int?
  /// Steps over which the rate rises in equal parts; s then counts from their end.
  package var warmup: Int

  package init(
    _ kind: Kind = .constant, every: Int = 1, factor: Double = 1, minimum: Double = 0,
    total: Int? = nil, warmup: Int = 0
  ) {
    self.kind = kind
    self.every = every
    self.factor = factor
    self.minimum = minimum
    self.total = total
    self.warmup = warmup
  }

  /// The factor for the update after `step` completed ones, where the rate starts at `rate`.
  package func multiplier(after step: Int, rate: Double) -> Double {
    guard let least = end(after: step) else { return share(after: step) }
    guard rate > 0 else { return 1 }
    // The share of the way that is left, of the distance between start and end.
    return least / rate + (1 - least / rate) * share(after: step)
  }

  /// The rate at the start with which the rate after `step` steps would be `rate`.
  ///
  /// From there the schedule continues to the same end. Nil if no start leads there: the schedule
  /// has come to its end, or `rate` is not above that.
  package func start(for rate: Double, after step: Int) -> Double? {
    let least = end(after: step) ?? 0
    let share = share(after: step)
    guard share > 0, rate > least else { return nil }
    let start = least + (rate - least) / share
    return start.isFinite ? start : nil
  }

  /// What the rate falls to, as an absolute rate; nil if it is a multiple of the start's.
  private func end(after step: Int) -> Double? {
    kind == .cosine && step >= warmup && total ?? 0 > 0 ? minimum : nil
  }

  /// The factor on what lies between the rate at the start and its end.
  private func share(after step: Int) -> Double {
    if step < warmup { return Double(step + 1) / Double(warmup) }
    let s = Double(step - warmup)
    let every = Double(every)
    switch kind {
    case .constant: return 1
    case .step: return pow(factor, (s / every).rounded(.down))
    case .exponential: return pow(factor, s / every)
    case .inverseTime: return 1 / (1 + factor * s / every)
    case .cosine:
      guard let total, total > 0 else { return 1 }
      return (1 + cos(.pi * min(s / Double(total), 1))) / 2
    }
  }

  /// Throws where a value lies outside its range.
  func check() throws(NetworkError) {
    func require(_ key: String, _ value: Double, _ allowed: Bool, _ range: String)
      throws(NetworkError)
    {
      guard allowed, value.isFinite else {
        throw .schedule(key: key, value: value, expected: range)
      }
    }
    try require("every", Double(every), every > 0, "at least 1")
    try require("factor", factor, factor >= 0, "0 or more")
    try require("minimum", minimum, minimum >= 0, "0 or more")
    try require("total", Double(total ?? 1), total ?? 1 > 0, "at least 1")
    try require("warmup", Double(warmup), warmup >= 0, "0 or more")
  }
}
