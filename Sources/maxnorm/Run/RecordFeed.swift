// A source of records and the model that takes them: what screen and sentences have in common.
import Dashboard
import RunRecords

/// Carries records and messages to the model, and the model's wishes to the source.
struct RecordFeed<Source: RecordSource> {
  private(set) var source: Source
  var model: DashboardModel
  private let clock: SecondsClock
  /// When records are to be asked for again; nil while an answer is awaited.
  private var requestTime: Double? = 0
  private var troublesTold = 0

  init(_ source: Source, _ model: DashboardModel, clock: SecondsClock = SecondsClock()) {
    self.clock = clock
    self.source = source
    self.model = model
  }

  /// Seconds since the start.
  var now: Double { clock.now }

  /// When something is to be done though nothing wakes the program; the source's own times are left
  /// out, since a runner may have no use for all of them.
  var nextTime: Double? { [requestTime, model.wakeTime].compactMap { $0 }.min() }

  /// Gives the model a message, and the source what concerns it.
  ///
  /// Returns what is left for the caller, who shows the model.
  mutating func handle(_ message: DashboardMessage) -> [Effect] {
    var rest: [Effect] = []
    for effect in update(&model, message) {
      guard case .wish(let wish) = effect else {
        rest.append(effect)
        continue
      }
      switch wish {
      case .send(let command): source.run?.send(command)
      case .holdReplay(let holds): source.log?.hold(holds, at: now)
      case .replaySpeed(let speed): source.log?.setSpeed(speed, at: now)
      case .seek(let jump):
        if let recorded = source.log?.jump(jump, at: now) {
          _ = handle(.restored(recorded, time: now))
        }
      }
    }
    return rest
  }

  /// The source's news.
  struct News {
    var records: [Record]
    /// Whether there is a new trouble to show.
    var isTroubled = false
  }

  /// Asks the source if it is time, and gives the model what there is.
  ///
  /// After an answer the next question comes `interval` seconds later.
  mutating func takeNews(every interval: Double) -> News {
    if let time = requestTime, time <= now {
      source.run?.request()
      requestTime = nil
    }
    let remarks = model.attachment?.remarks.count ?? 0
    var news = News(records: takeRecords())
    news.isTroubled = model.attachment?.remarks.count ?? 0 > remarks
    if !news.records.isEmpty {
      requestTime = now + interval
    } else if let wake = model.wakeTime, wake <= now {
      _ = handle(.tick(time: now))
    }
    if let trouble = source.run?.trouble, let text = trouble.text, trouble.count > troublesTold {
      troublesTold = trouble.count
      _ = handle(.trouble(text))
      news.isTroubled = true
    }
    return news
  }

  /// Lets the model take what the source has now, without asking it.
  mutating func takeRecords() -> [Record] {
    if let state = source.watched?.takeState() { _ = handle(.restored(state, time: now)) }
    let records = source.take(at: now)
    if !records.isEmpty { _ = handle(.records(records, time: now)) }
    if let attachment = source.watched?.attachment { _ = handle(.attached(attachment)) }
    if let console = source.watched?.takeConsole() { _ = handle(.console(console)) }
    if let log = source.log {
      let place = log.place
      if place != model.replay { _ = handle(.replayed(place, time: now)) }
      if log.wantsState { log.keep(model.recorded) }
    }
    return records
  }

  /// Brings the next question forward: after a key its effect is to be seen soon.
  mutating func ask(within seconds: Double) {
    requestTime = requestTime.map { min($0, now + seconds) }
  }
}
