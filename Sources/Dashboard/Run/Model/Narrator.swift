// The run in sentences, for screen readers and wherever nothing can be drawn.
import PlainText
import RunHistory
import RunRecords
import TerminalUI

/// Reports changes in sentences, no more often than a person can read them.
///
/// It receives the records after the model has.
package struct Narrator: Sendable {
  /// Seconds between two reports of how the run goes.
  private let interval: Double
  private var reportedAt = -Double.infinity
  private var reportedStep = -1
  private var toldNotice: Notice?
  private var toldDialog: DashboardModel.Dialog?

  package init(interval: Double = 5) {
    self.interval = interval
  }

  // MARK: Records

  /// The sentences that records are worth.
  package mutating func narrate(
    _ records: [Record], _ model: DashboardModel, at time: Double
  ) -> [String] {
    guard let segment = model.segment else { return [] }
    // A replay may go back.
    if segment.step < reportedStep { reportedStep = -1 }
    var sentences: [String] = []
    for record in records {
      switch record {
      case .header(let header):
        sentences.append(Self.start(header, model))
        sentences += header.remarks.map { "Note: \($0)." }
        (reportedAt, reportedStep) = (time, -1)
      // The end reports it.
      case .event(let event) where event.action == .stop: break
      case .event(let event): sentences.append(Self.sentence(segment.text(of: event)))
      case .end(let end):
        if reportedStep != segment.step { sentences += [report(model, at: time)] }
        sentences.append(Self.sentence(segment.text(of: end)))
        if let baseline = segment.evaluation.flatMap(TrivialBaseline.init(unbeatenIn:)) {
          sentences.append("The run is \(baseline.sentence).")
        }
      case .step, .norms, .evaluation, .sample, .refused, .twin, .rank: break
      }
    }
    // Steps made one by one are each waited for.
    let isDue = time - reportedAt >= interval || model.phase == .paused
    if isDue, segment.step > reportedStep, !model.hasEnded, segment.latest != nil {
      sentences.append(report(model, at: time))
    }
    return sentences.map { Self.spoken($0) }
  }

  // MARK: Keys

  /// The answer to a key or to a trouble; nothing where the model said nothing new.
  package mutating func answers(_ model: DashboardModel) -> [String] {
    var sentences: [String] = []
    if let notice = model.notice, notice != toldNotice {
      sentences.append(notice.kind == .trouble ? "Trouble: \(notice.text)." : notice.text + ".")
    }
    toldNotice = model.notice
    if let dialog = model.dialog, dialog != toldDialog {
      sentences.append("\(dialog.question(nextSeed: model.nextSeed)) y is yes, n is no.")
    }
    if toldDialog != nil, model.dialog == nil { sentences.append("the question is answered.") }
    toldDialog = model.dialog
    return sentences.map { Self.spoken($0) }
  }

  /// How the run stands now.
  package mutating func report(_ model: DashboardModel, at time: Double) -> String {
    guard let segment = model.segment else { return Self.spoken("no run yet.") }
    (reportedAt, reportedStep) = (time, segment.step)
    var text = "Step \(segment.step)"
    if let total = segment.totalSteps { text += " of \(total)" }
    if model.phase == .paused { text += ", \(model.stateLabel)" }
    if let left = model.timeLeft { text += ", \(NumberText.duration(left)) left" }
    if let record = segment.evaluation {
      let losses = [("training", record.trainLoss), ("validation", record.validationLoss)]
        .compactMap { name, loss in loss.map { "\(name) loss \(Wording.short($0))" } }
      if !losses.isEmpty { text += ". " + Self.spoken(losses.joined(separator: ", ")) }
      if let accuracy = record.validationAccuracy {
        text += ", validation accuracy \(NumberText.percent(Double(accuracy)))"
      }
      if record.step != segment.step { text += ", measured at step \(record.step)" }
    } else if let loss = segment.latest?.loss {
      text += ". Batch loss \(Wording.short(loss))"
    }
    if let loss = segment.twin?.evaluation?.validationLoss {
      text += ". Twin without the ceiling, validation loss \(Wording.short(loss))"
    }
    return Self.spoken(text + ". " + Self.held(segment))
  }

  /// What the constraint holds now.
  private static func held(_ segment: RunSegment) -> String {
    let layers = segment.layers.filter { $0.latest?.maxNorm != nil }
    guard !layers.isEmpty else { return "No layer has a ceiling." }
    // A damaged log may count beyond all numbers.
    let counted = layers.filter { $0.latest?.atCeiling != nil }
    let units = counted.reduce(0) { $0 &+ $1.units }
    let held = counted.reduce(0) { $0 &+ ($1.latest?.atCeiling ?? 0) }
    guard let largest = layers.compactMap({ $0.latest?.normMax }).max(), !counted.isEmpty else {
      return "What the ceiling holds is not measured."
    }
    return segment.settings.isConstraintOn
      ? "\(held) of \(units) units at the ceiling."
      : "Constraint off, largest norm \(Wording.norm(largest))."
  }

  // MARK: Sentences

  private static func start(_ header: RunHeader, _ model: DashboardModel) -> String {
    let facts = [
      Self.counted(header.trainExamples, "training examples"),
      Self.counted(header.testExamples, "test examples unseen until the end"),
      Self.counted(header.parameters, "parameters"), Self.counted(header.totalSteps, "steps"),
      header.seed.map { "seed \($0)" },
    ].compactMap(\.self)
    var text = header.name + (header.title.isEmpty ? "" : ", \(header.title)")
    if !facts.isEmpty { text += ": " + facts.joined(separator: ", ") }
    if let ceiling = model.segment?.settings.maxNorm {
      let isOn = model.segment?.settings.isConstraintOn == true
      text += ". Max-norm \(isOn ? "on" : "off"), r \(Wording.norm(ceiling))"
    }
    return text + "."
  }

  /// A number of things; nil if it is unknown, which 0 means too.
  private static func counted(_ count: Int?, _ things: String) -> String? {
    count.flatMap { $0 > 0 ? "\($0) \(things)" : nil }
  }

  private static func sentence(_ text: EventText) -> String {
    let detail = text.detail.isEmpty ? "" : ", \(text.detail)"
    return "Step \(text.step): \(text.title)\(detail)."
  }

  /// One line without signs that are read out as names: "%" is per cent, brackets go.
  static func spoken(_ text: String) -> String {
    let plain = ScreenText.printable(text).replacing(" %", with: " percent")
      .replacing("(", with: "").replacing(")", with: "").replacing("..", with: ".")
    return plain.prefix(1).uppercased() + plain.dropFirst()
  }
}

