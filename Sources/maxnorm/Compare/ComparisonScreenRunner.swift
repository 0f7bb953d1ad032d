// The main thread's loop of a comparison's screen: keys and what the runs say in, frames out.
import ArgumentParser
import Comparisons
import Dashboard
import Foundation
import Terminal
import TerminalUI

/// Shows a comparison while it is carried out, until the user leaves.
final class ComparisonScreenRunner: ScreenHost {
  private let session: ComparisonSession
  let stage: ScreenStage
  private let settings: ScreenSettings
  /// Whether another one follows, so that the screen does not wait for a key at the end.
  private let isFollowed: Bool
  var model: ComparisonModel
  private var status: Int32?
  private var requestTime = 0.0

  /// Seconds between two requests for news of the runs: they stop for it.
  private static let pace = 0.2

  /// Takes the terminal over and shows the first frame.
  ///
  /// - Throws: `ProgramError` if there is no terminal to draw on, and what the session throws.
  init(
    _ plan: ComparisonPlan, jobs: Int, title: String, screen: ScreenSettings, isFollowed: Bool
  ) throws {
    let waker = try Waker()
    session = try ComparisonSession(plan, jobs: jobs, title: title) { waker.wake() }
    settings = screen
    self.isFollowed = isFollowed
    stage = try ScreenStage(screen, waker: waker)
    model = ComparisonModel(
      state: session.state, themeNames: stage.themes.names, themeIndex: screen.themeIndex,
      isCopyFriendly: screen.isCopyFriendly, keys: screen.keys)
    model.isElsewhere = plan.slurm != nil
    model.shell.take(screen.preferences)
    handle(.resize(stage.terminal.size))
    handle(.state(session.state, isOver: false, time: now))
    drawFrame()
  }

  /// Carries the runs out until they are over and the user leaves, or until a signal; the terminal
  /// is restored.
  ///
  /// - Returns: the state at the end, and what is to be said of runs that are left.
  /// - Throws: what ended the comparison before its end, or an `ExitCode` after a signal.
  func run() throws -> (state: ComparisonState, rest: String?) {
    defer { stage.signals.cancel() }
    do {
      try session.start()
    } catch {
      stage.terminal.close()
      throw error
    }
    handle(.state(session.state, isOver: session.isOver, time: now))
    while status == nil {
      for event in stage.terminal.wait(timeout: timeout) { handle(event) }
      if let signal = stage.signals.received { leave(.interrupted(signal)) }
      advance()
      reloadTheme()
      if stage.isFrameDue(model.revision) { drawFrame() }
      if session.failure != nil || isFollowed && session.isOver { leave(.quit) }
    }
    if !session.isOver { session.stop() }
    if !session.hasFinished {
      showEnd(
        writing: { session.writing }, hasFinished: { session.hasFinished }, interrupted: { _ in })
    }
    stage.terminal.close()
    settings.save(model.preferences(since: settings.preferences), theme: model.themeName)
    for file in model.exportedFiles { report("written: \(file)") }
    if let failure = session.failure { throw failure }
    if let status, status != 0 {
      if let rest = session.rest { report(rest) }
      throw ExitCode(status)
    }
    return (session.state, session.rest)
  }

  // MARK: Time and news

  private var timeout: Duration? {
    stage.timeout(
      [session.isOver ? nil : requestTime, model.wakeTime], revision: model.revision,
      theme: model.themeIndex)
  }

  private func advance() {
    let wasOver = model.isOver
    if session.advance() || session.isOver != wasOver {
      handle(.state(session.state, isOver: session.isOver, time: now))
    } else if let wake = model.wakeTime, wake <= now {
      handle(.tick(time: now))
    }
    if now >= requestTime {
      session.requestNews()
      requestTime = now + Self.pace
    }
  }

  // MARK: Messages

  func apply(_ message: ComparisonMessage) -> [ComparisonEffect] {
    let effects = update(&model, message)
    for case .wish(let wish) in effects {
      switch wish {
      case .pause(let pauses): session.pause(pauses)
      case .cancel: session.cancel()
      }
    }
    return effects
  }

  func noticeInput() {}

  var exportTitle: String { "\(model.state.name): \(model.state.title)" }

  func leave(_ departure: Departure) {
    guard status == nil else { return }
    switch departure {
    case .quit: status = 0
    case .interrupted(let signal): status = signal.exitStatus
    }
  }
}
