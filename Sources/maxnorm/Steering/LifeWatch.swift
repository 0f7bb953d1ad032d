// Whether a run that is watched through its log still lives: a silent one, one that is gone, one that
// has ended are different things.
import Dashboard
import Foundation
import RunRecords
import Training

/// Goes by when records come, and by the process where it is on this host.
struct LifeWatch {
  private let pid: Int?
  /// Tells the process from a later one of its number; nil if that is not known.
  private let processStart: Int?
  private let runID: String?
  /// Seconds since the last record, when the watching began.
  private let silenceBefore: Double
  private var lastTime: Double?
  /// The mean distance between records, in seconds; nil before there were two.
  private var usual: Double?
  private var isPaused = false
  private var hasEnded = false
  private var checked = (time: -1.0, life: RunAttachment.Life.living)

  /// At least so long nothing is said of silence, in seconds.
  private static let least = 10.0
  private static let times = 3.0

  init(_ run: LoggedRun) {
    let origin = run.header?.origin
    let entry = run.entry.flatMap { $0.isOfThisBoot ? $0 : nil }
    let isHere = origin?.host == ThisProcess.host
    pid = entry?.pid ?? (isHere ? origin?.pid : nil)
    processStart = entry?.processStart
    runID = run.runID
    var status = stat()
    let changed = stat(run.log, &status) == 0 ? Double(status.st_mtim.tv_sec) : 0
    silenceBefore = max(0, Date().timeIntervalSince1970 - changed)
  }

  /// The run has not ended in its log.
  var isOpen: Bool { !hasEnded }

  mutating func take(_ records: [Record], at time: Double) {
    guard !records.isEmpty else { return }
    for record in records {
      switch record {
      case .event(let event) where event.action == .pause: isPaused = true
      case .event(let event) where event.action == .resume: isPaused = false
      case .header, .event: hasEnded = false
      case .end: hasEnded = true
      case .step, .norms, .evaluation, .sample, .refused, .twin, .rank: break
      }
    }
    if let lastTime {
      let distance = time - lastTime
      usual = usual.map { $0 * 0.9 + distance * 0.1 } ?? distance
    }
    lastTime = time
  }

  mutating func state(at time: Double) -> RunAttachment.Life {
    if hasEnded { return .living }
    if time - checked.time < 1 { return checked.life }
    // Twice in a row, so that the end of its log is read in between.
    let wasGone = processLife == .living ? nil : processLife
    let silence = silence(at: time)
    let limit = max(Self.least, Self.times * (usual ?? 0))
    let life: RunAttachment.Life =
      wasGone.flatMap { silence > 1 ? $0 : nil }
      ?? (silence > limit && !isPaused ? .silent(seconds: Int(silence)) : .living)
    checked = (time, life)
    return life
  }

  /// Seconds since the last record.
  private func silence(at time: Double) -> Double {
    guard let lastTime else { return silenceBefore + time }
    // What was there at first is as old as the file.
    return usual == nil ? silenceBefore + time : time - lastTime
  }

  private var processLife: RunAttachment.Life {
    guard let pid else { return .living }
    let start = ThisProcess.start(of: pid)
    let isAlive = start != nil && (processStart == nil || start == processStart)
    if isAlive { return .living }
    let entry = RunRegistry.user?.entries().first { $0.runID == runID }
    return .gone(status: entry?.exitStatus)
  }
}
