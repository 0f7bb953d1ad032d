// The main thread's loop of a comparison's screen: keys and what the runs say in, frames out.
import ArgumentParser
import Comparisons
import Dashboard
import Foundation
import Terminal
import TerminalUI

/// Shows a comparison while it is carried out, until the user leaves.
///
/// Everything that decides anything is in `Dashboard.update`, everything that draws in
/// `Dashboard.draw`.
final class ComparisonScreenRunner {
  private let session: ComparisonSession
  private let stage: ScreenStage
  private let settings: ScreenSettings
  /// Whether another one follows, so that the screen does not wait for a key at the end.
  private let isFollowed: Bool
  private var model: ComparisonModel
  private var status: Int32?
  private var requestTime = 0.0

  /// Seconds between two requests for news of the runs: they stop for it.
  private static let pace = 0.2

  /// Takes the terminal over and shows the first frame.
  ///
  /// - Throws: `TerminalError` where there is no terminal to draw on, and what the session throws.
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
    model.isMouseOn = screen.preferences.isMouseOn
    handle(.resize(stage.terminal.size))
    handle(.state(session.state, isOver: false, time: now))
    draw()
  }

  /// Carries the runs out until they are over and the user leaves, or until a signal; the terminal is
  /// handed back.
  ///
  /// - Returns: the state at the end, and whether all runs were carried out.
  /// - Throws: what ended the comparison before its end, or an `ExitCode` after a signal.
  func run() throws -> (state: ComparisonState, isWhole: Bool) {
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
      if let signal = stage.signals.received { leave(signal.exitStatus) }
      advance()
      reloadTheme()
      if stage.isFrameDue(model.revision) { draw() }
      if session.failure != nil || isFollowed && session.isOver { leave(0) }
    }
    let isWhole = session.isOver
    if !isWhole { session.stop() }
    waitForEnd()
    stage.terminal.close()
    settings.save(model.preferences(since: settings.preferences), theme: model.themeName)
    for file in model.exportedFiles { report("written: \(file)") }
    if let failure = session.failure { throw failure }
    if let status, status != 0 {
      tellOfRest(session.state)
      throw ExitCode(status)
    }
    return (session.state, isWhole)
  }

  // MARK: Time and news

  private var now: Double { stage.now }

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

  private func handle(_ event: TerminalEvent) {
    switch event {
    case .input(let decoded):
      switch decoded.input {
      case .key(let key): handle(.key(key, time: now, reads: decoded.reads))
      case .mouse(let event): handle(.mouse(event, time: now, reads: decoded.reads))
      case .paste(let text): handle(.paste(text, time: now))
      case .focus: break
      }
    case .resized(let size): handle(.resize(size))
    case .resumed: model.revision += 1
    case .hangUp: leave(StopSignal.hangUp.exitStatus)
    }
  }

  private func handle(_ message: ComparisonMessage) {
    for effect in update(&model, message) {
      switch effect {
      case .pause(let pauses): session.pause(pauses)
      case .redraw: stage.terminal.redraw()
      case .mouse(let isOn): stage.terminal.setMouse(isOn)
      case .suspend: kill(getpid(), SIGTSTP)
      case .theme: model.revision += 1
      case .export: export()
      case .quit: leave(0)
      case .interrupt: leave(StopSignal.interrupt.exitStatus)
      }
    }
  }

  private func leave(_ status: Int32) {
    if self.status == nil { self.status = status }
  }

  /// Shows what is still to be done until it is.
  private func waitForEnd() {
    while !session.hasFinished {
      handle(.stopping(writing: session.writing))
      draw()
      for event in stage.terminal.wait(timeout: .milliseconds(100)) {
        switch event {
        case .resized(let size): handle(.resize(size))
        case .input: break
        case .resumed: model.revision += 1
        case .hangUp:
          while !session.hasFinished { usleep(10_000) }
        }
      }
    }
  }

  private func reloadTheme() {
    switch stage.themes.reload(model.themeIndex, at: now) {
    case .read(let name): handle(.answer("theme \(name) read again", time: now))
    case .broken(let problem): handle(.trouble(problem))
    case nil: break
    }
  }

  // MARK: Frames

  private func draw() { stage.show(model.revision, theme: model.themeIndex, picture) }

  private func picture(_ theme: Theme, _ buffer: inout CellBuffer) {
    Dashboard.draw(model, theme: theme, glyphs: stage.glyphs, into: &buffer)
  }

  private func export() {
    do throws(ProgramError) {
      let files = try stage.export(
        model.exportName, title: "\(model.state.name): \(model.state.title)",
        theme: model.themeIndex, picture)
      handle(.exported(files, time: now))
    } catch {
      handle(.trouble(error.message))
    }
  }
}

/// What is left to do after a comparison was stopped.
func tellOfRest(_ state: ComparisonState) {
  report(
    "stopped after \(state.over) of \(state.runs.count) runs: the same command goes on from here")
}
