// The terminal as a full screen: opened, drawn, restored.

import Basics
import CNcurses
import Glibc
import TerminalUI

/// How the screen is to be used.
package struct TerminalOptions: Sendable {
  /// Whether clicks and the wheel are reported.
  package var hasMouse: Bool
  /// Whether keys come on standard input; else they come from the controlling terminal.
  package var hasInput: Bool

  package init(hasMouse: Bool = true, hasInput: Bool = true) {
    self.hasMouse = hasMouse
    self.hasInput = hasInput
  }
}

/// The screen through ncurses.
///
/// One at a time, and for the main thread only; not Sendable, so the compiler keeps it there.
/// While it is open, what is printed on descriptors 1 and 2 is kept and comes out after `close`.
package final class CursesTerminal {
  /// How many colours are shown: none with NO_COLOR.
  package let colorDepth: ColorDepth
  /// Whether characters beyond ASCII can be shown; others come out as question marks.
  package let supportsUnicode: Bool
  /// The size of the screen in cells.
  package internal(set) var size: Size

  let handles: TerminalHandles
  let signals: ScreenSignals
  let waker: Waker
  var reader: InputReader
  let window: UnsafeMutablePointer<WINDOW>
  /// When the process last came back from a stop of our own making.
  var lastResumption = ContinuousClock.now - .seconds(60)
  var isOpen = true
  var isMouseOn = false
  let capture: OutputCapture
  private let screen: OpaquePointer
  private var writer: CellWriter
  /// What the window holds.
  private var shown = CellBuffer(size: .zero)
  /// Whether frames are framed, so that the terminal shows each as a whole.
  private let isSynchronized: Bool
  /// What the terminal can report when it is asked to.
  let reporting: InputReporting

  static let startOfFrame: StaticString = "\u{1B}[?2026h"
  static let endOfFrame: StaticString = "\u{1B}[?2026l"

  /// Takes the terminal over; on an error it is as it was before.
  ///
  /// To be called on the main thread before others run, after the SignalWatcher is made. The waker
  /// ends `wait`.
  package static func start(
    _ options: TerminalOptions = TerminalOptions(), waker: Waker
  ) throws(ProgramError) -> CursesTerminal {
    let handles = try TerminalHandles(hasInput: options.hasInput)
    let capture: OutputCapture
    do {
      capture = try OutputCapture()
    } catch {
      handles.close()
      throw error
    }
    let signals = ScreenSignals(waker: waker)
    let isUnicode = TerminalLocale.selectsUnicode()
    let isColorless = environment("NO_COLOR") != nil
    guard let screen = open(handles, isColorless: isColorless), let window = curses_window() else {
      signals.cancel()
      capture.end()
      handles.close()
      throw .unknownTerminal(name: environment("TERM") ?? "")
    }
    let reporting = InputReporting.ofTerminal()
    CrashRestoration.arm(handles, capture, reporting)
    let writer = CellWriter(
      pairs: ColorPairs(isColorless: isColorless), isUnicode: isUnicode)
    return CursesTerminal(
      options: options, handles: handles, signals: signals, waker: waker, window: window,
      capture: capture, screen: screen, writer: writer, isUnicode: isUnicode, reporting: reporting)
  }

  /// Starts curses with the best entry there is.
  private static func open(_ handles: TerminalHandles, isColorless: Bool) -> OpaquePointer? {
    guard let term = environment("TERM") else { return nil }
    let names = TerminalEntry.candidates(
      term: term, colorTerm: environment("COLORTERM"), isColorless: isColorless)
    // The size comes from the terminal, not from LINES and COLUMNS.
    use_env(false)
    use_tioctl(true)
    for name in names {
      guard let screen = newterm(name, handles.output, handles.input) else { continue }
      if curses_capability("cup") != nil { return screen }
      endwin()
      delscreen(screen)
    }
    return nil
  }

  private init(
    options: TerminalOptions, handles: TerminalHandles, signals: ScreenSignals, waker: Waker,
    window: UnsafeMutablePointer<WINDOW>, capture: OutputCapture, screen: OpaquePointer,
    writer: CellWriter, isUnicode: Bool, reporting: InputReporting
  ) {
    self.handles = handles
    self.signals = signals
    self.waker = waker
    reader = InputReader(handles.inputDescriptor, strings: TerminfoKeys.strings())
    self.window = window
    self.capture = capture
    self.screen = screen
    self.writer = writer
    self.reporting = reporting
    supportsUnicode = isUnicode
    colorDepth = writer.depth
    isSynchronized = tigetflag("XT") > 0
    size = Size(columns: Int(getmaxx(window)), rows: Int(getmaxy(window)))
    setModes()
    isMouseOn = options.hasMouse
    report(true)
  }

  private func setModes() {
    cbreak()
    noecho()
    nonl()
    // Keys are read past curses; this makes the keypad send what terminfo says.
    keypad(window, true)
    curs_set(0)
    // Without this, curses breaks off a frame when a key is pressed.
    typeahead(-1)
    leaveok(window, true)
    scrollok(window, false)
    // Characters that are deleted leave cells behind that not every terminal fills with the
    // background's colour.
    idcok(window, false)
    // ctrl-s would freeze the screen and all that the main thread has to do. On ctrl-c and ctrl-z the
    // system would throw away what it has not yet shown: the end of a frame, with its colours left on.
    var modes = termios()
    if tcgetattr(handles.device, &modes) == 0 {
      modes.c_iflag &= ~tcflag_t(IXON)
      modes.c_lflag |= tcflag_t(NOFLSH)
      tcsetattr(handles.device, TCSADRAIN, &modes)
      def_prog_mode()
    }
  }

  // MARK: Drawing

  /// Shows a frame by writing what differs from the last one.
  ///
  /// A frame of another size than the screen's is cut, or leaves the rest empty.
  package func present(_ frame: CellBuffer) {
    guard isOpen else { return }
    if frame.size != shown.size { werase(window) }
    let runs = frame.changes(since: shown)
    guard !runs.isEmpty else { return }
    // In a single column curses puts what lies left of the lower right corner, which is nothing.
    for run in runs where frame.size.columns > 1 { writer.write(run, to: window) }
    shown = frame
    refresh()
  }

  /// Draws everything anew, for when something else has written on the screen.
  package func redraw() {
    guard isOpen else { return }
    clearok(curses_shown_window(), true)
    refresh()
  }

  private func refresh() {
    guard isSynchronized else {
      wrefresh(window)
      return
    }
    writeDirectly(Self.startOfFrame)
    wrefresh(window)
    writeDirectly(Self.endOfFrame)
  }

  /// Past curses, which holds nothing back between two refreshes.
  private func writeDirectly(_ text: StaticString) {
    _ = write(handles.outputDescriptor, text.utf8Start, text.utf8CodeUnitCount)
  }

  // MARK: Reports

  /// Switches the reporting of clicks, movements with a button held down and the wheel.
  ///
  /// While it is off, the terminal's own selection works.
  package func setMouse(_ isOn: Bool) {
    guard isOpen else { return }
    isMouseOn = isOn
    writeDirectly(isOn ? reporting.mouseOn : reporting.mouseOff)
  }

  /// Asks the terminal to report what it can, or gives all of that back.
  func report(_ isOn: Bool) {
    if isMouseOn { writeDirectly(isOn ? reporting.mouseOn : reporting.mouseOff) }
    writeDirectly(isOn ? reporting.pasteOn : reporting.pasteOff)
  }

  // MARK: Ending

  /// Hands the terminal back, then prints what was kept; further calls do nothing.
  package func close() {
    guard isOpen else { return }
    report(false)
    isOpen = false
    endwin()
    CrashRestoration.disarm()
    reader.close()
    delscreen(screen)
    handles.close()
    capture.end()
    signals.cancel()
  }
}
