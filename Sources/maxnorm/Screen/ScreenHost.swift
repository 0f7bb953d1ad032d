// The main thread's part of any full screen: the terminal's events in, frames and files out.
import Basics
import Dashboard
import Foundation
import Terminal
import TerminalUI

/// Why a screen is left.
enum Departure {
  case quit
  case interrupted(StopSignal)
}

/// Whoever shows a model on the terminal and carries messages to it.
///
/// Everything that decides anything is in `Dashboard.update`, everything that draws in
/// `Dashboard.draw`.
protocol ScreenHost: AnyObject {
  associatedtype Model: ScreenModel

  var stage: ScreenStage { get }
  var model: Model { get set }
  /// The heading of written views.
  var exportTitle: String { get }

  /// Lets the model take a message and fulfils its wishes; returns what the screen has to do.
  func apply(_ message: ScreenMessage<Model.News>) -> [ScreenEffect<Model.Wish>]
  /// A key, or another size, whose effect is to be seen soon.
  func noticeInput()
  func leave(_ departure: Departure)
}

extension ScreenHost {
  var now: Double { stage.now }

  func handle(_ event: TerminalEvent) {
    switch event {
    case .input(let decoded):
      noticeInput()
      switch decoded.input {
      case .key(let key): handle(.key(key, time: now, reads: decoded.reads))
      case .mouse(let event): handle(.mouse(event, time: now, reads: decoded.reads))
      case .paste(let text): handle(.paste(text, time: now))
      case .focus: break
      }
    case .resized(let size):
      handle(.resize(size))
      noticeInput()
    case .resumed: model.shell.revision += 1
    case .hangUp: leave(.interrupted(.hangUp))
    }
  }

  func handle(_ message: ScreenMessage<Model.News>) {
    for effect in apply(message) {
      switch effect {
      case .wish: break
      case .redraw: stage.terminal.redraw()
      case .mouse(let isOn): stage.terminal.setMouse(isOn)
      case .suspend: kill(getpid(), SIGTSTP)
      case .theme: model.shell.revision += 1
      case .export: export()
      case .quit: leave(.quit)
      case .interrupt: leave(.interrupted(.interrupt))
      }
    }
  }

  func reloadTheme() {
    switch stage.themes.reload(model.themeIndex, at: now) {
    case .read(let name): handle(.answer("theme \(name) read again", time: now))
    case .broken(let problem): handle(.trouble(problem))
    case nil: break
    }
  }

  func drawFrame() { stage.show(model.revision, theme: model.themeIndex, picture) }

  private func picture(_ theme: Theme, _ buffer: inout CellBuffer) {
    draw(model, theme: theme, glyphs: stage.glyphs, into: &buffer)
  }

  /// Writes the view; neither the key's answer nor an older notice is part of it.
  private func export() {
    do throws(ProgramError) {
      let files = try stage.export(
        model.exportName, title: exportTitle, theme: model.themeIndex, picture)
      handle(.exported(files, time: now))
    } catch {
      handle(.trouble(error.description))
    }
  }

  /// Shows what is still to be done until it is; of the terminal's events only those of the screen
  /// itself matter now.
  func showEnd(
    writing: () -> String?, hasFinished: () -> Bool, interrupted: (StopSignal) -> Void
  ) {
    while true {
      handle(.stopping(writing: writing()))
      if model.revision != stage.cadence.drawnRevision { drawFrame() }
      guard !hasFinished() else { return }
      // A periodic check finds what nothing wakes the loop for.
      for event in stage.terminal.wait(timeout: .milliseconds(100)) {
        switch event {
        case .resized(let size): handle(.resize(size))
        case .input: break
        case .resumed: model.shell.revision += 1
        case .hangUp:
          // The terminal is gone.
          while !hasFinished() { usleep(10_000) }
        }
      }
      if let signal = stage.signals.received { interrupted(signal) }
    }
  }
}
