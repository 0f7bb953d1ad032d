// A run on another host, over ssh: the same log, norms and commands as on this one.
import ArgumentParser
import Basics
import Dashboard
import Foundation
import RunRecords
import Terminal
import PlainText
import Training

/// Reaches a log that lies on another host; connects again where the connection breaks off.
final class RemoteChannel: RunChannel {
  let header: RunHeader?
  let size: Int
  /// Less than on this host: a line may be slow.
  let tailBytes = 1 << 20
  /// When the log was written last is not asked for.
  let silenceBefore = 0.0
  private(set) var restarts = 0
  private let address: RemoteAddress
  private let shell: SecureShell
  private let scripts: RemoteScripts
  /// The host's own name.
  private let hostName: String
  /// The session that the connection lasts with.
  private var watch: PipedProcess
  private var connection = Connection.up
  /// Sessions that bring the log, its end and its past: whoever reads one closes what it writes to, and so
  /// ends it.
  private var records: [PipedProcess] = []
  private var openTimes: [Double] = []
  private var lastTime = 0.0
  private let outlet: RemoteCommandOutlet
  private var state = State()

  private enum Connection {
    case up
    /// Since when and why; when it is tried again, and how often it was in vain.
    case down(since: Double, reason: String, next: Double, tries: Int)
    /// A try goes on.
    case trying(since: Double, reason: String, tries: Int)
  }

  /// What the watching session has told last.
  private struct State {
    /// The session has told its marker: what stands before is the other host's own.
    var isSpeaking = false
    var inode: Substring?
    var size = 0
    var isGone = false
    var exitStatus: Int32?
    /// Why there is nothing to read.
    var refusal: String?
    var norms: Record?
  }

  /// Seconds between two tries to connect again, doubled from the first on.
  private static let shortestWait = 1.0
  private static let longestWait = 10.0
  /// Sessions that end at once are not to be followed by others as fast as that goes.
  private static let mostOpenedPerSecond = 3

  /// Connects; what ssh asks is asked on the terminal.
  ///
  /// - Throws: `ProgramError` if there is no connection or no log, or an `ExitCode` after a signal.
  init(_ address: RemoteAddress, ssh: String = "ssh") throws {
    let marker = "maxnorm-\(RunOrigin.newRunID())"
    self.address = address
    shell = try SecureShell(ssh, to: address.host)
    scripts = RemoteScripts(path: address.path, marker: marker)
    watch = try shell.connect(scripts.watch, asks: true)
    outlet = RemoteCommandOutlet(address)
    let found = try Self.hearOut(watch, marker, address)
    (hostName, header, size) = (found.host, found.header, found.size)
    (state.inode, state.size, state.isSpeaking) = (found.inode, found.size, true)
    askToWatch()
  }

  deinit {
    // The others go through the first one's connection.
    records = []
    outlet.session = nil
    watch.end()
  }

  // MARK: Connecting

  private struct Found {
    var host = ""
    var inode: Substring?
    var size = 0
    var header: RunHeader?
  }

  /// Waits for what there is to know of the log, while ssh may ask and complain on the terminal.
  private static func hearOut(
    _ session: PipedProcess, _ marker: String, _ address: RemoteAddress
  ) throws -> Found {
    let signals = SignalWatcher { _ in }
    defer { signals.cancel() }
    var found = Found()
    var isSpeaking = false
    while true {
      session.wait(milliseconds: 100)
      // What ssh and its host have to say belongs before the screen, or to the error.
      for line in session.takeComplaints().split(whereSeparator: \.isNewline) {
        writeToStandardError(ScreenText.printable(line) + "\n")
      }
      for bytes in session.takeLines() {
        guard isSpeaking else {
          isSpeaking = bytes.elementsEqual(marker.utf8)
          continue
        }
        let line = Line(bytes)
        switch line.kind {
        case "X":
          throw ProgramError(
            .none, .unreadable, address.text,
            "expected a log, found \(ScreenText.printable(line.text))",
            "a path goes from the home there unless it begins with /")
        case "U": found.host = String(line.text)
        case "S":
          if let (inode, size, _) = line.standing { (found.inode, found.size) = (inode, size) }
        case "H":
          // An empty log has none yet.
          if let record = try? RecordLineReader(.lenient).record(on: line.bytes),
            case .header(let header) = record
          {
            found.header = header
          } else if !line.bytes.isEmpty {
            found.header = RunHeader((address.path as NSString).lastPathComponent) {
              ($0.program, $0.version) = (nil, nil)
            }
          }
          return found
        default: break
        }
      }
      if let signal = signals.received { throw ExitCode(signal.exitStatus) }
      if session.isOver {
        throw ProgramError(
          .none, .unreadable, address.host,
          "expected a connection by ssh, found none: \(session.complaint)",
          "'ssh \(address.host)' says more")
      }
    }
  }

