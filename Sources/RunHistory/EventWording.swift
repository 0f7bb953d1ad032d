// Events and the end of a run in words: the label on the charts and the sentence in the status line.
import PlainText
import RunRecords

/// Something that happened in the run, in words.
package struct EventText: Sendable, Equatable {
  package var step: Int
  /// What: "constraint on".
  package var title: String
  /// "57 units brought back to 1.50"; empty if the title says all.
  package var detail: String
  package var tone: Tone

  /// What kind of news it is, for its colour.
  package enum Tone: Sendable, Equatable {
    case good, bad, twin, neutral
  }

  package init(step: Int, title: String, detail: String, tone: Tone = .neutral) {
    self.step = step
    self.title = title
    self.detail = detail
    self.tone = tone
  }
}

extension RunSegment {
  /// The mark that an event leaves on the charts; nil if it changed no setting.
  func mark(of event: EventRecord) -> SettingMark? {
    let label: String
    switch (event.action, event.value) {
    case (.setting(let setting), let value):
      guard let text = setting.label(value) else { return nil }
      label = text
    // From the start it parts nothing.
    case (.twin, .flag(let isOn)) where event.step > 0: label = isOn ? "twin" : "no twin"
    case (.fork, _): label = "fork"
    case (.extend, _): label = "extended"
    default: return nil
    }
    return SettingMark(
      step: event.step, action: event.action, label: event.layer.map { "\($0) \(label)" } ?? label)
  }

  /// What the status line says of an event.
  package func text(of event: EventRecord) -> EventText {
    var (title, detail) = words(of: event)
    if event.undo { title = "undone: " + title }
    if let layer = event.layer { title = "\(layer): " + title }
    if let clipped = event.clipped {
      let sentence = clippedSentence(clipped, event)
      detail = detail.isEmpty ? sentence : "\(detail), \(sentence)"
    }
    return EventText(step: event.step, title: title, detail: detail, tone: Self.tone(of: event))
  }

  private static func tone(of event: EventRecord) -> EventText.Tone {
    guard !event.undo, !event.changesNothing else { return .neutral }
    switch event.action {
    case .setting(.constraint): return event.value == .flag(true) ? .good : .neutral
    case .checkpoint: return .good
    case .fork: return .twin
    // Not one for which there was no room.
    case .twin: return event.value == .flag(true) || event.from == .flag(true) ? .twin : .neutral
    case .setting, .extend, .pause, .resume, .step, .pace, .reset, .reseed, .stop: return .neutral
    }
  }

  private func words(of event: EventRecord) -> (title: String, detail: String) {
    switch (event.action, event.value) {
    case (.setting, _) where event.changesNothing:
      return ("first weights", "far above the ceiling")
    case (.setting(let setting), let value): return setting.words(from: event.from, to: value)
    case (.twin, .flag(true)):
      return ("twin", "the same seed, no ceiling; at full speed both go half as fast")
    case (.twin, _):
      return event.from == .flag(true) ? ("twin removed", "") : ("no twin", "no room for it")
    case (.fork, _): return ("twin forked", "goes on from these weights without the ceiling")
    case (.extend, .steps(let steps)):
      return ("extended", "to step \(NumberText.grouped(steps))")
    case (.extend, _): return ("extended", "")
    case (.checkpoint, .path(let path)): return ("checkpoint", "in \(path)")
    case (.checkpoint, _): return ("checkpoint", "")
    case (.pause, _): return ("paused", "")
    case (.resume, _): return ("going on", "")
    case (.step, _): return ("one step", "")
    case (.pace, .number(0)): return ("full speed", "as fast as it goes")
    case (.pace, .number(let pace)): return ("pace \(Wording.short(pace)) steps a second", "")
    case (.pace, _): return ("pace changed", "")
    case (.reset, _): return ("starting again", "from the same seed")
    case (.reseed, .seed(let seed)): return ("starting again", "from seed \(seed)")
    case (.reseed, _): return ("starting again", "from a new seed")
    case (.stop, _): return ("stopped", "")
    }
  }

  private func clippedSentence(_ clipped: Int, _ event: EventRecord) -> String {
    guard clipped > 0 else { return "no unit was above the ceiling" }
    return "\(Wording.units(clipped)) brought back to \(ceilings(after: event))"
  }

  /// The ceiling in figures where it is one for all layers.
  private func ceilings(after event: EventRecord) -> String {
    if event.action == .maxNorm, case .number(let ceiling)? = event.value {
      return Wording.norm(ceiling)
    }
    let ceilings = Set(
      layers.filter { event.layer == nil || $0.name == event.layer }.compactMap(\.ceiling))
    guard ceilings.count == 1, let ceiling = ceilings.first else { return "their ceilings" }
    return Wording.norm(ceiling)
  }

  /// What the status line says of the end.
  package func text(of end: EndRecord) -> EventText {
    let title: String
    var tone = EventText.Tone.neutral
    var details = end.elapsed.map { ["in \(NumberText.duration($0))"] } ?? []
    switch end.reason {
    case nil: title = "ended"
    case .finished: (title, tone) = ("finished", .good)
    case .stopped: title = "stopped"
    case .interrupted: title = "interrupted"
    case .diverged:
      (title, tone) = ("diverged", .bad)
      details.append("the loss or a weight is no longer a finite number")
    case .failed:
      (title, tone) = ("failed", .bad)
      if let error = end.error { details.insert(error, at: 0) }
    }
    if let text = text(ofTestAt: end) { details.append(text) }
    if end.early == true { details.append("early, for evaluations no longer got better") }
    if let best {
      let value = Wording.value(best.value, of: best.metric)
      details.append(
        "best \(MetricName.words(best.metric)) \(value) at step \(NumberText.grouped(best.step))")
    }
    if let step = end.restored {
      details.append("weights of step \(NumberText.grouped(step)) put back")
    }
    return EventText(
      step: end.step, title: title, detail: details.joined(separator: ", "), tone: tone)
  }

  /// "test accuracy 87.3 % (seen 2 times)": what the run comes to on the part that is measured at its ends;
  /// nil if that was not measured.
  package func text(ofTestAt end: EndRecord) -> String? {
    guard let test = end.test, let metric = header.testMetric, let value = test.value(of: metric)
    else { return nil }
    return "\(MetricName.words(metric)) \(Wording.value(value, of: metric))"
      + (test.looks.map { " (seen \($0) times)" } ?? "")
  }
}
