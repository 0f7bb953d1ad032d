// The main thread's loop of the screen of many runs: keys and what the index finds in, frames out.
import ArgumentParser
import Basics
import Dashboard
import Foundation
import RunIndex
import RunRecords
import Terminal
import TerminalUI

/// How the screen of runs begins.
struct RunsStart {
  var filter: String
  var order: RunOrder?
  var metric: String?
}

/// Shows the list of runs until the user leaves, and between whiles the dashboard of one of them.
final class RunsScreenRunner: ScreenHost {
  private let index: RunIndex
  private(set) var stage: ScreenStage
  private let settings: ScreenSettings
  private let options: ScreenOptions
  private let configuration: Configuration
  private let senses: FigureSenses
  private let waker: Waker
  var model: RunsModel
  private var status: Int32?
  private var seenRevision = -1
  private var newsTime = 0.0
  private var savedNotes: RunNotes

  /// Seconds between two looks at what the index has found: it may find much.
  private static let pace = 0.2

  /// Takes the terminal over and shows the first frame.
  ///
  /// - Throws: `ProgramError` if there is no terminal to draw on.
  init(
    roots: [String], index: (@escaping @Sendable () -> Void) throws -> RunIndex, start: RunsStart,
    screen: ScreenSettings, options: ScreenOptions, configuration: Configuration,
    senses: FigureSenses
  ) throws {
    let waker = try Waker()
    self.waker = waker
    self.index = try index { waker.wake() }
    (settings, self.options, self.configuration) = (screen, options, configuration)
    self.senses = senses
    stage = try ScreenStage(screen, waker: waker)
    savedNotes = SavedNotes.load()
    model = RunsModel(
      place: roots.joined(separator: " "), notes: savedNotes, themeNames: stage.themes.names,
      themeIndex: screen.themeIndex, isCopyFriendly: screen.isCopyFriendly, keys: screen.keys)
    model.take(screen.preferences)
    model.begin(filter: start.filter, order: start.order, metric: start.metric)
    handle(.resize(stage.terminal.size))
    drawFrame()
  }

  /// Runs until the user leaves or a signal comes; the terminal is handed back.
  ///
  /// - Throws: an `ExitCode` after a signal.
  func run() throws {
    index.start()
    while status == nil {
      for event in stage.terminal.wait(timeout: timeout) { handle(event) }
      if let signal = stage.signals.received { leave(.interrupted(signal)) }
      takeNews()
      reloadTheme()
      if stage.isFrameDue(model.revision) { drawFrame() }
    }
    stage.terminal.close()
    stage.signals.cancel()
    settings.save(model.preferences(since: settings.preferences), theme: model.themeName)
    keepNotes()
    index.stop()
    for file in model.exportedFiles { report("written: \(file)") }
    if let status, status != 0 { throw ExitCode(status) }
  }

  private var timeout: Duration? {
    let news = index.snapshot.revision == seenRevision ? nil : max(newsTime, now)
    return stage.timeout([news, model.wakeTime], revision: model.revision, theme: model.themeIndex)
  }

  private func takeNews() {
    let snapshot = index.snapshot
    if snapshot.revision != seenRevision, now >= newsTime {
      seenRevision = snapshot.revision
      newsTime = now + Self.pace
      handle(.news(.index(snapshot, wall: .now, time: now)))
    } else if let wake = model.wakeTime, wake <= now {
      handle(.tick(time: now))
    }
    index.want(curvesOf: model.wantedCurves)
  }

  private func keepNotes() {
    guard model.notes != savedNotes else { return }
    savedNotes = model.notes
    SavedNotes.save(savedNotes)
  }

  // MARK: Messages

  func apply(_ message: RunsMessage) -> [RunsEffect] {
    let effects = update(&model, message)
    keepNotes()
    for case .wish(let wish) in effects {
      switch wish {
      case .open(let path): show { try showDashboard(path) }
      case .compare(let paths): show { try showComparison(paths) }
      }
    }
    return effects
  }

  func noticeInput() { stage.cadence.keyPressed(at: now) }

  var exportTitle: String { "runs of \(model.place)" }

  func leave(_ departure: Departure) {
    guard status == nil else { return }
    switch departure {
    case .quit: status = 0
    case .interrupted(let signal): status = signal.exitStatus
    }
  }

  // MARK: Other screens

  /// Hands the terminal to another screen, and takes it back when that is left.
  private func show(_ screen: () throws -> Void) {
    stage.terminal.close()
    stage.signals.cancel()
    var trouble: String?
    do {
      try screen()
    } catch let code as ExitCode {
      // A signal ends all of the program.
      if code.rawValue > 128 { status = code.rawValue }
    } catch {
      trouble = (error as? ProgramError)?.description ?? "\(error)"
    }
    guard status == nil else { return }
    do {
      let clock = stage.clock
      stage = try ScreenStage(settings, waker: waker, clock: clock)
    } catch {
      report((error as? ProgramError)?.description ?? "\(error)")
      status = ProgramError.Status.failure
      return
    }
    stage.terminal.setMouse(model.shell.isMouseOn && !model.shell.isCopyFriendly)
    handle(.resize(stage.terminal.size))
    if let trouble { handle(.trouble(trouble)) }
  }

  private func showDashboard(_ path: String) throws {
    let entry = (RunRegistry.user?.entries() ?? []).first { $0.log == path }
    let isLive = model.knownRun(at: path)?.state(at: .now) == .live
    if isLive, !path.hasSuffix(".gz"), let run = try? LoggedRun(log: path, entry),
      run.header != nil
    {
      try AttachCommand.attach(to: LocalChannel(run), options, configuration, isFromList: true)
      return
    }
    let file = try RecordFile(at: path, .lenient, senses: senses)
    // All at once: who comes from a list wants to see how it ended.
    let source = try ReplaySource(file, name: path, growth: .none, speed: 0)
    try DashboardRunner(
      source: source, pace: 0, screen: try ScreenSettings(options, configuration), waker: Waker(),
      isFromList: true
    ).run()
  }
}

extension RunsScreenRunner {
  /// The screen of a comparison, of logs wherever they were made.
  private func showComparison(_ paths: [String]) throws {
    let state = try GatheredComparison.state(of: paths, senses)
    try GatheredComparisonRunner(
      state, screen: try ScreenSettings(options, configuration), waker: Waker()
    ).run()
  }
}
