// A run in sentences on standard output, with keys typed as lines: nothing is drawn.
import ArgumentParser
import Dashboard
import Foundation
import RunRecords
import Terminal
import TerminalUI

/// Tells a source of records in sentences until it ends or the user leaves.
///
/// Keys come as lines on standard input: each character is a key, Enter alone asks how the run stands.
/// So the terminal's modes stay as they are, and a pipe works like a keyboard. When standard input
/// ends, the run goes on alone and its end is the end of the program.
final class PlainRunner<Source: RecordSource> {
  private var feed: RecordFeed<Source>
  private var narrator = Narrator()
  private let signals: SignalWatcher
  private let waker: Waker
  private let files: [String]
  private let isUnicode: Bool
  private var input: LineInput
  private let hasKeys: Bool
  private var status: Int32 = 0
  private var isLeaving = false
  /// The reader of standard output went away: there is nobody left to tell.
  private var isAlone = false

  init(
    source: Source, pace: Double, keys: KeyMap, waker: Waker, files: [String] = [],
    hasKeys: Bool = true
  ) {
    self.waker = waker
    input = LineInput(hasEnded: !hasKeys)
    self.hasKeys = hasKeys
    self.files = files
    isUnicode = TerminalLocale.selectsUnicode()
    signals = SignalWatcher { _ in waker.wake() }
    feed = RecordFeed(source, DashboardModel(source: Source.kind, pace: pace, keys: keys))
  }

  /// Runs until the end; the summary comes last.
  ///
  /// - Throws: what made the source fail, or an `ExitCode`.
  func run() throws {
    let hint = hasKeys ? " Type \(model.keys.name(of: .help)) and Enter for the keys." : ""
    say(["maxnorm in sentences." + hint])
    feed.source.start()
    while !isLeaving {
      if input.wait(waker: waker, source: feed.source.descriptor, seconds: timeout) {
        for line in input.lines() { obey(line) }
      }
      if let signal = signals.received { leave(signal) }
      takeNews()
      let isOver = model.hasEnded && feed.source.isSpent || feed.source.isOver
      if isOver, input.hasEnded {
        // Nobody can ask for more steps.
        feed.source.stop()
        isLeaving = true
      }
    }
    feed.source.finish()
    hear(feed.takeRecords())
    signals.cancel()
    try conclude()
  }

  private var now: Double { feed.now }
  private var model: DashboardModel { feed.model }

  private var timeout: Double {
    let times = [feed.nextTime, feed.source.nextTime].compactMap { $0 }
    // A replay as fast as it goes has more at once; all else can wait for a moment.
    let least = feed.source.nextTime == 0 ? 0 : 0.05
    return times.min().map { max(least, min($0 - now, 3600)) } ?? 3600
  }

  // MARK: Input

  private func obey(_ line: LineInput.Line) {
    if line.hasPaste { say(["A paste does nothing here."]) }
    if line.isEmpty { say([narrator.report(model, at: now)]) }
    for character in line.keys where !isLeaving {
      guard let key = PlainKeys.key(character, model) else {
        say(["\(character) does nothing here: ? and Enter tell the keys."])
        continue
      }
      if character == "?" {
        say(PlainKeys.help(model.keys))
        continue
      }
      handle(.key(key, time: now, reads: line.number...line.number))
      if !isLeaving { say(narrator.answers(model)) }
      feed.ask(within: 0)
    }
  }

  private func handle(_ message: DashboardMessage) {
    guard feed.handle(message).contains(.quit) else { return }
    feed.source.stop()
    isLeaving = true
  }

  // MARK: Records

  private func takeNews() {
    let news = feed.takeNews(every: 0.5)
    hear(news.records)
    if news.isTroubled { say(narrator.answers(model)) }
    if feed.source.failure != nil { isLeaving = true }
  }

  private func hear(_ records: [Record]) {
    guard !records.isEmpty else { return }
    say(narrator.hear(records, model, at: now))
  }

  // MARK: The end

  private func leave(_ signal: StopSignal) {
    guard !isLeaving else { return }
    isLeaving = true
    feed.source.interrupt()
    status = signal.exitStatus
  }

  private func conclude() throws {
    if let failure = feed.source.failure { throw failure }
    say(summary(of: model, files: files))
    if let trouble = feed.source.trouble.text {
      report(trouble)
      if status == 0 { status = ProgramError.Status.output }
    }
    if status != 0 { throw ExitCode(status) }
  }

  /// Prints lines at once, in ASCII where the terminal has nothing else.
  private func say(_ lines: [String]) {
    guard !isAlone, !lines.isEmpty else { return }
    for line in lines {
      print(isUnicode ? ScreenText.printable(line) : ScreenText.ascii(line))
    }
    guard fflush(nil) != 0 else { return }
    isAlone = true
    isLeaving = true
    feed.source.stop()
    if errno != EPIPE { status = ProgramError.Status.output }
  }
}
