// The main thread's loop: keys and records in, frames out.
import ArgumentParser
import Dashboard
import Foundation
import RunHistory
import RunRecords
import Terminal
import TerminalUI

/// Shows a source of records in the dashboard until the user leaves.
///
/// Everything that decides anything is in `Dashboard.update`, everything that draws in
/// `Dashboard.draw`; this carries messages between them, the source and the terminal.
final class DashboardRunner<Source: RecordSource> {
  private var feed: RecordFeed<Source>
  private let stage: ScreenStage
  private let settings: ScreenSettings
  /// What the run itself writes, for the summary.
  private let files: [String]
  private var meter = UsageMeter()
  private var status: Int32 = 0
  private var isLeaving = false

  /// Takes the terminal over and shows the first frame.
  ///
  /// - Throws: `TerminalError` where there is no terminal to draw on.
  init(
    source: Source, pace: Double?, screen: ScreenSettings, waker: Waker, files: [String] = [],
    hasInput: Bool = true
  ) throws {
    self.files = files
    settings = screen
    stage = try ScreenStage(screen, waker: waker, hasInput: hasInput)
    var model = DashboardModel(
      source: Source.kind, pace: pace, themeNames: stage.themes.names,
      themeIndex: screen.themeIndex, isCopyFriendly: screen.isCopyFriendly, keys: screen.keys)
    model.preferences = screen.preferences
    feed = RecordFeed(source, model, clock: stage.clock)
    handle(.resize(stage.terminal.size))
    drawFrame()
  }

  /// Runs until the user leaves, a signal comes or the source fails; the terminal is handed back
  /// and the summary printed.
  ///
  /// - Throws: what made the source fail, or an `ExitCode`.
  func run() throws {
    feed.source.run?.start()
    while !isLeaving {
      let watched = now >= stage.cadence.frameTime ? feed.source.log?.descriptor : nil
      for event in stage.terminal.wait(timeout: timeout, watching: watched) { handle(event) }
      if let signal = stage.signals.received { leave(.interrupted(signal)) }
      takeNews()
      reloadTheme()
      if stage.isFrameDue(model.revision) { drawFrame() }
    }
    waitForEnd()
    stage.terminal.close()
    settings.save(model.preferences, theme: model.themeName)
    _ = feed.takeRecords()
    stage.signals.cancel()
    try conclude()
  }

  // MARK: Time

  private var now: Double { feed.now }
  private var model: DashboardModel { feed.model }

  /// Until the next frame, the next question to the source or the end of a notice; nil: nothing but
  /// a key or a record can change what is shown.
  private var timeout: Duration? {
    var times = [feed.nextTime]
    let frameTime = stage.cadence.frameTime
    if let time = feed.source.nextTime {
      // What was due before the last frame did not fit in: it is not to wait for the next one.
      times.append(time <= stage.cadence.drawnTime ? now : max(time, frameTime))
    }
    if feed.source.log?.descriptor != nil, now < frameTime { times.append(frameTime) }
    return stage.timeout(times, revision: model.revision, theme: model.themeIndex)
  }

  // MARK: Messages

  private func handle(_ event: TerminalEvent) {
    switch event {
    case .input(let decoded):
      keyPressed()
      switch decoded.input {
      case .key(let key): handle(.key(key, time: now, reads: decoded.reads))
      case .mouse(let event): handle(.mouse(event, time: now, reads: decoded.reads))
      case .paste(let text): handle(.paste(text, time: now))
      case .focus: break
      }
    case .resized(let size):
      handle(.resize(size))
      keyPressed()
    case .resumed: feed.model.revision += 1
    case .hangUp: leave(.interrupted(.hangUp))
    }
  }

  private func keyPressed() {
    stage.cadence.keyPressed(at: now)
    feed.ask(within: stage.cadence.requestInterval(at: now))
  }

  private func handle(_ message: DashboardMessage) {
    for effect in feed.handle(message) {
      switch effect {
      case .redraw: stage.terminal.redraw()
      case .mouse(let isOn): stage.terminal.setMouse(isOn)
      case .suspend: kill(getpid(), SIGTSTP)
      case .theme: feed.model.revision += 1
      case .export: export()
      case .quit: leave(.quit)
      case .interrupt: leave(.interrupted(.interrupt))
      case .send, .holdReplay, .replaySpeed, .seek: break
      }
    }
  }

  private func takeNews() {
    let news = feed.takeNews(every: stage.cadence.requestInterval(at: now))
    // A replay's machine is not this one.
    if !news.records.isEmpty, Source.kind == .live, let usage = meter.read(at: now) {
      handle(.usage(usage))
    }
    if feed.source.failure != nil { isLeaving = true }
  }

  private func reloadTheme() {
    switch stage.themes.reload(model.themeIndex, at: now) {
    case .read(let name): handle(.answer("theme \(name) read again", time: now))
    case .broken(let problem): handle(.trouble(problem))
    case nil: break
    }
  }

  private func drawFrame() {
    stage.show(model.revision, theme: model.themeIndex, picture)
  }

  private func picture(_ theme: Theme, _ buffer: inout CellBuffer) {
    draw(model, theme: theme, glyphs: stage.glyphs, into: &buffer)
  }

  /// Writes the view; neither the key's answer nor an older notice is part of it.
  private func export() {
    let header = model.segment?.header
    do throws(ProgramError) {
      let files = try stage.export(
        model.exportName, title: header.map { "\($0.name): \($0.title)" } ?? "maxnorm",
        theme: model.themeIndex, picture)
      handle(.exported(files, time: now))
    } catch {
      handle(.trouble(error.message))
    }
  }

  // MARK: The end

  private enum Departure {
    case quit
    case interrupted(StopSignal)
  }

  private func leave(_ departure: Departure) {
    guard !isLeaving else { return }
    isLeaving = true
    switch departure {
    case .quit: feed.source.run?.stop()
    case .interrupted(let signal):
      feed.source.run?.interrupt()
      status = signal.exitStatus
    }
  }

  /// Shows what is still to be done until it is; of the terminal's events only those of the screen
  /// itself matter now.
  private func waitForEnd() {
    while true {
      handle(.stopping(writing: feed.source.run?.writing))
      if model.revision != stage.cadence.drawnRevision { drawFrame() }
      guard !feed.source.hasFinished else { return }
      // The source wakes the loop; a look now and then finds what it has no word for.
      for event in stage.terminal.wait(timeout: .milliseconds(100)) {
        switch event {
        case .resized(let size): handle(.resize(size))
        case .input: break
        case .resumed: feed.model.revision += 1
        case .hangUp: return waitUnseen()
        }
      }
      if let signal = stage.signals.received, status == 0 {
        // It has no more patience than the run.
        status = signal.exitStatus
        feed.source.run?.interrupt()
      }
    }
  }

  /// The terminal is gone.
  private func waitUnseen() {
    while !feed.source.hasFinished { usleep(10_000) }
  }

  private func conclude() throws {
    if let failure = feed.source.failure { throw failure }
    try writeToStandardOutput(summary(of: model, files: files).map { $0 + "\n" }.joined())
    if let trouble = feed.source.trouble {
      report(trouble)
      if status == 0 { status = ProgramError.Status.output }
    }
    if status != 0 { throw ExitCode(status) }
  }
}
