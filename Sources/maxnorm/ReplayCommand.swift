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
    let configuration = try Configuration.load()
    let isPlain = screen.isPlain(configuration)
    guard isPlain || ScreenOptions.canShowScreen else {
      throw ProgramError(
        "replay: standard output: expected a terminal to draw on, found none: "
          + "the log is text already; 'maxnorm run --headless' makes one without a terminal",
        status: ProgramError.Status.usage)
    }
    let source = try ReplaySource(RecordFile(at: log), speed: speed)
    if isPlain {
      try PlainRunner(
        source: source, pace: speed, keys: configuration.keyMap, waker: Waker()
      ).run()
    } else {
      let screen = try ScreenSettings(screen, configuration)
      try DashboardRunner(source: source, pace: speed, screen: screen, waker: Waker()).run()
    }
  }
}

/// Gives out the records of a log at the times at which they were made.
///
/// A record without a time comes with the step record before it. Only the next record is held.
final class ReplaySource: RecordSource {
  static let kind = DashboardModel.Source.replay

  private var file: RecordFile
  private var next: Record?
  private(set) var failure: (any Error)?
  private var speed: Double
  private var isHeld = false
  /// The recorded time that was reached at `since`, in seconds.
  private var reached = 0.0
  private var since = 0.0

  /// More records than a frame can use: a long log all at once must not hold up the keys.
  private static let mostAtOnce = 5000

  /// Reads the first record.
  ///
  /// - Throws: `RecordFileError`.
  init(_ file: consuming RecordFile, speed: Double) throws {
    next = try file.next()
    self.file = file
    self.speed = speed
  }

  var trouble: (count: Int, text: String?) { (0, nil) }

  /// When the next record is due.
  var nextTime: Double? {
    guard let next, !isHeld else { return nil }
    guard speed > 0, case .step(let step) = next, step.elapsed.isFinite else { return since }
    return since + (step.elapsed - reached) / speed
  }

  func take(at time: Double) -> [Record] {
    guard !isHeld else { return [] }
    let limit = speed > 0 ? reached + (time - since) * speed : .infinity
    var records: [Record] = []
    while let record = next, records.count < Self.mostAtOnce {
      if case .step(let step) = record, step.elapsed > limit { break }
      records.append(record)
      advance()
      // A new segment starts its own clock.
      if case .header = record {
        (reached, since) = (0, time)
        break
      }
    }
    return records
  }

  private func advance() {
    do {
      next = try file.next()
    } catch {
      next = nil
      failure = error
    }
  }

  func hold(_ holds: Bool, at time: Double) {
    settle(at: time)
    isHeld = holds
  }

  func setSpeed(_ speed: Double, at time: Double) {
    settle(at: time)
    self.speed = speed
  }

  private func settle(at time: Double) {
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