  /// Has the session go on: by the process, where the log is from that host.
  private func askToWatch() {
    let origin = header?.origin
    let pid = origin?.host == hostName ? origin?.pid ?? 0 : 0
    // Both stand in a log: only what they can be goes to a shell's variable.
    let runID = origin.map(\.runID).flatMap { CommandRequest.isID($0, atMost: 64) ? $0 : nil }
    _ = watch.send(Array("\(max(0, pid)) \(runID ?? "-")\n".utf8))
  }

  func advance(at time: Double) {
    lastTime = time
    switch connection {
    case .up, .trying:
      hear()
      if watch.isOver { lose(at: time) }
    case .down(let since, let reason, let next, let tries):
      guard time >= next else { return }
      do throws(ProgramError) {
        watch = try shell.connect(scripts.watch, asks: false)
        state.isSpeaking = false
        connection = .trying(since: since, reason: reason, tries: tries)
      } catch {
        connection = .down(
          since: since, reason: error.description, next: time + Self.longestWait, tries: tries)
      }
    }
    outlet.advance()
  }

  private func lose(at time: Double) {
    let reason = state.refusal ?? watch.complaint
    state.refusal = nil
    records = []
    watch.end()
    var (since, tries) = (time, 0)
    if case .trying(let before, _, let count) = connection { (since, tries) = (before, count + 1) }
    let wait = min(Self.longestWait, Self.shortestWait * Double(1 << min(tries, 8)))
    connection = .down(since: since, reason: reason, next: time + wait, tries: tries)
  }

  private func hear() {
    for bytes in watch.takeLines() {
      guard state.isSpeaking else {
        state.isSpeaking = bytes.elementsEqual(scripts.marker.utf8)
        continue
      }
      let line = Line(bytes)
      switch line.kind {
      case "X": state.refusal = ScreenText.printable(line.text)
      case "S": standing(line)
      case "H":
        askToWatch()
        connection = .up
        // Whoever listened may listen still.
        outlet.session = outlet.isWanted ? try? shell.run(scripts.commands) : nil
      case "N":
        if let record = try? RecordLineReader(.lenient).record(on: line.bytes),
          case .norms = record
        {
          state.norms = record
        }
      case "E":
        let entry = try? JSONDecoder().decode(RunEntry.self, from: Data(line.bytes))
        if entry?.runID == header?.origin?.runID { state.exitStatus = entry?.exitStatus }
      default: break
      }
    }
  }

  private func standing(_ line: Line) {
    guard let (inode, size, process) = line.standing else { return }
    if state.inode != nil, state.inode != inode || size < state.size { restarts += 1 }
    (state.inode, state.size) = (inode, size)
    state.isGone = process == "gone"
  }

  /// A line of the watching session.
  private struct Line {
    var kind: Character
    var bytes: ArraySlice<UInt8>

    init(_ line: [UInt8]) {
      let hasKind = line.count > 1 && line[1] == UInt8(ascii: " ")
      kind = hasKind ? Character(Unicode.Scalar(line[0])) : "-"
      bytes = line.dropFirst(2)
    }

    var text: String { String(decoding: bytes.prefix(300), as: UTF8.self) }

    /// Inode, size and process.
    var standing: (inode: Substring, size: Int, process: Substring)? {
      let words = text.split(separator: " ")
      guard words.count == 3, let size = Int(words[1]) else { return nil }
      return (words[0], size, words[2])
    }
  }

  // MARK: What the run says

  func open(from start: LogStart) throws(ProgramError) -> RecordFile? {
    guard case .up = connection else { return nil }
    openTimes.removeAll { $0 < lastTime - 1 }
    guard openTimes.count < Self.mostOpenedPerSecond else { return nil }
    openTimes.append(lastTime)
    records.removeAll { !$0.isRunning() }
    let session = try shell.run(scripts.records(from: start.offset))
    records.append(session)
    return RecordFile(
      pipe: session.takeOutput(), named: address.path, from: start, behind: scripts.marker)
  }

  func nextNorms(at time: Double) -> Record? {
    defer { state.norms = nil }
    return state.norms
  }

  var life: RunAttachment.Life {
    switch connection {
    case .up: state.isGone ? .gone(status: state.exitStatus) : .living
    case .down(let since, let reason, _, _), .trying(let since, let reason, _):
      .unreachable(seconds: Int(max(0, lastTime - since)), reason: reason)
    }
  }

  // MARK: Commands

  func openCommands(as name: String?) throws(ProgramError) -> CommandWriter {
    let session = try shell.run(scripts.commands)
    outlet.session = session
    while outlet.isHeardThere == nil, !session.isOver {
      session.wait(milliseconds: 100)
      outlet.advance()
    }
    guard outlet.isHeard else {
      throw .notListening(CommandFile.path(besideLog: address.text), "no file to write to")
    }
    outlet.isWanted = true
    return CommandWriter(to: outlet, runID: header?.origin?.runID, name: name)
  }
}
