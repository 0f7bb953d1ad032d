// When each step was reached: seconds since the start, looked up both ways.

/// The latest time of the steps that a bucket covers.
struct Moment: HistoryEntry, Equatable {
  var seconds: Double

  mutating func merge(_ later: Moment) { seconds = max(seconds, later.seconds) }
}

/// The seconds at which steps were reached, which never go back.
package struct StepClock: Sendable {
  private var history = History<Moment>()

  package init() {}

  /// Notes that a step was reached; times never go back.
  package mutating func reach(_ step: Int, at seconds: Double) {
    let last = history.last?.entry.seconds ?? 0
    let isSane = seconds.isFinite && seconds >= last && seconds < 1e12
    history.append(Moment(seconds: isSane ? seconds : last), at: step)
  }

  /// Steps a second over the last records, pauses left out; nil if no time was told.
  package var stepsPerSecond: Double? {
    let entries = history.lastEntries(50)
    guard let last = entries.last else { return nil }
    // Of a single record it is known that it took its time from the start on.
    let first = entries.count > 1 ? entries.first : nil
    let seconds = last.entry.seconds - (first?.entry.seconds ?? 0)
    let steps = Double(last.lastStep) - Double(first?.lastStep ?? 0)
    return seconds > 0 && steps > 0 ? steps / seconds : nil
  }

  /// The steps and times between which everything is interpolated, from the one before a range of
  /// steps to the one after it.
  package func course(over steps: ClosedRange<Int>) -> StepCourse {
    let buckets = history.held(around: steps)
    var knots: [StepCourse.Knot] = []
    knots.reserveCapacity(buckets.count + 1)
    if (buckets.first?.lastStep ?? 1) > 0 { knots.append(StepCourse.Knot(step: 0, seconds: 0)) }
    for bucket in buckets {
      let place = StepCourse.Knot(step: bucket.lastStep, seconds: bucket.entry.seconds)
      // Several records of one step are one place.
      if let last = knots.last, last.step == place.step { knots.removeLast() }
      knots.append(place)
    }
    return StepCourse(knots: knots)
  }
}

/// Steps and times in ascending order; between them both grow evenly, behind the last at its pace.
package struct StepCourse: Sendable, Equatable {
  struct Knot: Sendable, Equatable {
    var step: Int
    var seconds: Double
  }

  fileprivate(set) var knots: [Knot]

  /// The index of the first of two neighbours between which a value lies.
  private func segment(_ isBefore: (Knot) -> Bool) -> Int {
    var low = 0
    var high = knots.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if isBefore(knots[middle]) { low = middle } else { high = middle - 1 }
    }
    return max(0, min(low, knots.count - 2))
  }

  package func seconds(at step: Int) -> Double {
    guard knots.count > 1 else { return knots[0].seconds }
    let index = segment { $0.step <= step }
    return Self.seconds(at: step, between: knots[index], knots[index + 1])
  }

  /// The same for steps that are asked for in ascending order; `index` starts as 0.
  package func seconds(at step: Int, from index: inout Int) -> Double {
    guard knots.count > 1 else { return knots[0].seconds }
    while index < knots.count - 2, knots[index + 1].step <= step { index += 1 }
    return Self.seconds(at: step, between: knots[index], knots[index + 1])
  }

  package func step(at seconds: Double) -> Int {
    guard knots.count > 1 else { return knots[0].step }
    let index = segment { $0.seconds <= seconds }
    let (start, end) = (knots[index], knots[index + 1])
    guard end.seconds > start.seconds else { return end.step }
    let part = (seconds - start.seconds) / (end.seconds - start.seconds)
    let step = Double(start.step) + (Double(end.step) - Double(start.step)) * part
    return Int(min(1e15, max(0, step.rounded())))
  }

  private static func seconds(at step: Int, between start: Knot, _ end: Knot) -> Double {
    let part = (Double(step) - Double(start.step)) / (Double(end.step) - Double(start.step))
    return max(0, start.seconds + (end.seconds - start.seconds) * part)
  }
}
