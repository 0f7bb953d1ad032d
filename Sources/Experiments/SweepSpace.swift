// What a sweep goes over: ranges of keys, as a grid or as random draws.
import Basics
import Foundation
import RunRecords

/// One key of the experiment with the value that a candidate gives it.
package struct SweptValue: Sendable, Equatable {
  /// `constraint.max_norm`.
  package var key: String
  package var value: Double

  package init(key: String, value: Double) {
    self.key = key
    self.value = value
  }

  static func list(_ document: JSONValue?, experiment: String) throws(ProgramError)
    -> [SweptValue]
  {
    switch document {
    case .some(let document) where document.isNone: return []
    case nil: return []
    case .fields(let fields):
      var values: [SweptValue] = []
      for field in fields {
        guard let number = field.value.double else {
          throw ProgramError(
            experiment: experiment, path: "sweep.\(field.key)",
            problem: "expected a number, found \(field.value.kindAndText)", hint: "")
        }
        values.append(SweptValue(key: field.key, value: number))
      }
      return values
    case .some(let other):
      throw ProgramError(
        experiment: experiment, path: "sweep",
        problem: "expected a mapping, found \(other.kindAndText)", hint: "")
    }
  }
}

/// The values of one key: `constraint.max_norm=0.5:4:log8`.
package struct SweepAxis: Sendable, Equatable {
  package let key: String
  /// Of the grid; for a range without a count, its ends.
  package let values: [Double]
  /// Values lie evenly by their ratios rather than their differences.
  package let isLogarithmic: Bool
  /// Values between the ends may be drawn.
  package let isRange: Bool
  /// A grid can be made of it.
  package let hasGrid: Bool

  /// Reads `KEY=LOW:HIGH:log8`, `KEY=LOW:HIGH:lin5`, `KEY=LOW:HIGH:log` (to draw from) or `KEY=A,B,C`.
  ///
  /// - Throws: `ProgramError` if it is written otherwise.
  package init(_ argument: String) throws(ProgramError) {
    func bad(_ problem: String) -> ProgramError {
      ProgramError(
        experiment: argument, path: "--over", problem: problem,
        hint: "for example --over constraint.max_norm=0.5:4:log8, or =0.5,1,2")
    }
    let sides = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard sides.count == 2, !sides[0].isEmpty else {
      throw bad("expected KEY=VALUES, found '\(argument)'")
    }
    key = String(sides[0])
    func number(_ text: Substring) throws(ProgramError) -> Double {
      guard let number = Double(text), number.isFinite else {
        throw bad("expected a number, found '\(text)'")
      }
      return number
    }
    let parts = sides[1].split(separator: ":", omittingEmptySubsequences: false)
    if parts.count == 1 {
      var values: [Double] = []
      for text in sides[1].split(separator: ",", omittingEmptySubsequences: false) {
        values.append(try number(text))
      }
      guard Set(values).count == values.count else { throw bad("expected each value once") }
      self.values = values
      isLogarithmic = Self.growsByRatio(values)
      isRange = false
      hasGrid = true
      return
    }
    guard parts.count == 3 else { throw bad("expected LOW:HIGH:logN, found '\(sides[1])'") }
    let (low, high) = (try number(parts[0]), try number(parts[1]))
    guard low < high else {
      throw bad("expected a low end below the high one, found '\(sides[1])'")
    }
    isLogarithmic = parts[2].hasPrefix("log")
    isRange = true
    let text = isLogarithmic || parts[2].hasPrefix("lin") ? parts[2].dropFirst(3) : parts[2]
    guard !isLogarithmic || low > 0 else {
      throw bad("expected ends above 0 on a log range, found \(low)")
    }
    guard !text.isEmpty else {
      values = [low, high]
      hasGrid = false
      return
    }
    guard let count = Int(text), 2...1000 ~= count else {
      throw bad("expected logN or linN with N from 2 to 1000, found '\(parts[2])'")
    }
    let isLogarithmic = isLogarithmic
    values = (0..<count).map { step in
      let share = Double(step) / Double(count - 1)
      return Self.value(low, high, share, isLogarithmic: isLogarithmic)
    }
    hasGrid = true
  }

  /// A value on the way from low to high, in three digits but for the ends.
  static func value(
    _ low: Double, _ high: Double, _ share: Double, isLogarithmic: Bool
  ) -> Double {
    guard share > 0 else { return low }
    guard share < 1 else { return high }
    let value = isLogarithmic ? low * pow(high / low, share) : low + (high - low) * share
    guard value != 0 else { return 0 }
    // Read back from its text, so that it is the number that a person would write.
    return Double(String(format: "%.3g", value)) ?? value
  }

  private static func growsByRatio(_ values: [Double]) -> Bool {
    guard values.count > 2, let low = values.min(), low > 0, let high = values.max() else {
      return false
    }
    let middle = values.sorted()[values.count / 2]
    return middle < (low + high) / 2 * 0.8
  }

  fileprivate func draw(_ random: inout RandomSource) -> Double {
    guard isRange else { return values[Int(random.next() % UInt64(values.count))] }
    return Self.value(
      values[0], values[values.count - 1], Double(random.nextUnit()), isLogarithmic: isLogarithmic)
  }
}

/// The candidates of a sweep.
package enum SweepSpace {
  /// Every combination; the last key changes fastest.
  package static func grid(_ axes: [SweepAxis]) -> [[SweptValue]] {
    axes.reduce([[]]) { combinations, axis in
      combinations.flatMap { combination in
        axis.values.map { combination + [SweptValue(key: axis.key, value: $0)] }
      }
    }
  }

  /// `count` different draws from the ranges; fewer if the ranges have fewer.
  package static func draws(_ axes: [SweepAxis], count: Int, seed: UInt64) -> [[SweptValue]] {
    var random = RandomSource(seed: seed, stream: 0x5EE9)
    var draws: [[SweptValue]] = []
    var tries = 0
    while draws.count < count, tries < 100 * count {
      let draw = axes.map { SweptValue(key: $0.key, value: $0.draw(&random)) }
      if !draws.contains(draw) { draws.append(draw) }
      tries += 1
    }
    return draws
  }

  /// "max_norm=0.5" or "max_norm=0.5,learning_rate=0.1": names of an arm.
  package static func name(_ values: [SweptValue]) -> String {
    values.map { value in
      let last = value.key.split(separator: ".").last.map(String.init) ?? value.key
      let isTwice = values.contains { $0.key != value.key && $0.key.hasSuffix(".\(last)") }
      return "\(isTwice ? value.key : last)=\(text(value.value))"
    }.joined(separator: ",")
  }

  private static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : value.description
  }
}
