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
  private var source: Source
  private var model: DashboardModel
  private let stage: ScreenStage
  private let settings: ScreenSettings
  /// What the run itself writes, for the summary.
  private let files: [String]
  private var meter = UsageMeter()
  private var status: Int32 = 0
  private var isLeaving = false
  private var troublesShown = 0

  /// Takes the terminal over and shows the first frame.
  ///
  /// - Throws: `TerminalError` where there is no terminal to draw on.
  init(
    source: Source, pace: Double, screen: ScreenSettings, waker: Waker, files: [String] = []
  ) throws {
    self.files = files
    settings = screen
    self.source = source
    stage = try ScreenStage(screen, waker: waker)
    model = DashboardModel(
      source: Source.kind, pace: pace, themeNames: stage.themes.names,
      themeIndex: screen.themeIndex, isCopyFriendly: screen.isCopyFriendly, keys: screen.keys)
    model.preferences = screen.preferences
    handle(.resize(stage.terminal.size))
    drawFrame()
  }

  /// Runs until the user leaves, a signal comes or the source fails; the terminal is handed back
  /// and the summary printed.
  ///
  /// - Throws: what made the source fail, or an `ExitCode`.
  func run() throws {
    source.start()
    while !isLeaving {
      for event in stage.terminal.wait(timeout: timeout) { handle(event) }
      if let signal = stage.signals.received { leave(.interrupted(signal)) }
      takeRecords()
      reloadTheme()
      if model.revision != stage.cadence.drawnRevision, stage.cadence.isFrameDue { drawFrame() }
    }
    // The terminal first: completing a step and the log may take a moment.
    stage.terminal.close()
    settings.save(model.preferences, theme: model.themeName)
    source.finish()
    handle(.records(source.take(at: now), time: now))
    stage.signals.cancel()
    try conclude()
  }

  // MARK: Time

  private var now: Double { stage.now }

  /// Until the next frame, the next question to the source or the end of a notice; nil: nothing but
  /// a key or a record can change what is shown.
  private var timeout: Duration? {
    stage.timeout(
      [
        stage.cadence.requestTime, model.wakeTime,
        source.nextTime.map { max($0, stage.cadence.frameTime) },
      ], revision: model.revision, theme: model.themeIndex)
  }

  // MARK: Messages

  private func handle(_ event: TerminalEvent) {
    switch event {
    case .input(.key(let key)):
      stage.cadence.keyPressed()
      handle(.key(key, time: now))
    case .input(.resize(let size)):
      handle(.resize(size))
      stage.cadence.keyPressed()
    case .input(.mouse(let event)):
      stage.cadence.keyPressed()
      handle(.mouse(event, time: now))
    case .resumed: model.revision += 1
    case .hangUp: leave(.interrupted(.hangUp))
    }
  }

  private func handle(_ message: DashboardMessage) {
    for effect in update(&model, message) {
      switch effect {
      case .send(let command): source.send(command)
      case .holdReplay(let holds): source.hold(holds, at: now)
      case .replaySpeed(let speed): source.setSpeed(speed, at: now)
      case .redraw: stage.terminal.redraw()
      case .mouse(let isOn): stage.terminal.setMouse(isOn)
      case .suspend: kill(getpid(), SIGTSTP)
      case .theme: model.revision += 1
      case .export: export()
      case .quit: leave(.quit)
      case .interrupt: leave(.interrupted(.interrupt))
      }
    }
  }

  private func takeRecords() {
    if stage.cadence.isRequestDue {
      source.request()
      stage.cadence.requested()
    }
    let records = source.take(at: now)
    if !records.isEmpty {
      // A replay's machine is not this one.
      if Source.kind == .live, let usage = meter.read(at: now) { handle(.usage(usage)) }
      handle(.records(records, time: now))
      stage.cadence.taken()
    } else if let wake = model.wakeTime, wake <= now {
      handle(.tick(time: now))
    }
    let trouble = source.trouble
    if let text = trouble.text, trouble.count > troublesShown {
      troublesShown = trouble.count
      handle(.trouble(text))
    }
    if source.failure != nil { isLeaving = true }
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
    case .quit: source.stop()
    case .interrupted(let signal):
      source.interrupt()
      status = signal.exitStatus
    }
  }

  private func conclude() throws {
    if let failure = source.failure { throw failure }
    for line in summary(of: model, files: files) { print(line) }
    if let trouble = source.trouble.text {
      report(trouble)
      if status == 0 { status = ProgramError.Status.output }
    }
    if status != 0 { throw ExitCode(status) }
  }
}

/// When to ask for records and when to draw: often after a key, a few times a second otherwise.
struct FrameCadence {
  private(set) var drawnRevision = -1
  /// When records are to be asked for again; nil while an answer is awaited.
  private(set) var requestTime: Double? = 0
  private var drawnAt = -1.0
  private var keyAt = -1.0
  private let start = ContinuousClock.now

  /// Seconds between two frames just after a key, and in steady state.
  private static let quick = 1.0 / 30
  private static let steady = 0.2

  /// Seconds since the start.
  var seconds: Double {
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }

  /// The earliest time for the next frame.
  var frameTime: Double { drawnAt + Self.quick }
  var isFrameDue: Bool { seconds >= frameTime }
  var isRequestDue: Bool { requestTime.map { seconds >= $0 } ?? false }

  mutating func requested() { requestTime = nil }

  mutating func taken() {
    let now = seconds
    requestTime = now + (now - keyAt < 0.5 ? Self.quick : Self.steady)
  }

  mutating func keyPressed() {
    keyAt = seconds
    if let time = requestTime { requestTime = min(time, keyAt + Self.quick) }
  }

  mutating func drew(_ revision: Int) {
    drawnRevision = revision
    drawnAt = seconds
  }
}
