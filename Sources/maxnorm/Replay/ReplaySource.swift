// A recorded run as a source of records: timed, held, moved about in, followed while it grows.
import Dashboard
import RunHistory
import RunRecords

/// Emits the records of a log at the times at which they were made.
///
/// A record without a time comes with the step record before it. Only the next record is held.
final class ReplaySource: RecordSource, SeekableLog {
  static let kind = DashboardModel.Source.replay

  private var file: RecordFile
  private let name: String
  private let growth: LogGrowth
  private var next: Record?
  /// Where the next record begins, or will.
  private var nextPosition = LogPosition()
  private(set) var failure: (any Error)?
  private var speed: Double
  private var isHeld = false
  /// The recorded time that was reached at `since`, in seconds.
  private var reached = 0.0
  private var since = 0.0
  /// The time and the number of the step record given out last.
  private var elapsed = 0.0
  private var step = 0
  /// The byte up to which records come as fast as they can be read; nil: not seeking.
  private var goal: Int?
  /// Step records to be given out though the replay is held.
  private var stepsAsked = 0
  private var keyframes: Keyframes
  private var restarts = 0
  /// When a log that is followed is read again.
  private var lookTime = 0.0

  /// More records, or more work, than a frame can use: a long log must not hold up the keys.
  private static let mostAtOnce = 5000
  private static let longestTake = Duration.milliseconds(25)
  /// Seconds between two checks of a log that is followed.
  private static let lookInterval = 0.25

  /// Reads the first record, unless it may still have to be waited for.
  ///
  /// - Throws: `ProgramError`.
  init(
    _ file: consuming RecordFile, name: String, growth: LogGrowth, speed: Double,
    keyframes: Keyframes = Keyframes()
  ) throws {
    self.keyframes = keyframes
    if growth == .none { next = try file.next() }
    self.file = file
    self.name = name
    self.growth = growth
    self.speed = speed
  }

  var run: (any SteeredRun)? { nil }
  var log: (any SeekableLog)? { self }
  /// Whether all that is there now was given out.
  var isSpent: Bool { next == nil }
  /// Whether nothing will come any more.
  var isOver: Bool { next == nil && file.isAtEnd }

  var place: ReplayPlace {
    var place = ReplayPlace(name: name)
    var hasGrown = false
    if let size = file.size {
      place.share = size > 0 ? min(1, Double(nextPosition.offset) / Double(size)) : 0
      hasGrown = isHeld && size > nextPosition.offset
    }
    place.follows = growth != .none && !file.isAtEnd
    place.isAtEnd = growth == .appended ? isSpent && !hasGrown : isOver
    place.isSeeking = goal != nil
    place.restarts = restarts
    place.skippedLines = file.skippedLines
    return place
  }

  // MARK: Time

  /// When the next record is due, or looked for.
  var nextTime: Double? {
    if goal != nil, next != nil { return 0 }
    guard !isHeld || stepsAsked > 0 || goal != nil else { return nil }
    guard let next else { return growth == .appended ? lookTime : nil }
    guard speed > 0, !isHeld, case .step(let step) = next, let elapsed = step.elapsed,
      elapsed.isFinite
    else { return speed > 0 ? since : 0 }
    return since + (elapsed - reached) / speed
  }

  /// What to wait for while a pipe has nothing; nil if only time matters.
  var descriptor: Int32? {
    let waits = growth == .piped && next == nil && !file.isAtEnd && !isHeld && failure == nil
    return waits ? file.descriptor : nil
  }

  private func isDue(_ record: Record, at time: Double) -> Bool {
    guard goal == nil, speed > 0, !isHeld, case .step(let step) = record,
      let elapsed = step.elapsed, elapsed.isFinite
    else { return true }
    return elapsed <= reached + (time - since) * speed
  }

  func hold(_ holds: Bool, at time: Double) {
    settle(at: time)
    isHeld = holds
    stepsAsked = 0
  }

