// The messages to a screen, and what it asks for.
import TerminalUI

/// Something that happened.
///
/// Times are seconds on any monotonic clock. `reads` are the numbers of the reads that input came
/// with; nil: a read of its own, after all before.
package enum ScreenMessage<News: Sendable>: Sendable {
  case key(Key, time: Double, reads: ClosedRange<Int>? = nil)
  /// A click, a movement with the button held down, a turn of the wheel.
  case mouse(MouseEvent, time: Double, reads: ClosedRange<Int>? = nil)
  /// Text that was pasted.
  case paste(String, time: Double)
  /// What is shown has changed.
  case news(News)
  /// Time passed; needed at the model's `wakeTime` only.
  case tick(time: Double)
  /// The screen has this size.
  case resize(Size)
  /// The program is to end, and what it still writes before that; keys do nothing any more.
  case stopping(writing: String?)
  /// Something went wrong beside what is shown, such as a log that can no longer be written.
  case trouble(String)
  /// Something beside what is shown is done, in words.
  case answer(String, time: Double)
  /// The view was written to these files in the current folder.
  case exported([String], time: Double)
}

/// What the program has to do after an update.
package enum ScreenEffect<Wish: Sendable & Equatable>: Sendable, Equatable {
  /// Something with what is shown.
  case wish(Wish)
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
  /// Stop what is going, complete its files and leave.
  case quit
  /// The same after ctrl-c, which has a different exit status.
  case interrupt
}

/// Changes the model as the message says and returns what has to be done about it.
package func update<Model: ScreenModel>(
  _ model: inout Model, _ message: ScreenMessage<Model.News>
) -> [ScreenEffect<Model.Wish>] {
  switch message {
  case .key(let key, let time, let reads):
    model.advance(to: time)
    model.revision += 1
    return model.carryOut(key, reads)
  case .mouse(let event, let time, let reads):
    model.advance(to: time)
    model.revision += 1
    guard model.isMouseOn, !model.isCopyFriendly else { break }
    return model.perform(event, reads)
  case .paste(let text, let time):
    model.advance(to: time)
    model.revision += 1
    model.noticeInput()
    model.apply(paste: text)
  case .news(let news): model.apply(news)
  case .tick(let time): model.advance(to: time)
  case .resize(let size):
    model.size = size
    model.helpScroll = min(model.helpScroll, model.lastHelpScroll)
    model.revision += 1
    model.resized()
  case .stopping(let file):
    guard model.stopping != Stopping(writing: file) else { break }
    model.revision += 1
    model.stopping = Stopping(writing: file)
    model.withdrawQuestion()
    model.notice = nil
  case .trouble(let text):
    model.revision += 1
    model.noticeTrouble()
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
  return []
}

extension ScreenModel {
  /// Advances the clock; what has been shown long enough disappears.
  mutating func advance(to time: Double) {
    shell.now = max(shell.now, time)
    if let until = shell.notice?.until, shell.now >= until {
      shell.notice = nil
      shell.revision += 1
    }
    timePassed()
  }
}
