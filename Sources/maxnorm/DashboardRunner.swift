// The main thread's loop: keys and records in, frames out.
import ArgumentParser
import Dashboard
import Foundation
import RunRecords
import Terminal
import TerminalUI

/// Shows a source of records in the dashboard until the user leaves.
///
/// Everything that decides anything is in `Dashboard.update`, everything that draws in
/// `Dashboard.draw`; this carries messages between them, the source and the terminal.
final class DashboardRunner<Source: RecordSource> {
  private var feed: RecordFeed<Source>
  private let terminal: CursesTerminal
  private let signals: SignalWatcher
  private let settings: ScreenSettings
  private var themes: ThemeShelf
  private let glyphs: GlyphSet
  /// What the run itself writes, for the summary.
  private let files: [String]
  private var cadence = FrameCadence()
  private var meter = UsageMeter()
  private var status: Int32 = 0
  private var isLeaving = false

  /// Takes the terminal over and shows the first frame.
  ///
  /// - Throws: `TerminalError` where there is no terminal to draw on.
  init(
    source: Source, pace: Double, screen: ScreenSettings, waker: Waker, files: [String] = [],
    hasInput: Bool = true
  ) throws {
    self.files = files
    settings = screen
    signals = SignalWatcher { _ in waker.wake() }
    terminal = try CursesTerminal.start(
      TerminalOptions(
        hasMouse: screen.preferences.isMouseOn && !screen.isCopyFriendly, hasInput: hasInput),
      waker: waker)
    themes = ThemeShelf(screen.themes, depth: terminal.colorDepth)
    glyphs = screen.isASCII || !terminal.supportsUnicode ? .ascii : .unicode
    var model = DashboardModel(
      source: Source.kind, pace: pace, themeNames: themes.names, themeIndex: screen.themeIndex,
      isCopyFriendly: screen.isCopyFriendly, keys: screen.keys)
    model.preferences = screen.preferences
    feed = RecordFeed(source, model)
    handle(.resize(terminal.size))
    drawFrame()
  }

  /// Runs until the user leaves, a signal comes or the source fails; the terminal is handed back
  /// and the summary printed.
  ///
  /// - Throws: what made the source fail, or an `ExitCode`.
  func run() throws {
    feed.source.start()
    while !isLeaving {
      let watched = now >= cadence.frameTime ? feed.source.descriptor : nil
      for event in terminal.wait(timeout: timeout, watching: watched) { handle(event) }
      if let signal = signals.received { leave(.interrupted(signal)) }
      takeNews()
      reloadTheme()
      if model.revision != cadence.drawnRevision, now >= cadence.frameTime { drawFrame() }
    }
    // The terminal first: completing a step and the log may take a moment.
    terminal.close()
    settings.save(model)
    feed.source.finish()
    _ = feed.takeRecords()
    signals.cancel()
    try conclude()
  }

  // MARK: Time

  private var now: Double { feed.now }
  private var model: DashboardModel { feed.model }

  /// Until the next frame, the next question to the source or the end of a notice; nil: nothing but
  /// a key or a record can change what is shown.
  private var timeout: Duration? {
    var times: [Double] = []
    if model.revision != cadence.drawnRevision { times.append(cadence.frameTime) }
    if let time = feed.nextTime { times.append(time) }
    if let time = themes.nextLook(model.themeIndex) { times.append(time) }
    if let time = feed.source.nextTime {
      // What was due before the last frame did not fit in: it is not to wait for the next one.
      times.append(time <= cadence.drawnTime ? now : max(time, cadence.frameTime))
    }
    if feed.source.descriptor != nil, now < cadence.frameTime { times.append(cadence.frameTime) }
    // A time that is no number, or centuries away, is looked at again in an hour.
    return times.min().map { .seconds(max(0, min($0 - now, 3600))) }
  }

  // MARK: Messages

  private func handle(_ event: TerminalEvent) {
    switch event {
    case .input(.key(let key)):
      keyPressed()
      handle(.key(key, time: now))
    case .input(.resize(let size)):
      handle(.resize(size))
      keyPressed()
    case .input(.mouse(let event)):
      keyPressed()
      handle(.mouse(event, time: now))
    case .resumed: feed.model.revision += 1
    case .hangUp: leave(.interrupted(.hangUp))
    }
  }

  private func keyPressed() {
    cadence.keyPressed(at: now)
    feed.ask(within: cadence.requestInterval(at: now))
  }

  private func handle(_ message: DashboardMessage) {
    for effect in feed.handle(message) {
      switch effect {
      case .redraw: terminal.redraw()
      case .mouse(let isOn): terminal.setMouse(isOn)
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
    let news = feed.takeNews(every: cadence.requestInterval(at: now))
    // A replay's machine is not this one.
    if !news.records.isEmpty, Source.kind == .live, let usage = meter.read(at: now) {
      handle(.usage(usage))
    }
    if feed.source.failure != nil { isLeaving = true }
  }

  private func reloadTheme() {
    switch themes.reload(model.themeIndex, at: now) {
    case .read(let name): handle(.answer("theme \(name) read again", time: now))
    case .broken(let problem): handle(.trouble(problem))
    case nil: break
    }
  }

  private func frame(_ theme: Theme) -> CellBuffer {
    var buffer = CellBuffer(size: terminal.size)
    draw(model, theme: theme, glyphs: glyphs, into: &buffer)
    return buffer
  }

  private func drawFrame() {
    terminal.present(frame(themes.theme(model.themeIndex)))
    cadence.drew(model.revision, at: now)
  }

  /// Writes the view; neither the key's answer nor an older notice is part of it.
  private func export() {
    let theme = themes.full(model.themeIndex)
    let header = model.segment?.header
    let export = ScreenExport(
      name: model.exportName, title: header.map { "\($0.name): \($0.title)" } ?? "maxnorm",
      shown: frame(themes.theme(model.themeIndex)), rich: frame(theme), theme: theme)
    do throws(ProgramError) {
      handle(.exported(try export.write(), time: now))
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
    case .quit: feed.source.stop()
    case .interrupted(let signal):
      feed.source.interrupt()
      status = signal.exitStatus
    }
  }

  private func conclude() throws {
    if let failure = feed.source.failure { throw failure }
    for line in summary(of: model, files: files) { print(line) }
    if let trouble = feed.source.trouble.text {
      report(trouble)
      if status == 0 { status = ProgramError.Status.output }
    }
    if status != 0 { throw ExitCode(status) }
  }
}

/// When to ask for records and when to draw: often after a key, a few times a second otherwise.
struct FrameCadence {
  private(set) var drawnRevision = -1
  private(set) var drawnTime = -1.0
  private var keyAt = -1.0

  /// Seconds between two frames just after a key, and in steady state.
  private static let quick = 1.0 / 30
  private static let steady = 0.2

  /// The earliest time for the next frame.
  var frameTime: Double { drawnTime + Self.quick }

  /// Seconds from one answer of the source to the next question.
  func requestInterval(at time: Double) -> Double {
    time - keyAt < 0.5 ? Self.quick : Self.steady
  }

  mutating func keyPressed(at time: Double) { keyAt = time }

  mutating func drew(_ revision: Int, at time: Double) {
    drawnRevision = revision
    drawnTime = time
  }
}
