// The x axis that all charts share: the steps in view, labelled in steps, epochs or seconds.
import PlainText
import RunHistory
import RunRecords
import TerminalUI

/// Where steps lie along the charts, and which step a place stands for.
struct StepAxis {
  let steps: ClosedRange<Int>
  let unit: ChartState.Unit
  /// The same range in the unit of the axis.
  let range: ClosedRange<Double>
  private let stepsPerEpoch: Double
  private let course: StepCourse?

  /// Evenly in steps, or in epochs of `stepsPerEpoch`.
  init(_ steps: ClosedRange<Int>, stepsPerEpoch: Int? = nil) {
    self.steps = steps
    unit = stepsPerEpoch == nil ? .steps : .epochs
    self.stepsPerEpoch = Double(max(1, stepsPerEpoch ?? 1))
    course = nil
    range =
      Double(steps.lowerBound) / self.stepsPerEpoch...Double(steps.upperBound) / self.stepsPerEpoch
  }

  /// Evenly in time, over at least the given seconds.
  init(_ steps: ClosedRange<Int>, _ course: StepCourse, range: ClosedRange<Double>) {
    self.steps = steps
    unit = .time
    stepsPerEpoch = 1
    self.course = course
    self.range = range
  }

  /// The place of a step; never before that of an earlier one.
  func x(_ step: Int) -> Double { course?.seconds(at: step) ?? Double(step) / stepsPerEpoch }

  /// The step at a place, inside what is shown.
  func step(at x: Double) -> Int {
    let step = course?.step(at: x) ?? Int(min(1e15, max(0, (x * stepsPerEpoch).rounded())))
    return min(steps.upperBound, max(steps.lowerBound, step))
  }

  var axisUnit: AxisUnit { unit == .time ? .seconds : .number }

  /// What the numbers along the axis are.
  var word: String {
    switch unit {
    case .steps: "steps"
    case .epochs: "epochs"
    case .time: "time"
    }
  }
}

extension History {
  /// The entries in sight, about one for each of `count` columns, and one on either side of them.
  ///
  /// The columns are counted from the start of the run, not of what is in sight: where that moves on,
  /// the curves move and do not change.
  func entries(on axis: StepAxis, count: Int) -> (before: Bucket?, inside: [Bucket], after: Bucket?)
  {
    guard count > 0 else { return (nil, [], nil) }
    let inside = columns(over: axis.steps, count: count + 1, place: axis.columns(count))
      .compactMap { $0 }
    return (
      entry(before: axis.steps.lowerBound), inside, entry(after: axis.steps.upperBound)
    )
  }
}

extension StepAxis {
  /// Numbers steps by the column they are in, for steps in ascending order.
  fileprivate func columns(_ count: Int) -> (Int) -> Int {
    guard let course else {
      let width = (Double(steps.upperBound) - Double(steps.lowerBound) + 1) / Double(count)
      let first = Int(Double(steps.lowerBound) / width)
      return { Int(Double($0) / width) - first }
    }
    let width = max(1e-9, (range.upperBound - range.lowerBound) / Double(count))
    let first = (range.lowerBound / width).rounded(.down)
    var index = 0
    return { step in
      let column = (course.seconds(at: step, from: &index) / width).rounded(.down) - first
      return Int(min(Double(count), max(0, column)))
    }
  }
}

extension DashboardModel {
  /// The x axis of all charts over time.
  var axis: StepAxis {
    let steps = visibleSteps
    guard let segment else { return StepAxis(steps) }
    switch charts.unit {
    case .steps: return StepAxis(steps)
    case .epochs:
      return StepAxis(steps, stepsPerEpoch: segment.stepsPerEpoch)
    case .time:
      let course = segment.clock.course(over: steps)
      let first = course.seconds(at: steps.lowerBound)
      let last = course.seconds(at: min(steps.upperBound, max(lastStep, steps.lowerBound)))
      var range = first...max(first + 1e-3, last)
      // A range that follows the run is rounded, or else the axis would tremble as time passes.
      if case .steps? = charts.zoom {} else { range = Self.seconds(from: first, to: last) }
      return StepAxis(steps, course, range: range)
    }
  }

  /// Rounded outward by about a column.
  private static func seconds(from first: Double, to last: Double) -> ClosedRange<Double> {
    if first <= 0 { return 0...RoundEnd.above(max(last, 1e-3)) }
    let quantum = RoundEnd.above(max(last - first, 1e-3) / 60)
    let lower = (first / quantum).rounded(.down) * quantum
    return lower...max((last / quantum).rounded(.up) * quantum, lower + quantum)
  }

  /// The cursor's step where it is in sight.
  var visibleCursor: Int? { charts.cursor.flatMap { visibleSteps.contains($0) ? $0 : nil } }

  /// Where a step lies in the run, in words that get shorter: step, epoch, time.
  func position(of step: Int, _ look: Appearance) -> [String] {
    var words = ["step " + NumberText.grouped(step)]
    var positions = words
    guard let segment else { return positions }
    if let count = segment.stepsPerEpoch { words.append("epoch \(max(0, step - 1) / count + 1)") }
    positions.insert(words.joined(separator: look.separator), at: 0)
    let seconds = segment.clock.course(over: step...step).seconds(at: min(step, lastStep))
    words.append(NumberText.duration(seconds))
    positions.insert(words.joined(separator: look.separator), at: 0)
    return positions
  }
}
