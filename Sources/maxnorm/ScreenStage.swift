// The terminal and all that showing frames on it needs: themes in its colours, glyphs, signals, time.
import Dashboard
import Terminal
import TerminalUI

/// What every full screen of the program stands on.
final class ScreenStage {
  let terminal: CursesTerminal
  let signals: SignalWatcher
  let glyphs: GlyphSet
  var themes: ThemeShelf
  var cadence = FrameCadence()

  /// Takes the terminal over.
  ///
  /// - Throws: `TerminalError` where there is no terminal to draw on.
  init(_ settings: ScreenSettings, waker: Waker) throws {
    signals = SignalWatcher { _ in waker.wake() }
    terminal = try CursesTerminal.start(
      TerminalOptions(hasMouse: settings.preferences.isMouseOn && !settings.isCopyFriendly),
      waker: waker)
    themes = ThemeShelf(settings.themes, depth: terminal.colorDepth)
    glyphs = settings.isASCII || !terminal.supportsUnicode ? .ascii : .unicode
  }

  /// Seconds since the start.
  var now: Double { cadence.seconds }

  /// Draws a frame in the theme of an index and shows it.
  func show(_ revision: Int, theme index: Int, _ draw: (Theme, inout CellBuffer) -> Void) {
    terminal.present(frame(themes.theme(index), draw))
    cadence.drew(revision)
  }

  private func frame(_ theme: Theme, _ draw: (Theme, inout CellBuffer) -> Void) -> CellBuffer {
    var buffer = CellBuffer(size: terminal.size)
    draw(theme, &buffer)
    return buffer
  }

  /// Writes a frame to files and gives back their names.
  ///
  /// - Throws: `ProgramError` where one cannot be written.
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
    // A time that is no number, or centuries away, is looked at again in an hour.
    return times.min().map { .seconds(max(0, min($0 - now, 3600))) }
  }
}
