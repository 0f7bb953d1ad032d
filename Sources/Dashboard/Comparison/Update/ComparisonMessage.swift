// What reaches a comparison's screen, and what it wants done.
import Comparisons
import TerminalUI

/// Something that happened; times are seconds on any clock that never goes back, and `reads` are as
/// in `DashboardMessage`.
package enum ComparisonMessage: Sendable {
  case key(Key, time: Double, reads: ClosedRange<Int>? = nil)
  case mouse(MouseEvent, time: Double, reads: ClosedRange<Int>? = nil)
  /// Text that was pasted.
  case paste(String, time: Double)
  /// The runs as they are now; `isOver`: none goes on, and none will.
  case state(ComparisonState, isOver: Bool, time: Double)
  /// Time passed; needed at the model's `wakeTime` only.
  case tick(time: Double)
  /// The screen has this size.
  case resize(Size)
  /// The program is to end, and what it still writes before that; keys do nothing any more.
  case stopping(writing: String?)
  /// Something went wrong beside the runs.
  case trouble(String)
  /// Something beside the runs is done, in words.
  case answer(String, time: Double)
  /// The view was written to these files in the current folder.
  case exported([String], time: Double)
}

/// What the program has to do after an update.
package enum ComparisonEffect: Sendable, Equatable {
  /// Hold all runs that are going on, or let them go on.
  case pause(Bool)
  /// Draw every cell anew.
  case redraw
  /// Hand the terminal back to the shell until the job is continued.
  case suspend
  /// Report the mouse, or leave it to the terminal.
  case mouse(Bool)
  /// Show the theme with this index.
  case theme(Int)
  /// Write the view, and answer with `exported` or `trouble`.
  case export
  /// Stop the runs that are going, keep what they have, and leave.
  case quit
  /// The same after ctrl-c, which has an exit status of its own.
  case interrupt
}

/// Changes the model as the message says and tells what has to be done about it.
package func update(
  _ model: inout ComparisonModel, _ message: ComparisonMessage
) -> [ComparisonEffect] {
  var effects: [ComparisonEffect] = []
  model.revision += 1
  switch message {
  case .key(let key, let time, let reads):
    model.advance(to: time)
    effects = model.carryOut(key, reads)
  case .mouse(let event, let time, let reads):
    model.advance(to: time)
    effects = model.carryOut(event, reads)
  case .paste(_, let time):
    model.advance(to: time)
    model.say(Notice.pasteDoesNothing, .refusal)
  case .state(let state, let isOver, let time):
    model.advance(to: time)
    model.take(state, isOver)
  case .tick(let time):
    model.advance(to: time)
  case .resize(let size):
    model.size = size
    model.helpScroll = min(model.helpScroll, model.lastHelpScroll)
    model.holdFirstRun()
  case .stopping(let file):
    model.stopping = Stopping(writing: file)
    model.isAsking = false
    model.notice = nil
  case .trouble(let text):
    model.notice = Notice(text, kind: .trouble, until: nil)
  case .answer(let text, let time):
    model.advance(to: time)
    model.say(text)
  case .exported(let files, let time):
    model.advance(to: time)
    model.exportedFiles += files
    model.say("the view is written: \(files.joined(separator: ", "))")
  }
  return effects
}

extension ComparisonModel {
  mutating func advance(to time: Double) {
    clock.advance(to: time, isGoing: !isPaused && !isOver)
    now = max(now, time)
    if let until = notice?.until, until <= now { notice = nil }
  }

  /// Candidates may go as a sweep narrows down: what was chosen stays chosen as far as it is there.
  mutating func take(_ state: ComparisonState, _ isOver: Bool) {
    let selected = arm
    let wasOver = self.isOver
    self.state = state
    self.isOver = isOver
    clock.begin(at: state.share)
    figures.update(state)
    selectedArm =
      selected.flatMap { state.arms.firstIndex(of: $0) }
      ?? min(selectedArm, max(0, state.arms.count - 1))
    if state.arms.isEmpty { isDetailOpen = false }
    if !charts.contains(chart), let first = charts.first { chart = first }
    // Nothing is left to stop, and nothing to hold.
    if isOver {
      isAsking = false
      isPaused = false
      if !wasOver { say(endWords) }
    }
    holdFirstRun()
  }

  private var endWords: String {
    let failed = failures.count
    return failed == 0
      ? "all runs are over: \(keyName(of: .quit)) leaves, and the table is printed"
      : "all runs are over, \(failed) of them failed: \(keyName(of: .quit)) leaves"
  }
}
