// A program in a pseudo-terminal: keys in, a screen out, and what it left behind.

import Glibc

/// How a program ended.
enum ProgramEnd: Equatable {
  case exited(Int32)
  case killed(signal: Int32)
}

/// Runs a program with its own terminal, as its session's leader.
///
/// Tests wait for what is to happen, never for a time. All the same, every wait has a limit, so
/// that a broken program does not hold them up, and a test that ends early leaves no process
/// behind.
final class PseudoTerminal {
  private(set) var screen: ScreenEmulator
  /// For what surely comes, on a machine however busy: only a broken program needs all of it.
  static let patience = Duration.seconds(120)

  /// All bytes the program has written, for looking at when a test fails.
  private(set) var bytesWritten = 0
  /// The modes of the terminal before the program started.
  let initialModes: TerminalModes
  let process: pid_t
  private let master: Int32
  private(set) var end: ProgramEnd?

  /// Starts a program, in a folder if one is given; the environment is exactly the given one.
  init(
    _ program: String, _ arguments: [String] = [],
    environment: [String: String] = PseudoTerminal.environment(),
    columns: Int = 80, rows: Int = 24, folder: String? = nil
  ) throws {
    screen = ScreenEmulator(columns: columns, rows: rows)
    let path: String
    (master, path) = try openPseudoTerminal()
    setSize(of: master, columns, rows)
    _ = fcntl(master, F_SETFL, O_NONBLOCK)
    initialModes = TerminalModes(of: master)

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // The first terminal that a session's leader opens becomes the session's.
    posix_spawn_file_actions_addopen(&actions, 0, path, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(
      &attributes, Int16(newSession | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)

    var process: pid_t = 0
    // The shell goes to the folder and becomes the program.
    let words =
      folder.map { ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", $0, program] } ?? [program]
    let error = withArguments(words + arguments) { arguments in
      withArguments(environment.map { "\($0)=\($1)" }.sorted()) { variables in
        posix_spawn(&process, words[0], &actions, &attributes, arguments, variables)
      }
    }
    self.process = process
    guard error == 0 else { throw SystemFailure(call: "posix_spawn \(program)", error: error) }
  }

  deinit {
    if end == nil, process > 0 {
      kill(process, SIGKILL)
      kill(process, SIGCONT)
      waitpid(process, nil, 0)
    }
    close(master)
  }

  /// A small environment that does not depend on where the tests run.
  static func environment(
    term: String = "xterm-256color", locale: String = "C.UTF-8", _ more: [String: String] = [:]
  ) -> [String: String] {
    var environment = [
      "PATH": getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin",
      "HOME": "/tmp", "TERM": term, "LC_ALL": locale,
      // A path where nothing is and nothing can be: no test depends on what others have left
      // behind.
      "XDG_CONFIG_HOME": "/dev/null/none", "XDG_STATE_HOME": "/dev/null/none",
    ]
    environment["LD_LIBRARY_PATH"] = getenv("LD_LIBRARY_PATH").map { String(cString: $0) }
    return environment.merging(more) { $1 }
  }

  // MARK: Doing

  /// Types something; the program may be slow to read it.
  func send(_ text: String) {
    var bytes = Array(text.utf8)
    read(until: .now + Self.patience) {
      let written = write(master, bytes, bytes.count)
      if written > 0 { bytes.removeFirst(written) }
      return bytes.isEmpty
    }
  }

  /// Changes the window's size; the system tells the program.
  func resize(columns: Int, rows: Int) {
    screen.resize(columns: columns, rows: rows)
    setSize(of: master, columns, rows)
  }

  func signal(_ number: Int32) {
    kill(process, number)
  }

  // MARK: Looking

  /// Reads what the program has written so far.
  func read() {
    read(until: .now) { false }
  }

  /// Reads until the text stands on the screen; false if it never did.
  func waitUntil(_ text: String, within limit: Duration = patience) -> Bool {
    waitUntil(within: limit) { $0.text.contains(text) }
  }

  /// Reads until the screen is as wanted; false if it never was.
  func waitUntil(
    within limit: Duration = patience, _ isAsWanted: (ScreenEmulator) throws -> Bool
  ) rethrows -> Bool {
    try read(until: .now + limit) { try isAsWanted(screen) }
    return try isAsWanted(screen)
  }

  /// Reads until the program has ended; nil if it did not.
  func waitForEnd(within limit: Duration = patience) -> ProgramEnd? {
    read(until: .now + limit) { hasEnded() }
    if end != nil { readRest() }
    return end
  }

  /// Reads nothing until the terminal holds all that it can; false if that never came.
  func waitUntilFull() -> Bool {
    let deadline = ContinuousClock.now + Self.patience
    var count: Int32 = 0
    while ContinuousClock.now < deadline, count < 4000 {
      usleep(20_000)
      _ = ioctl(master, UInt(FIONREAD), &count)
    }
    return count >= 4000
  }

  /// Waits until the program has ended without reading what it writes; nil if it did not.
  func waitForEndUnread() -> ProgramEnd? {
    let deadline = ContinuousClock.now + Self.patience
    while !hasEnded(), ContinuousClock.now < deadline { usleep(20_000) }
    return end
  }

  /// Presses a key, which changes nothing the second time, until the text stands on the screen.
  func press(_ key: String, until text: String) -> Bool {
    let deadline = ContinuousClock.now + Self.patience
    repeat {
      send(key)
    } while !waitUntil(text, within: .seconds(1)) && ContinuousClock.now < deadline
    return screen.text.contains(text)
  }

  /// Closes whatever is open and leaves, whatever the program is doing.
  ///
  /// Esc is sent as an unambiguous sequence: a lone one is recognized by the time behind it.
  func leave() -> ProgramEnd? {
    let deadline = ContinuousClock.now + Self.patience
    while ContinuousClock.now < deadline {
      send("\u{1B}[27uqq")
      if waitForEnd(within: .milliseconds(300)) != nil { break }
    }
    return end
  }

  /// The modes of the terminal now.
  var modes: TerminalModes { TerminalModes(of: master) }

  /// What of the terminal is not as it was: modes, screen, cursor, mouse, attributes.
  var leftBehind: [String] {
    var left: [String] = []
    if modes != initialModes { left.append("modes \(modes), at first \(initialModes)") }
    if screen.isAlternateScreen { left.append("the alternate screen") }
    if !screen.isCursorVisible { left.append("a hidden cursor") }
    if !screen.mouseModes.isEmpty { left.append("mouse modes \(screen.mouseModes)") }
    if screen.marksPastes { left.append("marked pastes") }
    if !screen.isPlain { left.append("attributes") }
    return left
  }

  private func hasEnded() -> Bool {
    var status: Int32 = 0
    guard end == nil else { return true }
    guard waitpid(process, &status, WNOHANG) == process else { return false }
    let signal = status & 0x7F
    end = signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: signal)
    return true
  }

  /// Reads what the program wrote last, up to the end, which comes once nobody has the terminal
  /// open.
  ///
  /// Not for a time: a busy machine may not let this thread read at all in it.
  private func readRest() {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let deadline = ContinuousClock.now + Self.patience
    while true {
      let count = Glibc.read(master, &buffer, buffer.count)
      if count > 0 {
        bytesWritten += count
        screen.feed(buffer[..<count])
      } else if count == 0 || errno != EAGAIN || ContinuousClock.now > deadline {
        return
      } else {
        usleep(5_000)
      }
    }
  }

  /// Reads until the condition holds or the time is over, and then what is still there.
  private func read(
    until deadline: ContinuousClock.Instant, _ isEnough: () throws -> Bool
  ) rethrows {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while try !isEnough() {
      let left = (deadline - .now) / .milliseconds(1)
      var descriptor = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      poll(&descriptor, 1, Int32(min(max(left, 0).rounded(.up), 20)))
      let count = Glibc.read(master, &buffer, buffer.count)
      if count > 0 {
        bytesWritten += count
        screen.feed(buffer[..<count])
      } else if left <= 0 {
        return
      } else if descriptor.revents != 0 {
        // Nobody has the terminal open any more.
        usleep(5_000)
      }
    }
  }
}
