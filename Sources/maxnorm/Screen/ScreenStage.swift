// The terminal and all that showing frames on it needs: themes in its colours, glyphs, signals, time.
import Basics
import Dashboard
import Terminal
import TerminalUI

/// What every full screen of the program stands on.
final class ScreenStage {
  let terminal: CursesTerminal
  let signals: SignalWatcher
  let glyphs: GlyphSet
  var themes: LoadedThemes
  var cadence: FrameCadence
  let clock: SecondsClock

  /// Takes the terminal over; a screen that comes back keeps its `clock`.
  ///
  /// - Throws: `ProgramError` if there is no terminal to draw on.
  init(
    _ settings: ScreenSettings, waker: Waker, hasInput: Bool = true,
    clock: SecondsClock = SecondsClock()
  ) throws {
    self.clock = clock
    cadence = FrameCadence(framesPerSecond: settings.refresh)
    signals = SignalWatcher { _ in waker.wake() }
    terminal = try CursesTerminal.start(
      TerminalOptions(
        hasMouse: settings.preferences.isMouseOn && !settings.isCopyFriendly, hasInput: hasInput),
      waker: waker)
    themes = LoadedThemes(settings.themes, depth: terminal.colorDepth)
    glyphs = settings.isASCII || !terminal.supportsUnicode ? .ascii : .unicode
  }

  /// Seconds since the start.
  var now: Double { clock.now }

  /// Whether something has changed since the last frame, and that is long enough ago.
  func isFrameDue(_ revision: Int) -> Bool {
    revision != cadence.drawnRevision && now >= cadence.frameTime
  }

  /// Draws a frame in the theme of an index and shows it.
  func show(_ revision: Int, theme index: Int, _ draw: (Theme, inout CellBuffer) -> Void) {
    terminal.present(frame(themes.theme(index), draw))
    cadence.drew(revision, at: now)
  }

  private func frame(_ theme: Theme, _ draw: (Theme, inout CellBuffer) -> Void) -> CellBuffer {
    var buffer = CellBuffer(size: terminal.size)
    draw(theme, &buffer)
    return buffer
  }

  /// Writes a frame to files and returns their names.
  ///
  /// - Throws: `ProgramError` if one cannot be written.
  func export(
    _ name: String, title: String, theme index: Int, _ draw: (Theme, inout CellBuffer) -> Void
  ) throws(ProgramError) -> [String] {
    let theme = themes.full(index)
    return try ScreenExport(
      name: name, title: title, shown: frame(themes.theme(index), draw), rich: frame(theme, draw),
      theme: theme
    ).write()
  }

  /// How long to wait for input: until the first of these times, or the next frame where one is due;
  /// nil: nothing but a key or news can change what is shown.
  func timeout(_ times: [Double?], revision: Int, theme index: Int) -> Duration? {
    var times = times.compactMap { $0 }
    if revision != cadence.drawnRevision { times.append(cadence.frameTime) }
    if let time = themes.nextLook(index) { times.append(time) }
    // A time that is NaN, or centuries away, is checked again in an hour.
    return times.min().map { .seconds(max(0, min($0 - now, 3600))) }
  }
}

/// Seconds since it was made.
struct SecondsClock {
  private let start = ContinuousClock.now

  var now: Double { (ContinuousClock.now - start) / .seconds(1) }
}
