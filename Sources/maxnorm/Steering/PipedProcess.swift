// A program that this one talks to through pipes, without waiting for it.
import Basics
import Foundation
import PlainText

/// A process with its three streams in this one's hands; it ends with this object.
final class PipedProcess {
  private var process: ChildProcess
  private var input: Int32
  private var output: Int32
  private var errors: Int32
  /// What has come of the line that has begun.
  private var line: [UInt8] = []
  /// Nothing will come any more.
  private(set) var isOver = false
  /// The last line of what it had to say of itself.
  private(set) var complaint = ""

  /// A longer line is nothing that the programs here write.
  private static let longestLine = 1 << 27
  /// Linux' F_SETPIPE_SZ, which its headers have for C alone.
  private static let setPipeSize: Int32 = 1031

  /// Starts a program by its name on PATH or its path.
  ///
  /// - Throws: `ProgramError` if it cannot be started; one that is missing is in the package.
  init(
    _ words: [String], package: String, keepsTerminal: Bool = false
  ) throws(ProgramError) {
    var ends: [Int32] = []
    for _ in 0..<3 {
      var pair: [Int32] = [-1, -1]
      guard pipe(&pair) == 0 else {
        let code = errno
        for end in ends { close(end) }
        throw ProgramError(
          "\(words[0]): expected a pipe: \(systemMessage(code))", .failure)
      }
      ends += pair
    }
    do throws(ChildProcess.SystemFailure) {
      process = try ChildProcess(
        words[0], words: words, environment: ProcessInfo.processInfo.environment,
        .pipes(input: ends[0], output: ends[3], errors: ends[5], keepsTerminal: keepsTerminal))
    } catch {
      for end in ends { close(end) }
      throw ProgramError(
        "\(words[0]): expected a program on PATH: \(error.message): install \(package)",
        error.code == ENOENT ? .unreadable : .failure)
    }
    for end in [ends[0], ends[3], ends[5]] { close(end) }
    (input, output, errors) = (ends[1], ends[2], ends[4])
    for end in [input, output, errors] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    // What fits into it at once need not be waited for.
    _ = fcntl(output, Self.setPipeSize, 1 << 20)
  }

  deinit { end() }

  /// Ends it.
  func end() {
    for descriptor in [input, output, errors] where descriptor >= 0 { close(descriptor) }
    (input, output, errors) = (-1, -1, -1)
    isOver = true
    guard process.isRunning() else { return }
    process.send(SIGTERM)
    let deadline = ContinuousClock.now + .milliseconds(500)
    while process.isRunning(), ContinuousClock.now < deadline { usleep(1000) }
    guard process.isRunning() else { return }
    process.send(SIGKILL)
    while process.isRunning() { usleep(1000) }
  }

  func isRunning() -> Bool { process.isRunning() }

  /// Its exit status, or 128 and the number of the signal; nil while it is running.
  var status: Int32? { process.isRunning() ? nil : process.status }

  /// What it writes, for whoever reads it and closes it.
  func takeOutput() -> Int32 {
    defer { output = -1 }
    return output
  }

  /// Hands bytes to its input, all or none; false where that cannot be.
  func send(_ bytes: [UInt8]) -> Bool {
    input >= 0 && write(input, bytes, bytes.count) == bytes.count
  }

  /// Waits until it has something to say, but no longer than so.
  func wait(milliseconds: Int32) {
    var ready = [output, errors].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    poll(&ready, nfds_t(ready.count), milliseconds)
  }

  /// The whole lines that have come since the last call, without waiting.
  func takeLines() -> [[UInt8]] {
    _ = takeComplaints()
    var lines: [[UInt8]] = []
    while output >= 0, let bytes = read(output) {
      guard !bytes.isEmpty else {
        isOver = true
        break
      }
      var rest = bytes[...]
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        lines.append(line + rest[..<end])
        line = []
        rest = rest[(end + 1)...]
      }
      line += rest
      if line.count > Self.longestLine { end() }
    }
    return lines
  }

  /// What it has said of itself since the last call.
  func takeComplaints() -> String {
    var bytes: [UInt8] = []
    while errors >= 0, let more = read(errors), !more.isEmpty { bytes += more }
    let text = String(decoding: bytes, as: UTF8.self)
    let last = text.split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) }
    if let last { complaint = ScreenText.printable(last.prefix(200)) }
    return text
  }

  /// What is there now; nil if nothing is, nothing at all at the end.
  private func read(_ descriptor: Int32) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = Foundation.read(descriptor, &bytes, bytes.count)
    if count < 0 { return errno == EINTR || errno == EAGAIN ? nil : [] }
    return Array(bytes.prefix(count))
  }
}
