// A command that `maxnorm watch` has started: its process, what its Python tells, where its words go.
import Basics
import Foundation
import Resources
import RunRecords
import Terminal
import TerminalUI
import Training

/// A process in a session of its own, whose Python looks for a training; see
/// `Sources/Resources/python/site/sitecustomize.py`.
final class WatchedCommand {
  /// The command's first word.
  let name: String
  /// Where its records go, if it trains.
  let log: String
  /// Where standard output and standard error go.
  let output: String
  /// Options, token and states: what the Python side finds under MAXNORM_WATCH.
  private let folder: String
  private let pid: pid_t
  private let hasTerminal: Bool
  private var status: Int32?

  /// So long nothing is said of a command that makes no step, in seconds.
  private static let patience = 30.0

  /// Starts a command.
  ///
  /// - Throws: `ProgramError` where its files cannot be made, or it cannot be started.
  init(
    _ words: [String], log: String?, maxNorm: Float?, hasTerminal: Bool
  ) throws {
    self.hasTerminal = hasTerminal
    name = words[0]
    let path = try log ?? Self.newLog(words)
    self.log = URL(fileURLWithPath: path).standardizedFileURL.path
    guard !FileManager.default.fileExists(atPath: self.log) else {
      throw ProgramError(
        "--log: \(path): expected a new name, found a file: give another one",
        status: ProgramError.Status.output)
    }
    output = self.log + ".out"
    folder = try Self.makeFolder(log: self.log, maxNorm: maxNorm)
    do {
      pid = try Self.start(words, output: hasTerminal ? nil : output, folder: folder)
    } catch {
      try? FileManager.default.removeItem(atPath: folder)
      throw error
    }
  }

  // MARK: Starting

