// Bytes from the terminal without ever waiting for them, made into events by the decoder.

import Glibc
import TerminalUI

/// Reads the terminal's input when there is some.
struct InputReader {
  private let descriptor: Int32
  /// Whether the descriptor is ours alone, and never waits.
  private let isOwn: Bool
  private let strings: KeyStrings
  private var decoder: InputDecoder
  private let start = ContinuousClock.now
  /// Grows whenever the input was seen empty: bytes with one number were there together.
  private var read = 0
  /// When the input was last seen empty, in seconds since the start.
  private var emptyTime = 0.0
  /// Until when a terminal that cannot be read is left alone.
  private var troubleEnd = 0.0
  private var buffer = [UInt8](repeating: 0, count: 4096)

  init(_ input: Int32, strings: KeyStrings) {
    // Opened anew and no duplicate, since whether reads wait would be the shell's matter too. Where
    // the terminal is another user's that cannot be: there, only what poll announces is read.
    let copy = open("/proc/self/fd/\(input)", O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    isOwn = copy >= 0
    descriptor = isOwn ? copy : input
    self.strings = strings
    decoder = InputDecoder(strings: strings)
  }

  func close() {
    if isOwn { Glibc.close(descriptor) }
  }

  /// Forgets partial input: another program had the terminal.
  mutating func reset() {
    decoder = InputDecoder(strings: strings)
    emptyTime = now
    read += 1
  }

  // MARK: Waiting

  private var now: Double { (ContinuousClock.now - start) / .seconds(1) }

  /// How long to wait for input at most; nil: no time matters.
  var patience: Duration? {
    let times = [decoder.wakeTime, isTroubled ? troubleEnd : nil].compactMap { $0 }
    return times.min().map { .seconds(max(0, $0 - now)) }
  }

  private var isTroubled: Bool { troubleEnd > now }

  /// What to poll for reading; nothing, -1, while the terminal cannot be read.
  var polled: Int32 { isTroubled ? -1 : descriptor }

  /// Whether there is input already; if not, notes that there was none at this time.
  mutating func isReady() -> Bool {
    if state & Int16(POLLIN) != 0 { return true }
    emptyTime = now
    return false
  }

  /// What the system says of the input now.
  private var state: Int16 {
    var polled = pollfd(fd: polled, events: Int16(POLLIN), revents: 0)
    return poll(&polled, 1, 0) > 0 ? polled.revents : 0
  }

  // MARK: Reading

  /// Reads what is there, up to a buffer full, and advances the time if there is nothing.
  ///
  /// Input that was there already arrived at an unknown time since the input was last empty. The
  /// earliest is assumed, so that a slow frame does not tear a sequence.
  mutating func take(wasReady: Bool) -> [TerminalEvent] {
    var events: [TerminalEvent] = []
    let state = state
    if state & Int16(POLLIN) != 0 {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count > 0 {
        let time = wasReady ? emptyTime : now
        events += decoder.feed(buffer[..<count], at: time, read: read).map(TerminalEvent.input)
      } else if count == 0 {
        return events + [.hangUp]
      } else if errno != EAGAIN, errno != EINTR {
        // As in the background of a shell that is gone: no end, and no input either.
        troubleEnd = now + 0.5
      }
    } else if state & Int16(POLLHUP) != 0 {
      return [.hangUp]
    } else if state != 0 {
      troubleEnd = now + 0.5
    }
    if !isReady() {
      read += 1
      events += decoder.advance(to: emptyTime).map(TerminalEvent.input)
    }
    return events
  }
}
