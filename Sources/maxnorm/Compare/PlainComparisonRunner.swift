// A comparison in sentences on standard output, with keys typed as lines: nothing is drawn.
import ArgumentParser
import Comparisons
import Dashboard
import Foundation
import Terminal
import TerminalUI

/// Tells a comparison in sentences until it is over or the user leaves.
final class PlainComparisonRunner {
  private let session: ComparisonSession
  private let waker: Waker
  private let signals: SignalWatcher
  /// The logs in the comparison's folder are what it is for.
  private var output = SentenceOutput(hasOtherSinks: true)
  private var narrator = ComparisonNarrator()
  private var input = LineInput()
  private var isPaused = false
  private var isLeaving = false

  init(_ plan: ComparisonPlan, jobs: Int, title: String) throws {
    let waker = try Waker()
    self.waker = waker
    // Nothing is written while old logs are read: a signal may end that as it likes.
    session = try ComparisonSession(plan, jobs: jobs, title: title) { waker.wake() }
    signals = SignalWatcher { _ in waker.wake() }
  }

  /// Carries the runs out.
  ///
  /// - Returns: the state at the end, and whether all runs were carried out.
  /// - Throws: what ended the comparison before its end, or an `ExitCode` after a signal.
  func run() throws -> (state: ComparisonState, isWhole: Bool) {
    defer { signals.cancel() }
    say(narrator.narrate(session.state))
    say(["Type ? and Enter for the keys."])
    try session.start()
    while !isLeaving, !session.isOver {
      if input.wait(waker: waker, seconds: 0.5) { for line in input.lines() { perform(line) } }
      session.advance()
      session.requestNews()
      say(narrator.narrate(session.state))
      if signals.received != nil || session.failure != nil { isLeaving = true }
    }
    let isWhole = session.isOver
    if !isWhole {
      session.stop()
      if !session.hasFinished { say(["Stopping."]) }
    }
    while !session.hasFinished { _ = input.wait(waker: waker, seconds: 0.1, hasKeys: false) }
    say(narrator.narrate(session.state))
    if let failure = session.failure ?? output.failure { throw failure }
    if let signal = signals.received {
      tellOfRest(session.state)
      throw ExitCode(signal.exitStatus)
    }
    say(ComparisonNarrator.verdict(session.state))
    return (session.state, isWhole)
  }

  private func perform(_ line: LineInput.Line) {
    if line.hasPaste { say(["A paste does nothing here."]) }
    if line.isEmpty { say(ComparisonNarrator.report(session.state, isPaused: isPaused)) }
    for character in line.keys {
      switch character {
      case " ":
        isPaused.toggle()
        session.pause(isPaused)
        say([isPaused ? "Held: space and Enter let all runs go on." : "Going on."])
      case "q": isLeaving = true
      case "?": say(ComparisonPlainKeys.help)
      default: say(["\(character) does nothing here: ? and Enter tell the keys."])
      }
    }
  }

  private func say(_ lines: [String]) {
    output.say(lines)
    if output.isOver { isLeaving = true }
  }
}