  /// `maxnorm-runs/train-20261130-101500.jsonl`, named for the script.
  private static func newLog(_ words: [String]) throws(ProgramError) -> String {
    let script = words.first { $0.hasSuffix(".py") } ?? words[0]
    let stem = URL(fileURLWithPath: script).deletingPathExtension().lastPathComponent
    let word = String(
      stem.map { $0.isASCII && ($0.isLetter || $0.isNumber) || "_-".contains($0) ? $0 : "_" })
    let time = WallTime.now.text.filter(\.isNumber).prefix(14)
    let folder = "maxnorm-runs"
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw ProgramError(
        "\(folder): expected a folder that can be made: \(error.localizedDescription): give --log",
        status: ProgramError.Status.output)
    }
    let name = "\(folder)/\(word.isEmpty ? "run" : word)-\(time)"
    let paths = [name] + (2...999).map { "\(name)-\($0)" }
    return (paths.first { !FileManager.default.fileExists(atPath: $0 + ".jsonl") } ?? name)
      + ".jsonl"
  }

  /// A folder that nobody else may enter: `watch.json`, and `site` with the sitecustomize alone.
  private static func makeFolder(log: String, maxNorm: Float?) throws -> String {
    let python = try ShippedFiles.url(of: .python)
    let parent = UserFolders.state?.path ?? NSTemporaryDirectory()
    let folder = "\(parent)/watch-\(RunOrigin.newRunID())"
    var options: [JSONValue.Field] = [
      .init("package", .text(python.path)), .init("log", .text(log)),
    ]
    if let maxNorm { options.append(.init("max_norm", .number(Double(maxNorm)))) }
    let library = ShippedFiles.sibling(PythonCommand.libraryName).path
    if FileManager.default.fileExists(atPath: library) {
      options.append(.init("library", .text(library)))
    }
    do {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/site", withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
      // The folders above it had to be made with it, and are as others are.
      chmod(folder, 0o700)
      try FileManager.default.copyItem(
        atPath: python.appendingPathComponent("site/sitecustomize.py").path,
        toPath: "\(folder)/site/sitecustomize.py")
      try JSONValue.fields(options).json.write(
        toFile: "\(folder)/watch.json", atomically: false, encoding: .utf8)
    } catch {
      throw ProgramError(
        "watch: \(folder): expected a folder that can be made: \(error.localizedDescription): set "
          + "XDG_STATE_HOME to one that can be written", status: ProgramError.Status.output)
    }
    return folder
  }

  private static func start(
    _ words: [String], output: String?, folder: String
  ) throws(ProgramError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // What this program watches or ignores is not to be what the command inherits.
    var (none, standard) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigemptyset(&standard)
    for number in [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGXFSZ, SIGTSTP] {
      sigaddset(&standard, number)
    }
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &standard)
    var flags = Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
    if let output {
      // A script that reads its terminal finds the end of a file.
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
      posix_spawn_file_actions_addopen(
        &actions, 1, output, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW, 0o600)
      posix_spawn_file_actions_adddup2(&actions, 1, 2)
      flags |= DetachedRun.ownSession
    }
    posix_spawnattr_setflags(&attributes, flags)
    var environment = ProcessInfo.processInfo.environment
    environment["MAXNORM_WATCH"] = folder
    let former = environment["PYTHONPATH"].flatMap { $0.isEmpty ? nil : $0 }
    environment["PYTHONPATH"] = ["\(folder)/site", former].compactMap { $0 }.joined(separator: ":")
    var variables: [UnsafeMutablePointer<CChar>?] =
      environment.map { strdup("\($0.key)=\($0.value)") }
    variables.append(nil)
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    arguments.append(nil)
    defer { for text in variables + arguments { free(text) } }
    var pid = pid_t()
    let code = posix_spawnp(&pid, words[0], &actions, &attributes, arguments, variables)
    guard code == 0 else {
      let isMissing = code == ENOENT && !words[0].contains("/")
      throw ProgramError(
        "\(words[0]): \(isMissing ? "expected a command on PATH, found none" : String(cString: strerror(code)))",
        status: code == ENOENT ? ProgramError.Status.notFound : ProgramError.Status.failure)
    }
    return pid
  }

  // MARK: Waiting

  var isRunning: Bool {
    if status != nil { return false }
    var code: Int32 = 0
    guard waitpid(pid, &code, WNOHANG) == pid else { return true }
    status = code & 0x7f == 0 ? (code >> 8) & 0xff : 128 + (code & 0x7f)
    return false
  }

  /// Waits until the log has begun or the command has ended; tells whether it has begun.
  ///
  /// Signals go on to the command.
  func waitForRun(_ signals: SignalWatcher) throws -> Bool {
    let start = ContinuousClock.now
    var hasTold = false
    var hasPassed = false
    while isRunning {
      var file = stat()
      if !hasTerminal, stat(log, &file) == 0, file.st_size > 0 { return true }
      if let signal = signals.received, !hasPassed {
        hasPassed = true
        // With the terminal it has got it itself.
        if !hasTerminal || signal != .interrupt { send(signal.rawValue) }
      }
      if !hasTold, !hasTerminal, ContinuousClock.now - start > .seconds(Self.patience) {
        hasTold = true
        report("no optimizer step after \(Int(Self.patience)) s: \(standing)")
      }
      usleep(20_000)
    }
    return false
  }

  func send(_ signal: Int32) {
    guard isRunning, signal > 0 else { return }
    // The session's own group: its children are meant too.
    kill(hasTerminal ? pid : -pid, signal)
  }

  /// The command's exit status, or 128 and the number of the signal that ended it.
  func waitForEnd() -> Int32 {
    let signals = SignalWatcher { [pid, hasTerminal] signal in
      if !hasTerminal || signal != .interrupt { kill(hasTerminal ? pid : -pid, signal.rawValue) }
    }
    defer { signals.cancel() }
    while isRunning { usleep(20_000) }
    return status ?? 0
  }

  /// Waits no longer than so.
  func waitForEnd(within patience: Duration) {
    let deadline = ContinuousClock.now + patience
    while isRunning, ContinuousClock.now < deadline { usleep(20_000) }
  }

  // MARK: What its Python told

  /// Its log has an end.
  var hasTrained: Bool {
    guard let file = FileHandle(forReadingAtPath: log) else { return false }
    defer { try? file.close() }
    let size = (try? file.seekToEnd()) ?? 0
    try? file.seek(toOffset: size > 4096 ? size - 4096 : 0)
    let tail = (try? file.readToEnd()) ?? Data()
    return tail.range(of: Data(#"{"type":"end""#.utf8)) != nil
  }

  /// What kept it from being watched; nil where it was.
  var problem: String? {
    var file = stat()
    guard stat(log, &file) != 0 || file.st_size == 0 else { return nil }
    return "\(name) ended without a training that could be watched: \(standing)"
  }

  private struct State: Decodable {
    var state: String
    var framework: String?
    var reason: String?
  }

  /// How far its Python has come, in words.
  private var standing: String {
    let lines = (try? String(contentsOfFile: "\(folder)/states.jsonl", encoding: .utf8)) ?? ""
    let states = lines.split(separator: "\n").compactMap {
      try? JSONDecoder().decode(State.self, from: Data($0.utf8))
    }
    guard let last = states.last else {
      return "no Python has looked for it: none was started, or one with -I, -E or -S"
    }
    let framework = last.framework.map(ScreenText.printable) ?? "a framework"
    switch last.state {
    case "loaded": return "no framework was imported"
    case "imported": return "\(framework) was imported, and no optimizer step was made"
    case "needs_a_line":
      return "\(framework) trains in functions of the script: it takes a line in it, see "
        + "'maxnorm help \(framework == "optax" ? "jax" : framework)'"
    case "no_model": return "the optimizer's weights belong to no model that could be found"
    case "failed": return "\(framework): \(ScreenText.printable(last.reason ?? "no reason told"))"
    default: return "its last word was '\(ScreenText.printable(last.state))'"
    }
  }

  deinit {
    // A run that goes on may start Pythons that look there.
    if status != nil { try? FileManager.default.removeItem(atPath: folder) }
  }
}
