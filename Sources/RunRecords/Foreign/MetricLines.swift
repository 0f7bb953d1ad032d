// JSON lines of figures without types of records: `{"step": 10, "loss": 0.5}`, as many programs write.
import Basics

/// A line is a step; what counts the steps goes by any of the usual names.
struct MetricLines: ForeignFormat {
  let name = "a file of JSON lines"

  func recognizes(_ log: LogHead) -> Bool {
    var scanner = FigureScanner()
    let line = log.firstLine
    guard line.first == UInt8(ascii: "{"), scanner.scan(line), case .untyped = scanner.line.kind
    else { return false }
    return !scanner.line.figures.isEmpty
  }

  func read(_ log: LogHead, into run: inout ForeignRun) throws(ProgramError) {
    var lines = try LogLines(at: log.path, upTo: .max, growth: .none)
    var scanner = FigureScanner()
    var counter = StepCounter()
    var other = 0
    while !run.hasEnough, let line = try lines.next() {
      guard scanner.scan(line), !scanner.line.figures.isEmpty else {
        if !line.allSatisfy({ $0 <= 0x20 }) { other += 1 }
        continue
      }
      counter.add(
        scanner.line.figures.map { (scanner.names[$0.name], $0.value) }, to: &run)
    }
    // Some write no line end behind the last line; one that is torn is no whole object.
    if scanner.scan(lines.unterminated), !scanner.line.figures.isEmpty {
      counter.add(
        scanner.line.figures.map { (scanner.names[$0.name], $0.value) }, to: &run)
    }
    if other > 0 {
      run.note("\(other) \(other == 1 ? "line is" : "lines are") no JSON object with figures")
    }
  }
}

/// Rows of named figures as a run: finds out what counts steps, epochs and time.
struct StepCounter {
  private static let steps = [
    "step", "global_step", "_step", "iteration", "iter", "trainer/global_step", "steps",
    "train/global_step", "num_updates", "update",
  ]
  private static let epochs = ["epoch", "train/epoch"]
  private static let times = ["_timestamp", "timestamp", "wall_time", "walltime", "time", "ts"]
  private static let elapsed = ["_runtime", "runtime", "elapsed", "relative_time"]

  /// Whether a column of this name counts steps or epochs.
  static func counts(_ name: String) -> Bool { steps.contains(name) || epochs.contains(name) }

  private var rows = 0
  /// The epoch of the first row, from which some count and some do not.
  private var firstEpoch: Double?
  private var lastStep = 0
  /// A share of an epoch too says that none is over.
  private var countsFromZero: Bool { (firstEpoch ?? 1) < 1 }

  /// Takes in a row.
  mutating func add(_ row: [(name: String, value: Double)], to run: inout ForeignRun) {
    rows += 1
    func first(_ names: [String]) -> Double? {
      for name in names {
        if let value = row.first(where: { $0.name == name })?.value, value.isFinite { return value }
      }
      return nil
    }
    let epoch = first(Self.epochs)
    if let epoch, firstEpoch == nil { firstEpoch = epoch }
    let step: Int
    if let counted = first(Self.steps), counted >= 0, counted < 1e15 {
      step = Int(counted)
    } else if let epoch, epoch >= 0, epoch < 1e15 {
      // Epochs are the steps of who tells no others; from 1 on, as records count them.
      step = Int(epoch) + (countsFromZero ? 1 : 0)
      run.header.stepsPerEpoch = 1
    } else {
      step = max(rows, lastStep)
    }
    lastStep = step
    // A small number under "time" is what a step took, not a clock.
    let clock = first(Self.times).flatMap { $0 > 1e8 ? $0 : nil }
    let time = first(Self.elapsed) ?? clock
    for (name, value) in row {
      if Self.steps.contains(name) || Self.elapsed.contains(name) { continue }
      if Self.times.contains(name), clock != nil { continue }
      if Self.epochs.contains(name) {
        // Records count epochs from 1, and the run adds that.
        run.add("epoch", value - (countsFromZero ? 0 : 1), step: step, time: time)
      } else {
        run.add(name, value, step: step, time: time)
      }
    }
  }
}
