// `--detach`: a run in its own session, which outlives the terminal that started it.
import Basics
import Foundation
import RunRecords
import Terminal
import Training

/// A run of this program in another process, without a terminal.
struct DetachedRun {
  let log: String
  /// Where its messages go.
  let messages: String
  private var process: ChildProcess
  /// What stood in the log before.
  private let before: [Int]?

  /// Starts this program again in its own session, with these arguments, as headless.
  ///
  /// Its records go to the log, its messages to a file beside it; hang-ups are ignored.
  ///
  /// - Throws: `ProgramError` if it cannot be started.
  init(words: [String], log: String) throws(ProgramError) {
    self.log = log
    messages = log + ".out"
    before = Self.version(of: log)
    let output = open("/dev/null", O_WRONLY | O_CLOEXEC)
    let errors = open(
      messages, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
    defer { for descriptor in [output, errors] where descriptor >= 0 { close(descriptor) } }
    guard output >= 0, errors >= 0 else {
      throw ProgramError(
        "--detach: \(messages): cannot write: \(systemMessage()): give another --log",
        status: ProgramError.Status.output)
    }
    // What is ignored here is ignored there too.
    signal(SIGHUP, SIG_IGN)
    defer { signal(SIGHUP, SIG_DFL) }
    do throws(ChildProcess.SystemFailure) {
      process = try ChildProcess(
        "/proc/self/exe", words: ["maxnorm"] + words,
        environment: ProcessInfo.processInfo.environment, .files(output: output, errors: errors))
    } catch {
      throw ProgramError(
        "--detach: expected a process of its own: \(error.message)",
        status: ProgramError.Status.failure)
    }
  }

  /// What changes with every line of a file; nil if none stands there.
  private static func version(of path: String) -> [Int]? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_size > 0 else { return nil }
    return [Int(status.st_size), Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec)]
  }

  /// Waits until the run has begun its log.
  ///
  /// - Throws: `ProgramError` with what it said where it ended before.
  mutating func waitForStart() throws(ProgramError) {
    while true {
      if let version = Self.version(of: log), version != before { break }
      if !process.isRunning() {
        let said = (try? String(contentsOfFile: messages, encoding: .utf8)) ?? ""
        let line = said.split(separator: "\n").last.map(String.init) ?? "it said nothing"
        throw ProgramError(
          line.hasPrefix("maxnorm: ") ? String(line.dropFirst(9)) : "--detach: \(line)",
          status: process.status ?? ProgramError.Status.failure)
      }
      usleep(10_000)
    }
    // Nobody waits for it from here on: once it has ended it is gone.
    signal(SIGCHLD, SIG_IGN)
  }
}
