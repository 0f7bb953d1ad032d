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
  /// Whether the question stands what becomes of runs that go on without this program.
  private var isAsking = false
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
  /// - Returns: the state at the end, and what is to be said of runs that are left.
  /// - Throws: what ended the comparison before its end, or an `ExitCode` after a signal.
  func run() throws -> (state: ComparisonState, rest: String?) {
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
    if !session.isOver {
      session.stop()
      if !session.hasFinished { say(["Stopping."]) }
    }
    while !session.hasFinished { _ = input.wait(waker: waker, seconds: 0.1, hasKeys: false) }
    say(narrator.narrate(session.state))
    if let failure = session.failure ?? output.failure { throw failure }
    if let signal = signals.received {
      if let rest = session.rest { report(rest) }
      throw ExitCode(signal.exitStatus)
    }
    say(ComparisonNarrator.verdict(session.state))
    return (session.state, session.rest)
  }

  private func perform(_ line: LineInput.Line) {
    if line.hasPaste { say(["A paste does nothing here."]) }
    if line.isEmpty { say(ComparisonNarrator.report(session.state, isPaused: isPaused)) }
    for character in line.keys {
      if isAsking {
        answer(character)
        continue
      }
      switch character {
      case " " where session.isElsewhere:
        say(["Slurm's jobs are not held from here."])
      case " ":
        isPaused.toggle()
        session.pause(isPaused)
        say([isPaused ? "Held: space and Enter let all runs go on." : "Going on."])
      case "q" where session.isElsewhere && !session.isOver:
        isAsking = true
        say(["Cancel the jobs that have not ended? y cancels, n leaves them to Slurm."])
      case "q": isLeaving = true
      case "?": say(ComparisonPlainKeys.help)
      default: say(["\(character) does nothing here: ? and Enter tell the keys."])
      }
    }
  }

  private func answer(_ character: Character) {
    isAsking = false
    guard "ynq".contains(character) else { return say(["Going on."]) }
    if character == "y" { session.cancel() }
    isLeaving = true
  }

  private func say(_ lines: [String]) {
    output.say(lines)
    if output.isOver { isLeaving = true }
  }
}
