// Keys typed as lines on standard input, for when nothing is drawn.
import Foundation
import Terminal
import TerminalUI

/// Lines from standard input, as they come.
struct LineInput {
  private(set) var hasEnded: Bool
  private var bytes: [UInt8] = []

  init(hasEnded: Bool = false) { self.hasEnded = hasEnded }

  /// Waits for input, a wake-up, the source or the time; says whether there is something to read.
  func wait(waker: Waker, source: Int32? = nil, seconds: Double) -> Bool {
    var descriptors = [
      pollfd(fd: waker.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: hasEnded ? -1 : STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: source ?? -1, events: Int16(POLLIN), revents: 0),
    ]
    poll(&descriptors, 3, Int32((seconds * 1000).rounded(.up)))
    if descriptors[0].revents != 0 { waker.reset() }
    return descriptors[1].revents != 0
  }

  /// The lines that are complete; at the end also the last one.
  mutating func lines() -> [String] {
    var chunk = [UInt8](repeating: 0, count: 4096)
    let count = read(STDIN_FILENO, &chunk, chunk.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return [] }
    if count <= 0 { hasEnded = true } else { bytes += chunk[..<count] }
    var lines: [String] = []
    while let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
      lines.append(Self.text(bytes[..<end]))
      bytes.removeFirst(end + 1)
    }
    // Nobody types so many keys: a binary file led in here must not fill the memory.
    if bytes.count > 65_536 { bytes = [] }
    if hasEnded, !bytes.isEmpty {
      lines.append(Self.text(bytes[...]))
      bytes = []
    }
    return lines
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    ScreenText.printable(String(decoding: bytes, as: UTF8.self).filter { $0 != "\r" })
  }
}
