// `maxnorm replay`: a recorded run on the same screen, from its records alone.
import ArgumentParser
import Dashboard
import RunRecords
import Terminal

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Shows a recorded run in the dashboard.")

  @Argument(help: "A log of 'maxnorm run --log FILE.jsonl'.")
  var log: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Times as fast as it was recorded, 0 is all at once.", valueName: "x"))
  var speed = 1.0

  @OptionGroup(title: "The screen")
  var screen: ScreenOptions

  func validate() throws {
    guard speed >= 0, speed.isFinite else {
      throw ValidationError("--speed: expected a number of at least 0, found \(speed)")
    }
  }

  func run() throws {
    guard ScreenOptions.canShowScreen else {
      throw ProgramError(
        "replay: standard output: expected a terminal to draw on, found none: "
          + "the log is text already; 'maxnorm run --headless' makes one without a terminal",
        status: ProgramError.Status.usage)
    }
    let source = try ReplaySource(RecordFile(at: log), speed: speed)
    try DashboardRunner(source: source, pace: speed, screen: screen, waker: Waker()).run()
  }
}

/// Gives out the records of a log at the times at which they were made.
///
/// A record without a time comes with the step record before it.
struct ReplaySource: RecordSource {
  static let kind = DashboardModel.Source.replay

  private let records: [Record]
  private var position = 0
  private var speed: Double
  private var isHeld = false
  /// The recorded time that was reached at `since`, in seconds.
  private var reached = 0.0
  private var since = 0.0

  /// Reads the log.
  ///
  /// - Throws: `RecordFileError`.
  init(_ file: consuming RecordFile, speed: Double) throws {
    var records: [Record] = []
    while let record = try file.next() { records.append(record) }
    self.records = records
    self.speed = speed
  }

  var trouble: String? { nil }
  var failure: (any Error)? { nil }

  /// When the next step record is due.
  var nextTime: Double? {
    guard position < records.count, !isHeld else { return nil }
    guard speed > 0, let elapsed = nextElapsed else { return since }
    return since + (elapsed - reached) / speed
  }

  private var nextElapsed: Double? {
    for record in records[position...] {
      if case .step(let step) = record { return step.elapsed }
      if case .header = record { return nil }
    }
    return nil
  }

  mutating func take(at time: Double) -> [Record] {
    guard !isHeld else { return [] }
    let limit = speed > 0 ? reached + (time - since) * speed : .infinity
    let start = position
    while position < records.count {
      if case .step(let step) = records[position], step.elapsed > limit { break }
      if case .header = records[position], position > start {
        // A new segment starts its own clock.
        (reached, since) = (0, time)
        position += 1
        return Array(records[start..<position])
      }
      position += 1
    }
    return Array(records[start..<position])
  }

  mutating func hold(_ holds: Bool, at time: Double) {
    settle(at: time)
    isHeld = holds
  }

  mutating func setSpeed(_ speed: Double, at time: Double) {
    settle(at: time)
    self.speed = speed
  }

  private mutating func settle(at time: Double) {
    if !isHeld { reached += (time - since) * speed }
    since = time
  }

  func start() {}
  func request() {}
  func send(_ command: Command) {}
  func stop() {}
  func interrupt() {}
  func finish() {}
}