  func setSpeed(_ speed: Double, at time: Double) {
    settle(at: time)
    self.speed = speed
  }

  private func settle(at time: Double) {
    if !isHeld { reached += (time - since) * speed }
    since = time
  }

  /// The recorded clock continues from the record given out last.
  private func settleOnRecord(at time: Double) { (reached, since) = (elapsed, time) }

  // MARK: Records

  func take(at time: Double) -> [Record] {
    let isStepping = isHeld && goal == nil
    guard !isStepping || stepsAsked > 0, failure == nil else { return [] }
    let deadline = ContinuousClock.now + Self.longestTake
    var records: [Record] = []
    while records.count < Self.mostAtOnce, ContinuousClock.now < deadline {
      guard let record = upcoming(at: time) else {
        if goal != nil { arrive(at: time) }
        break
      }
      if let goal, nextPosition.offset >= goal, beginsStep(record) {
        arrive(at: time)
        break
      }
      guard isDue(record, at: time) else { break }
      if isStepping, case .step = record {
        guard stepsAsked > 0 else { break }
        stepsAsked -= 1
      }
      records.append(record)
      next = nil
      nextPosition = file.position
      if case .step(let record) = record {
        step = record.step
        if let time = record.elapsed, time.isFinite { elapsed = time }
      }
      // A new segment starts its own clock.
      if case .header = record {
        elapsed = 0
        settleOnRecord(at: time)
        break
      }
    }
    // Whether there is more, and when it is due, is known from here on.
    _ = upcoming(at: time)
    return records
  }

  /// The next record; nil if there is none now.
  private func upcoming(at time: Double) -> Record? {
    if let next { return next }
    guard failure == nil, growth != .appended || time >= lookTime else { return nil }
    do {
      next = try file.next()
    } catch {
      failure = error
    }
    if file.restarts > restarts {
      restarts = file.restarts
      keyframes.removeAll()
      goal = nil
      nextPosition = LogPosition()
    }
    if next == nil { lookTime = time + Self.lookInterval }
    return next
  }

  /// Whether the records before it are all that there are of their step.
  private func beginsStep(_ record: Record) -> Bool {
    switch record {
    case .norms(let record): record.step != step
    case .evaluation(let record): record.step != step
    case .sample(let record): record.step != step
    case .header, .step, .event, .end, .refused, .twin, .rank: true
    }
  }

  private func arrive(at time: Double) {
    goal = nil
    settleOnRecord(at: time)
  }

  // MARK: Moving about

  var wantsState: Bool { growth != .piped && keyframes.isDue(at: nextPosition.offset) }

  func keep(_ state: DashboardModel.Recorded) {
    keyframes.keep(
      Keyframe(position: nextPosition, elapsed: elapsed, state: state), logSize: file.size ?? 0)
  }

  func jump(_ jump: ReplayJump, at time: Double) -> DashboardModel.Recorded? {
    let size = file.size ?? 0
    let part = max(1, Int(Double(size) * ReplayJump.share))
    let current = goal.map { min($0, size) } ?? nextPosition.offset
    let target: Int
    switch jump {
    case .nextStep:
      stepsAsked += 1
      return nil
    case .forward: target = current + part
    case .end: target = size
    case .back: target = current - part
    case .start: target = 0
    }
    stepsAsked = 0
    let keyframe = keyframes.last(notAfter: target)
    goal = max(target, keyframe?.position.offset ?? 0)
    // On the way ahead only what spares reading.
    let offset = nextPosition.offset
    guard let keyframe, target < offset || keyframe.position.offset > offset else { return nil }
    file.seek(to: keyframe.position)
    (next, nextPosition, elapsed) = (nil, keyframe.position, keyframe.elapsed)
    step = keyframe.state.segment?.latest?.step ?? 0
    lookTime = 0
    _ = upcoming(at: time)
    return keyframe.state
  }
}