/// Which keys mean something where nothing is drawn.
package enum PlainKeys {
  /// The keys whose effect is described in sentences, as `key: what it does`.
  package static func help(_ keys: KeyMap) -> [String] {
    let lines = keys.bindings.filter { $0.layers.contains(.main) && isSpoken($0.action) }.map {
      "\($0.keys.map(\.name).joined(separator: " or ")): \($0.help)\($0.help.hasSuffix("?") ? "" : ".")"
    }
    return ["Type keys and Enter; Enter alone tells how the run stands."] + lines
  }

  /// What a typed character means now; nil if it would change only a picture.
  package static func key(_ character: Character, _ model: DashboardModel) -> Key? {
    let key = Key.character(character)
    guard let action = model.keys.action(of: key, on: model.topLayer), isSpoken(action) else {
      return nil
    }
    return key
  }

  private static func isSpoken(_ action: KeyAction) -> Bool {
    switch action {
    case .pause, .singleStep, .constraint, .lowerCeiling, .raiseCeiling, .lowerRate, .raiseRate,
      .suggestion, .undo, .reset, .reseed, .extend, .checkpoint, .twin, .fork, .fullSpeed, .slower,
      .faster, .replayBack, .replayForward, .replayStart, .replayEnd, .yes, .no, .help, .quit:
      true
    default: false
    }
  }
}
