// What reaches the dashboard, and what it wants done.
import RunRecords
import TerminalUI

/// Something that happened.
///
/// Times are seconds on any clock that never goes back. `reads` are the numbers of the reads that
/// input came with; nil: with one of its own, after all before.
package enum DashboardMessage: Sendable {
  case key(Key, time: Double, reads: ClosedRange<Int>? = nil)
  /// A click, a movement with the button held down, a turn of the wheel.
  case mouse(MouseEvent, time: Double, reads: ClosedRange<Int>? = nil)
  /// Text that was pasted.
  case paste(String, time: Double)
  /// Records in the order they were made.
  case records([Record], time: Double)
  /// What the program takes of the machine; shown with the next frame, and worth none by itself.
  case usage(ProcessUsage)
  /// Where a replay stands after the records that came before this.
  case replayed(ReplayPlace, time: Double)
  /// A replay goes on from where the records had made this of the model.
  case restored(DashboardModel.Recorded, time: Double)
  /// Time passed; needed at the model's `wakeTime` only.
  case tick(time: Double)
  /// The screen has this size.
  case resize(Size)
  /// The program is to end, and what it still writes before that; keys do nothing any more.
  case stopping(writing: String?)
  /// Something went wrong beside the run, such as a log that can no longer be written.
  case trouble(String)
  /// Something beside the run is done, in words.
  case answer(String, time: Double)
  /// The view was written to these files in the current folder.
  case exported([String], time: Double)
}

/// What the program has to do after an update.
package enum Effect: Sendable, Equatable {
  /// Give the run a command.
  case send(Command)
  /// Hold the replay, or let it go on.
  case holdReplay(Bool)
  /// Replay so many times as fast as it was recorded; 0 is as fast as it goes.
  case replaySpeed(Double)
  /// Go on with the replay somewhere else; the answer is `restored` where that lies behind.
  case seek(ReplayJump)
  /// Draw every cell anew.
  case redraw
  /// Hand the terminal back to the shell until the job is continued.
  case suspend
  /// Report the mouse, or leave it to the terminal.
  case mouse(Bool)
  /// Show the theme with this index.
  case theme(Int)
  /// Write the view as text, as ANSI and as SVG, and answer with `exported` or `trouble`.
  case export
  /// Stop the run if it is going, complete the log and leave.
  case quit
  /// The same after ctrl-c, which has an exit status of its own.
  case interrupt
}

/// Changes the model as the message says and tells what has to be done about it.
package func update(_ model: inout DashboardModel, _ message: DashboardMessage) -> [Effect] {
  var effects: [Effect] = []
  switch message {
  case .key(let key, let time, let reads):
    model.advance(to: time)
    model.revision += 1
    effects = model.carryOut(key, reads)
  case .mouse(let event, let time, let reads):
    model.advance(to: time)
    model.revision += 1
    effects = model.carryOut(event, reads)
  case .paste(let text, let time):
    model.advance(to: time)
    model.revision += 1
    model.take(paste: text)
  case .records(let records, let time):
    model.advance(to: time)
    guard !records.isEmpty else { return [] }
    model.revision += 1
    for record in records { model.take(record) }
  case .usage(let usage): model.usage = usage
  case .replayed(let place, let time):
    model.advance(to: time)
    model.take(place)
  case .restored(let recorded, let time):
    model.advance(to: time)
    model.revision += 1
    model.restore(recorded)
  case .tick(let time):
    model.advance(to: time)
  case .resize(let size):
    model.size = size
    model.helpScroll = min(model.helpScroll, model.lastHelpScroll)
    model.revision += 1
  case .stopping(let file):
    guard model.stopping != Stopping(writing: file) else { break }
    model.revision += 1
    model.stopping = Stopping(writing: file)
    model.dialog = nil
    model.notice = nil
  case .trouble(let text):
    model.revision += 1
    model.pending.removeAll { $0.command == .checkpoint }
    model.notice = Notice(text, kind: .trouble, until: nil)
  case .answer(let text, let time):
    model.advance(to: time)
    model.revision += 1
    model.say(text)
  case .exported(let files, let time):
    model.advance(to: time)
    model.revision += 1
    model.exportedFiles += files
    model.say("the view is written: \(files.joined(separator: ", "))")
  }
  return effects
}
