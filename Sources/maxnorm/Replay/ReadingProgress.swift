// How far the reading of logs is, on a line of standard error, for those that take a while.
import Foundation
import PlainText
import TerminalUI

/// A line that is written over, where there is a terminal to see it.
struct ReadingLine {
  let isOnTerminal = isatty(STDERR_FILENO) == 1
  private var isShown = false

  /// "reading the log, 12 %".
  mutating func show(_ what: String, _ share: Double) {
    guard isOnTerminal else { return }
    let percent = NumberText.percent(min(1, max(0, share)), decimals: 0)
    writeToStandardError("\r\u{1B}[K\(what), \(percent)")
    isShown = true
  }

  /// Takes the line away.
  mutating func finish() {
    if isShown { writeToStandardError("\r\u{1B}[K") }
    isShown = false
  }
}

/// The line of a reader of logs, a few times a second.
struct ReadingProgress {
  private let total: Int
  private let files: Int
  private let sizes: [String: Int]
  private var done = 0
  private var completed = 0
  private var line = ReadingLine()
  private let clock = ContinuousClock()
  private var due: ContinuousClock.Instant

  init(_ paths: [String]) {
    var sizes: [String: Int] = [:]
    for path in paths {
      var status = stat()
      if stat(path, &status) == 0 { sizes[path] = Int(status.st_size) }
    }
    self.sizes = sizes
    total = paths.reduce(0) { $0 + (sizes[$1] ?? 0) }
    files = paths.count
    // Nobody waits for what is done within a second.
    due = clock.now + .seconds(1)
  }

  /// So many bytes of a log have been read.
  mutating func advance(to bytes: Int, of path: String) {
    guard line.isOnTerminal, clock.now >= due else { return }
    due = clock.now + .milliseconds(200)
    let share = total > 0 ? min(1, Double(done + bytes) / Double(total)) : 0
    line.show(files > 1 ? "reading log \(completed + 1) of \(files)" : "reading the log", share)
  }

  /// A log has been read to its end.
  mutating func complete(_ path: String) {
    done += sizes[path] ?? 0
    completed += 1
  }

  /// Takes the line away.
  mutating func finish() { line.finish() }
}
