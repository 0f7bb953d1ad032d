// Whether a run that is watched through its log still lives: a silent one, one that is gone, one whose host
// is gone, one that has ended are different things.
import Dashboard
import RunRecords

/// Goes by when records come, and by what is known of the process and its host.
struct LivenessMonitor {
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

  init(silenceBefore: Double) { self.silenceBefore = silenceBefore }

  /// The run has not ended in its log.
  var isOpen: Bool { !hasEnded }

  mutating func take(_ records: [Record], at time: Double) {
    guard !records.isEmpty else { return }
    let wasPaused = isPaused
    for record in records {
      switch record {
      case .event(let event) where event.action == .pause: isPaused = true
      case .event(let event) where event.action == .resume: isPaused = false
      case .header, .event: hasEnded = false
      case .end: hasEnded = true
      case .step, .norms, .evaluation, .sample, .refused, .twin, .rank: break
      }
    }
    if let lastTime, !wasPaused {
      let distance = time - lastTime
      usual = usual.map { $0 * 0.9 + distance * 0.1 } ?? distance
    }
    lastTime = time
  }

  /// What is to be said of it, by what is found of its process and host; looks once a second.
  mutating func state(
    at time: Double, _ found: @autoclosure () -> RunAttachment.Life
  ) -> RunAttachment.Life {
    if hasEnded { return .living }
    if time - checked.time < 1 { return checked.life }
    let silence = silence(at: time)
    checked = (time, life(found(), silence))
    return checked.life
  }

  private func life(_ found: RunAttachment.Life, _ silence: Double) -> RunAttachment.Life {
    switch found {
    case .unreachable: return found
    // The end of its log is read before its process is missed.
    case .gone, .hostRestarted: return silence > 1 ? found : .living
    case .living, .silent:
      let limit = max(Self.least, Self.times * (usual ?? 0))
      return silence > limit && !isPaused ? .silent(seconds: Int(silence)) : .living
    }
  }

  /// Seconds since the last record.
  private func silence(at time: Double) -> Double {
    guard let lastTime else { return silenceBefore + time }
    // What was there at first is as old as the file.
    return usual == nil ? silenceBefore + time : time - lastTime
  }
}
