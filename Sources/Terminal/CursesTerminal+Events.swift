// Waiting for what happens: keys, a new size, being suspended, a wake-up, the terminal's end.

import CNcurses
import Glibc
import TerminalUI

/// An event of the terminal.
package enum TerminalEvent: Hashable, Sendable {
  /// A key, a mouse event, a paste.
  case input(DecodedInput)
  /// The screen has this size from now on.
  case resized(Size)
  /// The process was stopped and continues; the screen is drawn again already.
  case resumed
  /// The terminal is gone: nothing will ever come from it again.
  case hangUp
}

extension CursesTerminal {
  /// Waits until something happens, the waker is called, a descriptor can be read or the time is
  /// over; nil waits for ever.
  ///
  /// Needs no processor time while it waits. May return nothing: after a wake-up, or at the end of
  /// the time. Suspending is done in here.
  package func wait(timeout: Duration?, watching: Int32? = nil) -> [TerminalEvent] {
    guard isOpen else { return [.hangUp] }
    capture.trim()
    let wasReady = reader.isReady()
    let times = [timeout, reader.patience, wasReady ? .zero : nil].compactMap { $0 }
    var descriptors = [
      pollfd(fd: reader.polled, events: Int16(POLLIN), revents: 0),
      pollfd(fd: waker.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: watching ?? -1, events: Int16(POLLIN), revents: 0),
    ]
    poll(&descriptors, 3, Self.milliseconds(times.min()))
    if descriptors[1].revents != 0 { waker.reset() }
    // The screen first: while the process was stopped, another program may have read the input.
    return screenEvents() + reader.take(wasReady: wasReady)
  }

  /// Rounded up, so that no loop spins through the last fraction of a millisecond.
  private static func milliseconds(_ timeout: Duration?) -> Int32 {
    guard let timeout else { return -1 }
    let seconds = timeout / .seconds(1)
    return Int32(max(0, min(seconds * 1000, 3_600_000)).rounded(.up))
  }

  // MARK: Suspending and resizing

  private func screenEvents() -> [TerminalEvent] {
    var events: [TerminalEvent] = []
    let pending = signals.take()
    if pending.contains(.suspend) {
      suspend()
      events.append(.resumed)
    } else if pending.contains(.resume),
      ContinuousClock.now - lastResumption > .milliseconds(200)
    {
      // Stopped by a signal that cannot be caught: the shell has changed the terminal's modes.
      leave()
      enter()
      events.append(.resumed)
    }
    if let size = changedSize() {
      resize(to: size)
      events.append(.resized(size))
    } else if pending.contains(.resize) {
      // Another size and back before we looked: the terminal has cut the picture all the same.
      resize(to: size)
      events.append(.resized(size))
    }
    return events
  }

  /// Leaves the screen, stops the process, and comes back when it continues.
  private func suspend() {
    leave()
    signals.stopProcess()
    lastResumption = .now
    if let size = changedSize() { resize_term(Int32(size.rows), Int32(size.columns)) }
    enter()
  }

  private func leave() {
    report(false)
    endwin()
  }

  private func enter() {
    redraw()
    report(true)
    reader.reset()
  }

  /// The size, if it is another than we know; asked for each time, since signals can be missed.
  private func changedSize() -> Size? {
    var (columns, rows): (Int32, Int32) = (0, 0)
    guard terminal_size(handles.device, &columns, &rows) else { return nil }
    let current = Size(columns: Int(columns), rows: Int(rows))
    return current == size ? nil : current
  }

  private func resize(to newSize: Size) {
    size = newSize
    resize_term(Int32(newSize.rows), Int32(newSize.columns))
    // The terminal may have done anything to the old picture: the next frame is complete.
    clearok(curses_shown_window(), true)
  }
}
