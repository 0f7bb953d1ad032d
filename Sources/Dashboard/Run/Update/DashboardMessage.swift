// The messages to the dashboard of a run, and what it asks of the run or its log.
import RunRecords
import TerminalUI

package typealias DashboardMessage = ScreenMessage<RunNews>
package typealias Effect = ScreenEffect<RunWish>

/// News of a run, or of its log.
package enum RunNews: Sendable {
  /// Records in the order they were made.
  case records([Record], time: Double)
  /// The program's use of the machine; shown with the next frame, and no reason for one by itself.
  case usage(ProcessUsage)
  /// Where a replay stands after the records that came before this.
  case replayed(ReplayPlace, time: Double)
  /// How it stands with a run of another process.
  case attached(RunAttachment)
  /// What a watched command has written to its console.
  case console(ConsoleLines)
  /// A replay continues from where the records had made this of the model.
  case restored(DashboardModel.Recorded, time: Double)
}

/// What the dashboard wants of a run, or of its log.
package enum RunWish: Sendable, Equatable {
  /// Give the run a command.
  case send(Command)
  /// Pause the replay, or resume it.
  case holdReplay(Bool)
  /// Replay this many times as fast as it was recorded; 0 is as fast as possible.
  case replaySpeed(Double)
  /// Continue the replay elsewhere; the answer is `restored` if that lies in the past.
  case seek(ReplayJump)
}

extension ScreenMessage<RunNews> {
  package static func records(_ records: [Record], time: Double) -> Self {
    .news(.records(records, time: time))
  }
  package static func usage(_ usage: ProcessUsage) -> Self { .news(.usage(usage)) }
  package static func replayed(_ place: ReplayPlace, time: Double) -> Self {
    .news(.replayed(place, time: time))
  }
  package static func restored(_ recorded: DashboardModel.Recorded, time: Double) -> Self {
    .news(.restored(recorded, time: time))
  }
  package static func attached(_ attachment: RunAttachment) -> Self {
    .news(.attached(attachment))
  }
  package static func console(_ lines: ConsoleLines) -> Self { .news(.console(lines)) }
}

extension ScreenEffect<RunWish> {
  package static func send(_ command: Command) -> Self { .wish(.send(command)) }
  package static func holdReplay(_ holds: Bool) -> Self { .wish(.holdReplay(holds)) }
  package static func replaySpeed(_ speed: Double) -> Self { .wish(.replaySpeed(speed)) }
  package static func seek(_ jump: ReplayJump) -> Self { .wish(.seek(jump)) }
}

extension DashboardModel {
  package mutating func apply(_ news: RunNews) {
    switch news {
    case .records(let records, let time):
      advance(to: time)
      guard !records.isEmpty else { return }
      shell.revision += 1
      for record in records { apply(record) }
      keepFocus()
      gatherNorms(after: records)
    case .usage(let usage): self.usage = usage
    case .replayed(let place, let time):
      advance(to: time)
      apply(place)
    case .attached(let attachment): apply(attachment)
    case .console(let lines): apply(lines)
    case .restored(let recorded, let time):
      advance(to: time)
      shell.revision += 1
      restore(recorded)
    }
  }

  package mutating func timePassed() {
    giveUpUnanswered()
    guard let hintEnd, shell.now >= hintEnd else { return }
    self.hintEnd = nil
    shell.revision += 1
  }

  /// A checkpoint that could not be written is not waited for.
  package mutating func noticeTrouble() { pending.removeAll { $0.command == .checkpoint } }

  package mutating func withdrawQuestion() { dialog = nil }
}
