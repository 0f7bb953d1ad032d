// A command that `maxnorm watch` has started: its process, what its Python reports, where its
// output goes.
import Basics
import Foundation
import PlainText
import Resources
import RunRecords
import Terminal
import TerminalUI
import Training

/// A process in its own session, whose Python looks for a training; see
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
  private let hasTerminal: Bool
  private var process: ChildProcess

  private let start = ContinuousClock.now

  /// So long nothing is said of a command that makes no step.
  private static let patience = Duration.seconds(30)

  /// Starts a command.
  ///
  /// - Throws: `ProgramError` if its files cannot be made, or it cannot be started.
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
    output = ConsoleReader.path(besideLog: self.log)
    folder = try Self.makeFolder(log: self.log, maxNorm: maxNorm)
    do {
      process = try Self.spawn(words, output: hasTerminal ? nil : output, folder: folder)
    } catch {
      try? FileManager.default.removeItem(atPath: folder)
      throw error
    }
  }

  // MARK: Starting

  /// `maxnorm-runs/train-20261130-101500.jsonl`, named for the script and the time in UTC.
  private static func newLog(_ words: [String]) throws(ProgramError) -> String {
    let script = words.first { $0.hasSuffix(".py") } ?? words[0]
    let stem = URL(fileURLWithPath: script).deletingPathExtension().lastPathComponent
    let word = String(
      stem.map { $0.isASCII && ($0.isLetter || $0.isNumber) || "_-".contains($0) ? $0 : "_" })
    let digits = WallTime.now.text.filter(\.isNumber)
    let time = "\(digits.prefix(8))-\(digits.dropFirst(8).prefix(6))"
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
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
      for path in [folder, "\(folder)/site"] {
        try FileManager.default.createDirectory(
          atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
      }
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

  private static func spawn(
    _ words: [String], output: String?, folder: String
  ) throws(ProgramError) -> ChildProcess {
    var environment = ProcessInfo.processInfo.environment
    environment["MAXNORM_WATCH"] = folder
    // An empty part would be the folder where the command runs.
    let former = environment["PYTHONPATH"].flatMap { $0.isEmpty ? nil : $0 }
    environment["PYTHONPATH"] = ["\(folder)/site", former].compactMap { $0 }.joined(separator: ":")
    var streams = ChildProcess.Streams.shared
    var descriptor: Int32 = -1
    defer { if descriptor >= 0 { close(descriptor) } }
    if let output {
      descriptor = open(
        output, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else {
        throw ProgramError(
          "\(output): cannot write: \(systemMessage()): give another --log",
          status: ProgramError.Status.output)
      }
      streams = .files(output: descriptor, errors: descriptor)
    }
    do throws(ChildProcess.SystemFailure) {
      return try ChildProcess(words[0], words: words, environment: environment, streams)
    } catch {
      if let output { unlink(output) }
      let isMissing = error.code == ENOENT
      throw ProgramError(
        "\(words[0]): "
          + (isMissing && !words[0].contains("/")
            ? "expected a command on PATH, found none" : error.message),
        status: isMissing ? ProgramError.Status.notFound : ProgramError.Status.failure)
    }
  }

  // MARK: Waiting

  var isRunning: Bool { process.isRunning() }

  /// Why there is no run yet, once the wait is worth a remark; nil until then.
  var delay: String? {
    guard !hasLog, ContinuousClock.now - start > Self.patience else { return nil }
    return "no optimizer step after \(Int(Self.patience / .seconds(1))) s: \(standing)"
  }

  /// Sends a signal on to the command, unless the terminal they share has done so.
  func pass(_ signal: StopSignal) {
    let isFromKeys = signal == .interrupt || signal == .quit
    if !hasTerminal || !isFromKeys { process.send(signal.rawValue) }
  }

  /// The command's exit status, or 128 plus the number of the signal that ended it.
  ///
  /// Signals are passed on to it; `tell` is called once if it makes no step for long.
  func waitForEnd(_ signals: SignalWatcher, tell: (String) -> Void) -> Int32 {
    var hasPassed = false
    var hasTold = hasTerminal
    while isRunning {
      if let signal = signals.received, !hasPassed {
        hasPassed = true
        pass(signal)
      }
      if !hasTold, let delay {
        hasTold = true
        tell(delay)
      }
      usleep(20_000)
    }
    return process.status ?? 0
  }

  /// Waits for the command's end, but no longer than so.
  func waitForEnd(within patience: Duration) {
    let deadline = ContinuousClock.now + patience
    while isRunning, ContinuousClock.now < deadline { usleep(20_000) }
  }

  // MARK: What its Python reported

  /// Its log has an end.
  var hasTrained: Bool {
    guard let file = FileHandle(forReadingAtPath: log) else { return false }
    defer { try? file.close() }
    let size = (try? file.seekToEnd()) ?? 0
    try? file.seek(toOffset: size > 4096 ? size - 4096 : 0)
    let tail = (try? file.readToEnd()) ?? Data()
    return tail.range(of: Data(#"{"type":"end""#.utf8)) != nil
  }

  /// A run has begun.
  var hasLog: Bool {
    var file = stat()
    return stat(log, &file) == 0 && file.st_size > 0
  }

  /// What there is to say of the watching once it is over: a sentence each.
  var remarks: [String] {
    if !hasLog { return ["\(name) ended without a training that could be watched: \(standing)"] }
    return troubles
  }

  /// What went wrong with watching a run: a sentence each.
  var troubles: [String] {
    states.compactMap { (state) -> String? in
      switch state.state {
      case "no_loss": "no loss was found: none of its losses is in the log"
      case "warning": ScreenText.printable(state.text ?? "")
      default: nil
      }
    }
  }

  private struct State: Decodable {
    var state: String
    var framework: String?
    var reason: String?
    var text: String?
  }

  /// What the Python side has reported so far; its lines are `Watch.tell`'s in lifecycle.py.
  private var states: [State] {
    // Whoever runs in the command may write there; more than that no Python of ours does.
    let file = FileHandle(forReadingAtPath: "\(folder)/states.jsonl")
    let bytes = (try? file?.read(upToCount: Self.mostStateBytes)) ?? Data()
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap {
      try? JSONDecoder().decode(State.self, from: Data($0.utf8))
    }
  }

  private static let mostStateBytes = 1 << 18

  /// How far its Python has come, in words.
  private var standing: String {
    guard let last = states.last(where: { $0.state != "warning" }) else {
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
    // A run that is still going may start Pythons that look there.
    if process.status != nil { try? FileManager.default.removeItem(atPath: folder) }
  }
}
