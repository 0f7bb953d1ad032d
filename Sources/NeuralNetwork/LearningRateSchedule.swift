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
    if step < warmup { return Double(step + 1) / Double(warmup) }
    let s = Double(step - warmup)
    let every = Double(every)
    switch kind {
    case .constant: return 1
    case .step: return pow(factor, (s / every).rounded(.down))
    case .exponential: return pow(factor, s / every)
    case .inverseTime: return 1 / (1 + factor * s / every)
    case .cosine:
      guard let total, total > 0, rate > 0 else { return 1 }
      let least = minimum / rate
      let share = min(s / Double(total), 1)
      return least + (1 - least) * (1 + cos(.pi * share)) / 2
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
