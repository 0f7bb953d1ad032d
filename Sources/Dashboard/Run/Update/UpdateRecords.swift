// What records do to the model.
import RunHistory
import RunRecords

extension DashboardModel {
  /// Takes in one record.
  ///
  /// All but a header need one before them; without it they are left out.
  mutating func apply(_ record: Record) {
    if case .header(let header) = record {
      open(header)
      return
    }
    guard segment != nil else { return }
    switch record {
    case .step(let step):
      segment?.apply(record)
      settle(by: step)
      speed.observe(step: step.step, at: shell.now)
    case .event(let event): apply(event)
    case .end(let end): close(by: end)
    case .refused(let refused): apply(refused)
    case .rank: applyRank(record)
    case .header, .norms, .evaluation, .sample, .twin: segment?.apply(record)
    }
  }

  /// A header opens a new segment: nothing of the previous one stays.
  private mutating func open(_ header: RunHeader) {
    let isAgain = segment != nil
    if takesPaceOfHeader, let steps = header.summary.pace {
      pace = Pace(steps, fallback: 200)
      takesPaceOfHeader = false
    }
    segment = RunSegment(header)
    eventTexts = []
    // The first one stands in front.
    for note in header.remarks.reversed() {
      tell(EventText(step: 0, title: "note", detail: note))
    }
    if isAgain {
      let detail = header.seed.map { "from seed \($0)" } ?? ""
      tell(EventText(step: 0, title: "started again", detail: detail))
    }
    pending.removeAll { $0.command.startsAgain }
    speed.forget()
    if phase != .paused { phase = .training }
    // At first a layer that has what this program is about.
    let first = header.layers.firstIndex { $0.maxNorm != nil } ?? 0
    selectedLayer = isAgain ? min(selectedLayer, max(0, header.layers.count - 1)) : first
    refilter()
    if !isAgain, source.isRun, !hasTakenKey, !hasSeenHint {
      hintEnd = shell.now + Self.hintSeconds
      hasSeenHint = true
    }
    firstPicture = 0
    charts.zoom = nil
    charts.cursor = nil
    if header.layers.isEmpty { isDetailOpen = false }
    if !isAgain { endWaiting() }
    keepFocus()
  }

  /// Takes in what another rank tells; that there are others is told once.
  private mutating func applyRank(_ record: Record) {
    guard case .rank(let rank) = record else { return }
    let isFirst = segment?.ranks.names.isEmpty == true
    segment?.apply(record)
    if case .header = rank.content { refilter() }
    if isFirst {
      tell(
        EventText(
          step: segment?.step ?? 0, title: "note",
          detail: "\(rank.name) tells records too: parts of layers are put together, "
            + "all else is the first rank's"))
    }
  }

  private mutating func apply(_ event: EventRecord) {
    guard let text = segment?.text(of: event) else { return }
    // Frequent checkpoints must not push out what a person did.
    if event.action == .checkpoint { eventTexts.removeAll { $0.title == text.title } }
    tell(text)
    segment?.apply(.event(event))
    if attachment == nil { settle(by: event) } else { settleAttached(by: event) }
    if event.action == .extend, hasEnded {
      phase = .training
      speed.forget()
    }
    guard source.isRun, !hasEnded else { return }
    // Whoever has changed it, keys start from the new value.
    if event.action == .pace, attachment != nil, let steps = event.value?.number {
      pace = Pace(Double(steps), fallback: 200)
    }
    if event.action == .pause { phase = .paused }
    if event.action == .resume { phase = .training }
    if event.action == .pause || event.action == .resume { speed.forget() }
  }

  private mutating func close(by end: EndRecord) {
    segment?.apply(.end(end))
    if let text = segment?.text(of: end) { tell(text) }
    phase = .ended(end.reason)
    pending.removeAll { !$0.command.startsAgain && $0.command != .extend }
    speed.forget()
    if dialog?.isAboutLeaving == true { dialog = nil }
  }

  mutating func tell(_ text: EventText) {
    eventTexts.append(text)
    if eventTexts.count > 100 { eventTexts.removeFirst() }
  }

  // MARK: Commands that are answered

  /// An event answers the command it came from and those of its kind before it.
  private mutating func settle(by event: EventRecord) {
    if event.undo {
      if let index = pending.firstIndex(where: { $0.command == .undo }) {
        pending.remove(at: index)
      }
      return
    }
    let answered = pending.firstIndex { $0.command == Self.command(of: event) }
    let isOfKind = { (change: PendingChange) in change.command.action == event.action }
    guard let end = answered ?? pending.firstIndex(where: isOfKind) else { return }
    let (before, after) = (pending[..<end].filter { !isOfKind($0) }, pending[(end + 1)...])
    pending = before + after
  }

  /// A step record answers a single step, and every change that it already shows.
  private mutating func settle(by record: StepRecord) {
    // A run of another process says which command it answers.
    guard !pending.isEmpty, attachment == nil else { return }
    if let index = pending.firstIndex(where: { $0.command == .singleStep }) {
      pending.remove(at: index)
    }
    // Only where one change of its kind is on its way: among several, an earlier one may match.
    let shown: [Command?] = [
      record.constraint?.enabled.map { .set(.constraint, to: .flag($0)) },
      record.learningRate.map { .set(.learningRate, to: .number($0)) },
      record.constraint?.maxNorm.map { .set(.maxNorm, to: .number($0)) },
    ]
    for command in shown.compactMap(\.self) {
      let action = command.action
      let indices = pending.indices.filter { pending[$0].command.action == action }
      if indices.count == 1, pending[indices[0]].command == command {
        pending.remove(at: indices[0])
      }
    }
  }

  private static func command(of event: EventRecord) -> Command? {
    switch event.action {
    case .pause: .pause
    case .resume: .resume
    case .checkpoint: .checkpoint
    case .setting, .twin, .fork, .extend, .step, .pace, .reset, .reseed, .stop:
      Command(repeating: event)
    }
  }
}

extension Command {
  /// Opens a new segment.
  var startsAgain: Bool {
    switch self {
    case .reset, .reseed: true
    case .set, .twin, .fork, .extend, .checkpoint, .pause, .resume, .singleStep, .pace, .stop,
      .undo,
      .undoChange:
      false
    }
  }
}
