// The main thread's loop: keys and records in, frames out.
import ArgumentParser
import Basics
import Dashboard
import Foundation
import RunHistory
import RunRecords
import Terminal
import TerminalUI

/// Shows a source of records in the dashboard until the user leaves.
final class DashboardRunner<Source: RecordSource>: ScreenHost {
  private var feed: RecordFeed<Source>
  let stage: ScreenStage
  private let settings: ScreenSettings
  /// What the run itself writes, for the summary.
  private let files: [String]
  /// Whether the list of runs comes back behind it: then nothing is printed in between.
  private let isFromList: Bool
  private var meter = UsageMeter()
  private var status: Int32 = 0
  private var isLeaving = false

  /// Takes the terminal over and shows the first frame.
  ///
  /// - Throws: `ProgramError` if there is no terminal to draw on.
  init(
    source: Source, pace: Double?, screen: ScreenSettings, waker: Waker, files: [String] = [],
    hasInput: Bool = true, isFromList: Bool = false
  ) throws {
    self.files = files
    self.isFromList = isFromList
    settings = screen
    stage = try ScreenStage(screen, waker: waker, hasInput: hasInput)
    var model = DashboardModel(
      source: Source.kind, pace: pace, themeNames: stage.themes.names,
      themeIndex: screen.themeIndex, isCopyFriendly: screen.isCopyFriendly, keys: screen.keys)
    model.preferences = screen.preferences
    model.isFromList = isFromList
    feed = RecordFeed(source, model, clock: stage.clock)
    handle(.resize(stage.terminal.size))
    drawFrame()
  }

  /// Runs until the user leaves, a signal comes or the source fails; the terminal is restored and
  /// the summary printed.
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

  var model: DashboardModel {
    get { feed.model }
    set { feed.model = newValue }
  }

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

  func noticeInput() {
    stage.cadence.keyPressed(at: now)
    feed.ask(within: stage.cadence.requestInterval(at: now))
  }

  func apply(_ message: DashboardMessage) -> [Effect] { feed.handle(message) }

  var exportTitle: String {
    model.segment.map { "\($0.header.name): \($0.header.title)" } ?? "maxnorm"
  }

  private func takeNews() {
    let news = feed.takeNews(every: stage.cadence.requestInterval(at: now))
    // A replay's machine is not this one.
    if !news.records.isEmpty, Source.kind == .live, let usage = meter.read(at: now) {
      handle(.usage(usage))
    }
    if feed.source.failure != nil { isLeaving = true }
  }

  // MARK: The end

  func leave(_ departure: Departure) {
    guard !isLeaving else { return }
    isLeaving = true
    switch departure {
    case .quit: feed.source.run?.stop()
    case .interrupted(let signal):
      feed.source.run?.interrupt()
      status = signal.exitStatus
    }
  }

  private func waitForEnd() {
    showEnd(
      writing: { feed.source.run?.writing }, hasFinished: { feed.source.hasFinished },
      interrupted: { signal in
        guard status == 0 else { return }
        // It has no more patience than the run.
        status = signal.exitStatus
        feed.source.run?.interrupt()
      })
  }

  private func conclude() throws {
    if let failure = feed.source.failure { throw failure }
    if !isFromList {
      let lines = summary(of: model, files: files, glyphs: stage.glyphs)
      try writeToStandardOutput(lines.map { $0 + "\n" }.joined())
    }
    if let trouble = feed.source.trouble {
      report(trouble)
      if status == 0 { status = ProgramError.Status.output }
    }
    if status != 0 { throw ExitCode(status) }
  }
}
