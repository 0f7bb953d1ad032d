// Keys typed as lines on standard input, for when nothing is drawn.
import Foundation
import Terminal
import TerminalUI

/// Lines from standard input, as they come.
struct LineInput {
  private(set) var hasEnded: Bool
  private var bytes: [UInt8] = []
  /// Sequences mean nothing in a line.
  private var decoder = InputDecoder(understandsSequences: false)
  private var current = Line()
  private let clock = SecondsClock()

  init(hasEnded: Bool = false) { self.hasEnded = hasEnded }

  /// Waits for input, a wake-up, the source or the time; says whether there is something to read.
  ///
  /// Without keys, input is left where it is.
  func wait(waker: Waker, source: Int32? = nil, seconds: Double, hasKeys: Bool = true) -> Bool {
    var descriptors = [
      pollfd(fd: waker.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: hasEnded || !hasKeys ? -1 : STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: source ?? -1, events: Int16(POLLIN), revents: 0),
    ]
    poll(&descriptors, 3, Int32((seconds * 1000).rounded(.up)))
    if descriptors[0].revents != 0 { waker.reset() }
    return descriptors[1].revents != 0
  }

  /// A line, as keys.
  struct Line: Equatable {
    /// The characters that were typed; none from within a sequence or a paste.
    var keys = ""
    /// Whether something was pasted.
    var hasPaste = false
    /// Which line it is: what was typed in one did not know what the program says to it.
    var number = 0

    /// Whether Enter was typed alone; what a terminal sent is nothing that was typed.
    var isEmpty: Bool { keys.isEmpty && !hasPaste }
  }

  /// The lines that are complete; at the end also the last one.
  mutating func lines() -> [Line] {
    var chunk = [UInt8](repeating: 0, count: 4096)
    let count = read(STDIN_FILENO, &chunk, chunk.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return [] }
    if count <= 0 { hasEnded = true } else { bytes += chunk[..<count] }
    var lines: [Line] = []
    while let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
      if let line = line(bytes[..<end]) { lines.append(line) }
      bytes.removeFirst(end + 1)
    }
    // Nobody types that many keys: a binary file on standard input must not fill the memory.
    if bytes.count > 65_536 { bytes = [] }
    if hasEnded, !bytes.isEmpty {
      if let line = line(bytes[...]) { lines.append(line) }
      bytes = []
    }
    return lines
  }

  /// Takes a line; nil if it ends within a paste.
  private mutating func line(_ bytes: ArraySlice<UInt8>) -> Line? {
    let time = clock.now
    let text = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes
    let inputs =
      decoder.feed(text, at: time, read: current.number)
      + (decoder.isPasting
        ? decoder.feed([UInt8(ascii: "\n")], at: time, read: current.number) : [])
    for input in inputs.map(\.input) {
      switch input {
      case .key(.character(let character)): current.keys.append(character)
      case .paste: current.hasPaste = true
      case .key, .mouse, .focus: break
      }
    }
    guard !decoder.isPasting else { return nil }
    decoder.dropUnfinished()
    defer { current = Line(number: current.number + 1) }
    return current
  }
}
