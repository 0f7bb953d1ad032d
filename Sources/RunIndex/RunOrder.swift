// In which order runs stand: by any of the columns, or by a setting or a figure of any name.
import RunRecords

/// A column that runs can be sorted by, and which way.
package struct RunOrder: Sendable, Equatable {
  package var column: Column
  /// Against the way that a column is read first.
  package var isReversed = false

  package enum Column: String, Sendable, CaseIterable {
    case name, state, steps, last, best, age, elapsed
  }

  package init(_ column: Column, isReversed: Bool = false) {
    self.column = column
    self.isReversed = isReversed
  }

  /// Reads `best` or `-best`; nil for no column.
  package init?(_ text: String) {
    let name = text.hasPrefix("-") ? String(text.dropFirst()) : text
    guard let column = Column(rawValue: name) else { return nil }
    self.init(column, isReversed: text.hasPrefix("-"))
  }

  package static let names = Column.allCases.map(\.rawValue).joined(separator: ", ")

  /// The indices of runs in this order, those whose place is not known last; without one they stand as
  /// they do in the index, by name.
  ///
  /// `metric` is what last and best are of, nil: each run's own.
  package func sorted(
    _ runs: [IndexedRun], _ indices: [Int], metric: String?, now: WallTime
  ) -> [Int] {
    func number(_ index: Int) -> Double? {
      let run = runs[index]
      let name = metric ?? run.metric
      switch column {
      case .last:
        return name.flatMap { finite(run.figures[$0]?.last, run.goal(of: $0)) }
      case .best:
        return name.flatMap { finite(run.best(of: $0)?.value, run.goal(of: $0)) }
      case .steps: return -Double(run.figures.step)
      case .age: return run.age(at: now)
      case .elapsed: return run.figures.elapsed.map { -$0 }
      case .state:
        return Self.states.firstIndex(of: run.state(at: now)).map(Double.init)
      case .name: return nil
      }
    }
    // The better, the smaller.
    func finite(_ value: Float?, _ goal: Goal) -> Double? {
      guard let value, value.isFinite else { return nil }
      return goal == .maximize ? -Double(value) : Double(value)
    }
    let keyed = indices.map { (index: $0, number: number($0)) }
    let ordered = keyed.sorted { one, other in
      switch (one.number, other.number) {
      case (let mine?, let theirs?) where mine != theirs:
        return isReversed ? mine > theirs : mine < theirs
      case (_?, nil): return true
      case (nil, _?): return false
      default:
        // The index has them by name.
        return (one.index < other.index) != (column == .name && isReversed)
      }
    }
    return ordered.map(\.index)
  }

  /// What wants to be seen first.
  private static let states: [IndexedRun.State] = [
    .live, .crashed, .diverged, .stopped, .silent, .finished,
  ]
}
