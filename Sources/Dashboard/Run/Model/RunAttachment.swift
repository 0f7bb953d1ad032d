// A run that another process makes, as who watches it knows it: whether it hears, whether it lives, and
// what it has answered.
import PlainText
import RunHistory
import RunRecords

/// How it stands with a run that is watched through its log.
package struct RunAttachment: Sendable, Equatable {
  /// Who this viewer is: its commands have ids `NAME.1`, `NAME.2` and so on.
  package var name: String
  /// Why the run takes no commands; nil if it does.
  package var refusal: String?
  /// How much of what came before is read, 0…1; nil: all of it.
  package var pastShare: Double?
  package var life = Life.living
  /// What whoever started the run has to say about watching it, one sentence each, the newest last.
  package var remarks: [String] = []
  /// Commands sent so far.
  var sent = 0
  /// This viewer's changes that an undo could still take back.
  var undoable = 0

  /// What can be said about a run whose log has no end yet.
  package enum Life: Sendable, Equatable {
    case living
    /// No record for longer than usual, in seconds.
    case silent(seconds: Int)
    /// The process is gone; its exit status where it is known.
    case gone(status: Int32?)
    /// Its host was started again since.
    case hostRestarted
    /// Its host has not been reached for so long, in seconds; what the last try said.
    case unreachable(seconds: Int, reason: String)
  }

  package init(name: String, refusal: String? = nil) {
    self.name = name
    self.refusal = refusal
  }

  /// The number of a command of this viewer's; nil for another's id.
  fileprivate func number(_ id: String?) -> Int? {
    guard let id, CommandRequest.asker(id) == name else { return nil }
    return Int(id.dropFirst(name.count + 1))
  }

  /// What stands in the place of "training"; nil if nothing is out of order.
  var lifeLabel: String? {
    switch life {
    case .living: pastShare.map { "reading the past \(Int($0 * 100)) %" }
    case .silent(let seconds): "no record for \(NumberText.duration(Double(seconds)))"
    case .gone: "process gone"
    case .hostRestarted: "host restarted"
    case .unreachable(let seconds, _): "host gone for \(NumberText.duration(Double(seconds)))"
    }
  }

  /// What the status line says when that comes about.
  fileprivate var lifeSentence: String? {
    switch life {
    case .living: nil
    case .silent(let seconds):
      "no record for \(NumberText.duration(Double(seconds))): the run may be in a long step, stopped "
        + "by its system, or on a disk that is not there"
    case .gone(let status):
      "the process of this run is gone"
        + (status.map { ", with exit status \($0)" } ?? " and has not said why")
        + ": its log has no end"
    case .hostRestarted:
      "the host of this run was started again: the run is gone, and its log has no end"
    case .unreachable(_, let reason):
      "no connection to the host of this run" + (reason.isEmpty ? "" : " (\(reason))")
        + ": it is tried again and again, and goes on where it was"
    }
  }
}

extension DashboardModel {
  /// Seconds after which the user learns that a command has not been answered.
  private static let patience = 5.0

  /// When the oldest command on its way has waited long enough.
  var unansweredTime: Double? {
    attachment == nil ? nil : pending.first.map { $0.since + Self.patience }
  }

  /// Takes in how it stands with the run, as its source has it.
  mutating func apply(_ news: RunAttachment) {
    let told = self.attachment?.remarks.count ?? 0
    for remark in news.remarks.dropFirst(told) {
      tell(EventText(step: segment?.step ?? 0, title: "note", detail: remark))
      shell.notice = Notice(remark, kind: .trouble, until: nil)
      shell.revision += 1
    }
    var attachment = attachment ?? news
    let before = attachment
    attachment.remarks = news.remarks
    // A watched command has a name to send commands under only once it is a run.
    (attachment.name, attachment.refusal) = (news.name, news.refusal)
    attachment.pastShare = news.pastShare
    attachment.life = news.life
    self.attachment = attachment
    guard attachment.lifeLabel != before.lifeLabel || attachment.refusal != before.refusal
    else { return }
    shell.revision += 1
    // Said when it comes about; how long it lasts, the header counts.
    switch (before.life, attachment.life) {
    case (.unreachable, .living):
      shell.notice = Notice("connected again", kind: .answer, until: shell.now + 4)
    case (.silent, .silent), (.unreachable, .unreachable), (_, .living): break
    case (_, .silent), (_, .gone), (_, .hostRestarted), (_, .unreachable):
      if let sentence = attachment.lifeSentence {
        shell.notice = Notice(sentence, kind: .trouble, until: nil)
      }
    }
  }

  /// An event answers the command whose id it carries; others' changes are only seen.
  mutating func settleAttached(by event: EventRecord) {
    guard let number = attachment?.number(event.id) else { return }
    pending.removeAll { $0.number == number }
    if event.action.isSetting, let undoable = attachment?.undoable {
      attachment?.undoable = max(0, undoable + (event.undo ? -1 : 1))
    }
  }

  /// Says why a command of this viewer's was not carried out.
  mutating func apply(_ refused: RefusedRecord) {
    guard let number = attachment?.number(refused.id) else { return }
    pending.removeAll { $0.number == number }
    say((refused.isUnchanged ? "" : "refused: ") + refused.reason, .refusal)
    shell.revision += 1
  }

  /// Tells of commands that the run does not answer.
  mutating func giveUpUnanswered() {
    guard let time = unansweredTime, shell.now >= time, let change = pending.first else { return }
    pending.removeFirst()
    shell.notice = Notice(
      "\(change.text): no answer for 5 seconds: the run may be in a long step, or gone",
      kind: .trouble, until: nil)
    shell.revision += 1
  }
}
