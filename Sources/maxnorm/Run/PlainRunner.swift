// A run in sentences on standard output, with keys typed as lines: nothing is drawn.
import ArgumentParser
import Basics
import Dashboard
import Foundation
import RunRecords
import Terminal
import TerminalUI

/// Shows a source of records in sentences until it ends or the user leaves.
///
/// Keys come as lines on standard input: each character is a key, Enter alone asks for the run's
/// state. So the terminal's modes stay as they are, and a pipe works like a keyboard. When standard
/// input ends, the run continues alone and its end is the end of the program.
final class PlainRunner<Source: RecordSource> {
  private var feed: RecordFeed<Source>
  private var narrator = Narrator()
  private let signals: SignalWatcher
  private let waker: Waker
  private let files: [String]
  private var input: LineInput
  private let hasKeys: Bool
  private var status: Int32 = 0
  private var isLeaving = false
  private var output: SentenceOutput

  init(
    source: Source, pace: Double?, keys: KeyMap, waker: Waker, files: [String] = [],
    hasKeys: Bool = true
  ) {
    self.waker = waker
    input = LineInput(hasEnded: !hasKeys)
    self.hasKeys = hasKeys
    self.files = files
    output = SentenceOutput(hasOtherSinks: !files.isEmpty)
    signals = SignalWatcher { _ in waker.wake() }
    feed = RecordFeed(source, DashboardModel(source: Source.kind, pace: pace, keys: keys))
  }

  /// Runs until the end; the summary comes last.
  ///
  /// - Throws: what made the source fail, or an `ExitCode`.
  func run() throws {
    let hint = hasKeys ? " Type \(model.keys.name(of: .help)) and Enter for the keys." : ""
    say(["maxnorm in sentences." + hint])
    feed.source.run?.start()
    while !isLeaving {
      if input.wait(waker: waker, source: feed.source.log?.descriptor, seconds: timeout) {
        for line in input.lines() { perform(line) }
      }
      if let signal = signals.received { leave(signal) }
      takeNews()
      let isOver = model.hasEnded && feed.source.isSpent || feed.source.isOver
      if isOver, input.hasEnded || output.isClosed {
        // Nobody can ask for more steps.
        feed.source.run?.stop()
        isLeaving = true
      }
    }
    waitForEnd()
    narrate(feed.takeRecords())
    signals.cancel()
    try conclude()
  }

  private var now: Double { feed.now }
  private var model: DashboardModel { feed.model }

  private var timeout: Double {
    let times = [feed.nextTime, feed.source.nextTime].compactMap { $0 }
    // A replay at full speed has more at once; everything else can wait for a moment.
    let least = feed.source.nextTime == 0 ? 0 : 0.05
    return times.min().map { max(least, min($0 - now, 3600)) } ?? 3600
  }

  // MARK: Input

  private func perform(_ line: LineInput.Line) {
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
    leave { $0.run?.stop() }
  }

  // MARK: Records

  private func takeNews() {
    let news = feed.takeNews(every: 0.5)
    narrate(news.records)
    if news.isTroubled { say(narrator.answers(model)) }
    if feed.source.failure != nil { isLeaving = true }
  }

  private func narrate(_ records: [Record]) {
    guard !records.isEmpty else { return }
    say(narrator.narrate(records, model, at: now))
  }

  // MARK: The end

  private func leave(_ signal: StopSignal) {
    guard !isLeaving else { return }
    status = signal.exitStatus
    leave { $0.run?.interrupt() }
  }

  private func leave(_ end: (Source) -> Void) {
    isLeaving = true
    end(feed.source)
    if !feed.source.hasFinished { say(["Stopping."]) }
  }

  /// Says what is still to be done, where it takes a while.
  private func waitForEnd() {
    var told: String?
    while !feed.source.hasFinished {
      _ = input.wait(waker: waker, seconds: 0.1, hasKeys: false)
      if let file = feed.source.run?.writing, file != told {
        say(["Writing \(file)."])
        told = file
      }
      if let signal = signals.received, status == 0 {
        status = signal.exitStatus
        feed.source.run?.interrupt()
      }
    }
  }

  private func conclude() throws {
    if let failure = feed.source.failure { throw failure }
    say(summary(of: model, files: files))
    if let failure = output.failure {
      report(failure.description)
      status = failure.status
    }
    if let trouble = feed.source.trouble {
      report(trouble)
      if status == 0 { status = ProgramError.Status.output }
    }
    if status != 0 { throw ExitCode(status) }
  }

  private func say(_ lines: [String]) {
    output.say(lines)
    guard output.isOver, !isLeaving else { return }
    isLeaving = true
    feed.source.run?.stop()
  }
}
