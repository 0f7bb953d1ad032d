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
  private var source: Source
  private var model: DashboardModel
  private var narrator = Narrator()
  private let signals: SignalWatcher
  private let waker: Waker
  private let files: [String]
  private let isUnicode: Bool
  private var input = LineInput()
  private let start = ContinuousClock.now
  private var requestTime: Double? = 0
  private var status: Int32 = 0
  private var isLeaving = false
  private var troublesTold = 0
  /// The reader of standard output went away: there is nobody left to tell.
  private var isAlone = false

  init(source: Source, pace: Double, keys: KeyMap, waker: Waker, files: [String] = []) {
    self.source = source
    self.waker = waker
    self.files = files
    isUnicode = TerminalLocale.selectsUnicode()
    signals = SignalWatcher { _ in waker.wake() }
    model = DashboardModel(source: Source.kind, pace: pace, keys: keys)
  }

  /// Runs until the end; the summary comes last.
  ///
  /// - Throws: what made the source fail, or an `ExitCode`.
  func run() throws {
    say(["maxnorm in sentences. Type \(model.keys.name(of: .help)) and Enter for the keys."])
    source.start()
    while !isLeaving {
      if input.wait(waker: waker, seconds: timeout) { for line in input.lines() { obey(line) } }
      if let signal = signals.received { leave(signal) }
      takeRecords()
      let isOver = model.hasEnded || Source.kind == .replay && source.nextTime == nil
      if isOver, input.hasEnded {
        // Nobody can ask for more steps.
        source.stop()
        isLeaving = true
      }
    }
    source.finish()
    hear(source.take(at: now))
    signals.cancel()
    try conclude()
  }

  private var now: Double { (ContinuousClock.now - start) / .seconds(1) }

  private var timeout: Double {
    let times = [requestTime, model.wakeTime, source.nextTime].compactMap { $0 }
    return times.min().map { max(0.05, min($0 - now, 3600)) } ?? 3600
  }

  // MARK: Input

  private func obey(_ line: String) {
    guard !line.isEmpty else { return say([narrator.report(model, at: now)]) }
    for character in line where !isLeaving {
      guard let key = PlainKeys.key(character, model) else {
        say(["\(character) does nothing here: ? and Enter tell the keys."])
        continue
      }
      if character == "?" {
        say(PlainKeys.help(model.keys))
        continue
      }
      handle(.key(key, time: now))
      if !isLeaving { say(narrator.answers(model)) }
      requestTime = now
    }
  }

  private func handle(_ message: DashboardMessage) {
    for effect in update(&model, message) {
      switch effect {
      case .send(let command): source.send(command)
      case .holdReplay(let holds): source.hold(holds, at: now)
      case .replaySpeed(let speed): source.setSpeed(speed, at: now)
      case .quit:
        source.stop()
        isLeaving = true
      case .redraw, .suspend, .mouse, .theme, .export, .interrupt: break
      }
    }
  }

  // MARK: Records

  private func takeRecords() {
    if let time = requestTime, time <= now {
      source.request()
      requestTime = nil
    }
    let records = source.take(at: now)
    if !records.isEmpty {
      hear(records)
      requestTime = now + 0.5
    } else if let wake = model.wakeTime, wake <= now {
      handle(.tick(time: now))
    }
    let trouble = source.trouble
    if let text = trouble.text, trouble.count > troublesTold {
      troublesTold = trouble.count
      handle(.trouble(text))
      say(narrator.answers(model))
    }
    if source.failure != nil { isLeaving = true }
  }

  private func hear(_ records: [Record]) {
    guard !records.isEmpty else { return }
    handle(.records(records, time: now))
    say(narrator.hear(records, model, at: now))
  }

  // MARK: The end

  private func leave(_ signal: StopSignal) {
    guard !isLeaving else { return }
    isLeaving = true
    source.interrupt()
    status = signal.exitStatus
  }

  private func conclude() throws {
    if let failure = source.failure { throw failure }
    say(summary(of: model, files: files))
    if let trouble = source.trouble.text {
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
    source.stop()
    if errno != EPIPE { status = ProgramError.Status.output }
  }
}
