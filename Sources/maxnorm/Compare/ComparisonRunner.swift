// A comparison without a screen: a line for each run on standard error.
import ArgumentParser
import Comparisons
import Dispatch
import Foundation
import PlainText
import RunRecords
import Terminal
import TerminalUI
import Training

/// Carries a comparison out to its end, or to a signal.
struct ComparisonRunner {
  private let session: ComparisonSession
  private let news: DispatchSemaphore
  private var told: Set<Int> = []
  private var tenthTold = 0
  private let start = ContinuousClock.now
  private let showsProgress = isatty(STDERR_FILENO) == 1

  init(_ plan: ComparisonPlan, jobs: Int, title: String) throws {
    let news = DispatchSemaphore(value: 0)
    self.news = news
    session = try ComparisonSession(plan, jobs: jobs, title: title) { news.signal() }
  }

  /// Returns the state at the end, and what is to be said of runs that are left.
  ///
  /// - Throws: what ended the comparison before its end, or an `ExitCode` after a signal.
  mutating func run() throws -> (state: ComparisonState, rest: String?) {
    let signals = SignalWatcher { [news] _ in news.signal() }
    defer { signals.cancel() }
    let kept = session.state.over
    if kept > 0 { report("\(kept) of \(session.state.runs.count) runs are there already") }
    try session.start()
    var asked = ContinuousClock.now
    while !session.isOver {
      _ = news.wait(timeout: .now() + 0.2)
      session.advance()
      if let trouble = session.takeTrouble() { report(trouble) }
      // Asked at every turn, the runs would answer at every step.
      if showsProgress, ContinuousClock.now - asked > .milliseconds(300) {
        session.requestNews()
        asked = .now
      }
      tell()
      if signals.received != nil { break }
    }
    if signals.received != nil { session.stop() }
    while !session.hasFinished {
      if showsProgress { writeToStandardError("\r\u{1B}[K" + stoppingLine(session.writing)) }
      _ = news.wait(timeout: .now() + 0.1)
    }
    tell()
    if showsProgress { writeToStandardError("\r\u{1B}[K") }
    if let failure = session.failure { throw failure }
    if let signal = signals.received {
      if let rest = session.rest { report(rest) }
      throw ExitCode(signal.exitStatus)
    }
    return (session.state, session.rest)
  }

  /// A line for each run that has ended since, and how far everything is.
  private mutating func tell() {
    let state = session.state
    for (index, run) in state.runs.enumerated() where !told.contains(index) {
      guard run.phase == .ended || run.phase != .kept && run.phase.isOver else { continue }
      told.insert(index)
      if case .trials = state.kind, run.phase == .ended { continue }
      if showsProgress { writeToStandardError("\r\u{1B}[K") }
      let over = state.runs.count { $0.phase == .kept } + told.count
      report("\(run.arm), seed \(run.seed): \(outcome(run)) (\(over) of \(state.runs.count))")
    }
    tellOfTrials(state)
    guard showsProgress else { return }
    let seconds = Double((ContinuousClock.now - start) / .seconds(1))
    writeToStandardError(
      "\r\u{1B}[K\(state.over) of \(state.runs.count) runs  \(NumberText.percent(state.share))  "
        + NumberText.duration(seconds))
  }

  /// There may be thousands of trials: a line for each tenth of them.
  private mutating func tellOfTrials(_ state: ComparisonState) {
    guard case .trials = state.kind else { return }
    let tenth = 10 * state.over / max(1, state.runs.count)
    guard tenth > tenthTold else { return }
    tenthTold = tenth
    if showsProgress { writeToStandardError("\r\u{1B}[K") }
    report("\(state.over) of \(state.runs.count) runs")
  }

  private func outcome(_ run: ComparisonState.Run) -> String {
    if case .failed(let reason) = run.phase { return reason }
    let seconds = String(format: "%.1f s", run.digest.elapsed)
    guard let metric = run.digest.header?.metric, let value = run.digest.last?.value else {
      return run.digest.end == .diverged
        ? "diverged at step \(run.digest.step)" : "measured nothing in \(seconds)"
    }
    let ended = run.digest.end == .diverged ? ", diverged" : ""
    return "\(FigureText(metric: metric).words(Double(value)))\(ended), \(seconds)"
  }
}
