// A process that this program starts and may leave behind.
import Basics
import Foundation

/// Another program, in its own session or on this one's terminal.
struct ChildProcess {
  let pid: pid_t
  private let isOwnSession: Bool
  /// How it ended: its exit status, or 128 and the number of the signal; nil while nobody has seen it end.
  private(set) var status: Int32?

  /// Where its standard streams lead.
  enum Streams {
    /// The terminal it shares with this program.
    case shared
    /// No input and no terminal, in its own session, which a hang-up does not reach.
    case files(output: Int32, errors: Int32)
    /// Descriptors of this program's; on the terminal for who may have to ask something there, else in a
    /// session of its own.
    case pipes(input: Int32, output: Int32, errors: Int32, keepsTerminal: Bool)
  }

  /// Starts a program by its path or its name on PATH.
  ///
  /// - Throws: the system's word for what went wrong.
  init(
    _ program: String, words: [String], environment: [String: String], _ streams: Streams
  ) throws(SystemFailure) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // What this program blocks, or ignores for itself, is not to be what the other one inherits.
    var (none, standard) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigemptyset(&standard)
    sigaddset(&standard, SIGPIPE)
    sigaddset(&standard, SIGXFSZ)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &standard)
    var flags = Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
    switch streams {
    case .shared: isOwnSession = false
    case .files(let output, let errors):
      isOwnSession = true
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
      posix_spawn_file_actions_adddup2(&actions, output, 1)
      posix_spawn_file_actions_adddup2(&actions, errors, 2)
      flags |= Self.ownSession
    case .pipes(let input, let output, let errors, let keepsTerminal):
      isOwnSession = !keepsTerminal
      posix_spawn_file_actions_adddup2(&actions, input, 0)
      posix_spawn_file_actions_adddup2(&actions, output, 1)
      posix_spawn_file_actions_adddup2(&actions, errors, 2)
      if !keepsTerminal { flags |= Self.ownSession }
    }
    posix_spawnattr_setflags(&attributes, flags)
    Self.closeOthersOnStart()
    var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    var arguments = words.map { strdup($0) } + [nil]
    defer { for text in variables + arguments { free(text) } }
    var pid = pid_t()
    let code = posix_spawnp(&pid, program, &actions, &attributes, &arguments, &variables)
    guard code == 0 else { throw SystemFailure(code: code) }
    self.pid = pid
  }

  /// Why a process could not be started: an `errno`.
  struct SystemFailure: Error {
    let code: Int32
    var message: String { systemMessage(code) }
  }

  /// glibc's POSIX_SPAWN_SETSID, which its headers have for C alone.
  private static let ownSession: Int16 = 0x80

  /// Closes our other descriptors in it: a reader that waits for one of those to close would wait
  /// for its end.
  private static func closeOthersOnStart() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    for descriptor in names.compactMap({ Int32($0) }) where descriptor > STDERR_FILENO {
      let flags = fcntl(descriptor, F_GETFD)
      if flags >= 0 { _ = fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC) }
    }
  }

  /// Whether it has not ended yet; looks without waiting.
  mutating func isRunning() -> Bool {
    guard status == nil else { return false }
    var code: Int32 = 0
    guard waitpid(pid, &code, WNOHANG) == pid else { return true }
    status = code & 0x7f == 0 ? (code >> 8) & 0xff : 128 + (code & 0x7f)
    return false
  }

  /// Sends a signal to it, and with its own session to all processes of that.
  func send(_ signal: Int32) {
    guard status == nil else { return }
    kill(isOwnSession ? -pid : pid, signal)
  }
}
