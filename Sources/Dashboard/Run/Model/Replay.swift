// Where a replay stands in its log, and the keys that move it about.
import RunHistory
import RunRecords
import TerminalUI

/// Where a replay stands in its log.
package struct ReplayPlace: Sendable, Equatable {
  /// The log as the user named it.
  package var name: String
  /// The share of the log that is behind, 0…1; nil if its length is not known, as a pipe's.
  package var share: Double?
  /// Whether a log that still grows is waited for at its end.
  package var follows = false
  /// Whether nothing more is there, now or ever.
  package var isAtEnd = false
  /// Whether records are read as fast as it goes up to a place that a key asked for.
  package var isSeeking = false
  /// How often a followed log was replaced by another one.
  package var restarts = 0
  /// Lines of the log that are not records.
  package var skippedLines = SkippedLines()

  package init(name: String) { self.name = name }

  /// What the header shows of it: a frame is due when this changes.
  fileprivate func looksLike(_ other: ReplayPlace) -> Bool {
    percent == other.percent && follows == other.follows && isAtEnd == other.isAtEnd
      && isSeeking == other.isSeeking
  }

  /// The share in whole per cent.
  var percent: Int? { share.map { Int((max(0, min(1, $0)) * 100).rounded(.down)) } }
}

/// Where a key asks a replay to go.
package enum ReplayJump: Sendable, Equatable {
  case start, back, forward, end
  /// To the next step record, while paused.
  case nextStep

  /// The part of the log that `back` and `forward` go.
  package static let share = 0.05
}

extension DashboardModel {
  /// The parts of the model that come from records; the rest is the user's.
  package struct Recorded: Sendable {
    package let segment: RunSegment?
    fileprivate let phase: Phase
    fileprivate let eventTexts: [EventText]
  }

  package var recorded: Recorded {
    Recorded(segment: segment, phase: phase, eventTexts: eventTexts)
  }

  /// Goes back to what the records had made of the model once.
  mutating func restore(_ recorded: Recorded) {
    segment = recorded.segment
    eventTexts = recorded.eventTexts
    if source == .attached {
      phase = recorded.phase
    } else if phase != .paused {
      phase = recorded.phase == .paused ? .training : recorded.phase
    }
    speed.forget()
    selectedLayer = min(selectedLayer, max(0, (segment?.layers.count ?? 0) - 1))
    refilter()
    if segment?.layers.isEmpty != false { isDetailOpen = false }
    keepFocus()
    gatherNorms(after: recorded.segment.map { [.header($0.header)] } ?? [])
  }

  /// Takes in where the replay stands.
  mutating func apply(_ place: ReplayPlace) {
    let before = replay
    replay = place
    // Told once: more of them are only counted.
    if before?.skippedLines.sentence == nil, let sentence = place.skippedLines.sentence {
      tell(EventText(step: segment?.step ?? 0, title: "note", detail: sentence))
      say(sentence)
    }
    guard let before else { return shell.revision += 1 }
    if !place.looksLike(before) { shell.revision += 1 }
    if before.isSeeking, !place.isSeeking { speed.forget() }
    if place.restarts > before.restarts {
      shell.revision += 1
      say("the log is another one now, or was cut: shown from its beginning")
    }
  }

  /// Carries out a key that moves the replay.
  mutating func move(_ action: KeyAction) -> [Effect] {
    let jump: ReplayJump
    switch action {
    case .replayBack: jump = .back
    case .replayForward: jump = .forward
    case .replayStart: jump = .start
    case .replayEnd: jump = .end
    default: jump = .nextStep
    }
    let part = Int(ReplayJump.share * 100)
    switch jump {
    case .back: say("back by \(part) % of the log")
    case .forward: say("ahead by \(part) % of the log")
    case .start: say("from the beginning")
    case .end: say("to the end")
    case .nextStep: break
    }
    speed.forget()
    guard hasEnded, jump == .back || jump == .start else { return [.seek(jump)] }
    // A replay that was paused when it came to its end continues from where the key leads.
    phase = .training
    return [.holdReplay(false), .seek(jump)]
  }

  /// Why the replay cannot be moved; nil if it can.
  func refusalToMove(_ action: KeyAction) -> String? {
    guard segment != nil else { return "no run yet: nowhere to go in the log" }
    let isAtEnd = replay?.isAtEnd == true && replay?.isSeeking != true
    let end = "this is the end of the log" + (replay?.follows == true ? " so far" : "")
    if action == .singleStep {
      if phase == .paused { return isAtEnd ? end : nil }
      return hasEnded ? end : "single steps are for a paused replay: space pauses"
    }
    guard replay?.share != nil || replay == nil else {
      return "records that come through a pipe can neither go back nor ahead"
    }
    let goesAhead = action == .replayForward || action == .replayEnd
    return goesAhead && isAtEnd ? end : nil
  }

  /// The state of a replay that is neither paused nor at an end that was recorded.
  var replayLabel: String {
    if replay?.isSeeking == true { return "seeking" }
    if replay?.follows == true { return "following" }
    return replay?.isAtEnd == true ? "end of the log" : "replay"
  }

  /// The speed of a replay and its place in the log, in words, and shorter.
  var replayWords: (full: String, short: String) {
    let follows = replay?.follows == true
    let speed =
      pace.isOn ? "x\(Wording.short(Float(pace.rate)))" : follows ? "" : "full speed"
    // What has caught up with a run is where the run is.
    let hasCaughtUp = follows && replay?.isAtEnd == true
    let place = hasCaughtUp ? "" : replay?.percent.map { "\($0) %" } ?? ""
    let full = [
      pace.isOn ? "speed " + speed : speed, place.isEmpty ? "" : place + " of the log",
    ]
    let joined = { (words: [String]) in
      words.filter { !$0.isEmpty }.joined(separator: ", ")
    }
    return (joined(full), joined([speed, place.isEmpty ? "" : "at " + place]))
  }
}
