// `--detach`: a run in a session of its own, which outlives the terminal that started it.
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
  private let pid: pid_t
  /// What stood in the log before.
  private let before: [Int]?

  /// glibc's POSIX_SPAWN_SETSID, which its headers have for C alone.
  static let ownSession: Int16 = 0x80

  /// Starts this program again in a session of its own, with these words, as headless.
  ///
  /// Its records go to the log, its messages to a file beside it; hang-ups are ignored.
  ///
  /// - Throws: `ProgramError` where it cannot be started.
  init(words: [String], log: String) throws(ProgramError) {
    self.log = log
    messages = log + ".out"
    before = Self.version(of: log)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(
      &actions, 2, messages, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Self.ownSession)
    Self.keepDescriptors()
    // What is ignored here is ignored there too.
    signal(SIGHUP, SIG_IGN)
    defer { signal(SIGHUP, SIG_DFL) }
    var pid = pid_t()
    let program = "/proc/self/exe"
    var arguments: [UnsafeMutablePointer<CChar>?] = (["maxnorm"] + words).map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    let code = posix_spawn(&pid, program, &actions, &attributes, arguments, environ)
    guard code == 0 else {
      throw ProgramError(
        "--detach: expected a process of its own: \(String(cString: strerror(code)))",
        status: ProgramError.Status.failure)
    }
    self.pid = pid
  }

  /// Lets the new process have nothing of what is open here: whoever waits for an end of it would wait
  /// for the run's.
  private static func keepDescriptors() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    for descriptor in names.compactMap({ Int32($0) }) where descriptor > STDERR_FILENO {
      let flags = fcntl(descriptor, F_GETFD)
      if flags >= 0 { _ = fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC) }
    }
  }

  /// What changes with every line of a file; nil where none stands there.
  private static func version(of path: String) -> [Int]? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_size > 0 else { return nil }
    return [Int(status.st_size), Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec)]
  }

  /// Waits until the run has begun its log.
  ///
  /// - Throws: `ProgramError` with what it said where it ended before.
  func waitForStart() throws(ProgramError) {
    while true {
      if let version = Self.version(of: log), version != before { break }
      var end: Int32 = 0
      if waitpid(pid, &end, WNOHANG) == pid {
        let said = (try? String(contentsOfFile: messages, encoding: .utf8)) ?? ""
        let line = said.split(separator: "\n").last.map(String.init) ?? "it said nothing"
        throw ProgramError(
          line.hasPrefix("maxnorm: ") ? String(line.dropFirst(9)) : "--detach: \(line)",
          status: end & 0x7f == 0 ? (end >> 8) & 0xff : ProgramError.Status.failure)
      }
      usleep(10_000)
    }
    // Nobody waits for it from here on: once it has ended it is gone.
    signal(SIGCHLD, SIG_IGN)
  }
}
