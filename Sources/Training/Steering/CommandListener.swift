// Listens to a run's file of commands, off the training thread.
import Dispatch
import Foundation
import RunRecords
import Synchronization

/// Reads the file periodically, passes on what it asks for, and has norms written while somebody
/// watches.
final class CommandListener: Sendable {
  private let file: CommandFile
  private let norms: NormsFile
  private let mailbox: RunMailbox
  private let queue = DispatchQueue(label: "commands", qos: .userInitiated)
  private let isToStop = DispatchSemaphore(value: 0)
  private let done = DispatchGroup()
  private let state: Mutex<State>

  private struct State {
    var reader: CommandReader
    var offset: Int
    var isRunning = false
    /// Until when a viewer's last heartbeat counts, and when the next norms are due.
    var watchedUntil: ContinuousClock.Instant?
    var normsTime = ContinuousClock.now
  }

  /// Seconds between two looks.
  private static let interval = 0.05
  /// More in one look could not count.
  private static let mostBytes = 1 << 20
  /// What waits for the training thread waits in the file beyond this.
  private static let mostWaiting = 200
  private static let watchTime = Duration.seconds(10)
  private static let normsInterval = Duration.milliseconds(200)

  init(_ file: CommandFile, log: String, runID: String, mailbox: RunMailbox) {
    self.file = file
    self.mailbox = mailbox
    norms = NormsFile(besideLog: log)
    state = Mutex(
      State(
        reader: CommandReader(runID: runID, beginsInLine: file.beginsInLine), offset: file.start))
  }

  func start() {
    state.withLock { $0.isRunning = true }
    done.enter()
    let start = ContinuousClock.now
    queue.async { [self] in
      while isToStop.wait(timeout: .now() + Self.interval) == .timedOut {
        look(at: ContinuousClock.now, seconds: (ContinuousClock.now - start) / .seconds(1))
      }
      done.leave()
    }
  }

  /// Stops listening; returns once nothing of it is running.
  func stop() {
    let wasRunning = state.withLock { state in
      defer { state.isRunning = false }
      return state.isRunning
    }
    guard wasRunning else { return }
    isToStop.signal()
    done.wait()
    norms.remove()
  }

  private func look(at now: ContinuousClock.Instant, seconds: Double) {
    let items = mailbox.takesOrders(waiting: Self.mostWaiting) ? items(seconds) : []
    for item in items {
      switch item {
      case .command(let command, let id, let expires):
        // None ends a run in preparation, whose file is not yet read.
        _ = mailbox.send(.command(command, .file(id: id, expires: expires)))
      case .refusal(let record): mailbox.refuse(record)
      case .watch: watch(until: now + Self.watchTime)
      }
    }
    keepNorms(at: now)
  }

  private func items(_ seconds: Double) -> [CommandReader.Item] {
    state.withLock { state in
      let bytes = file.read(from: &state.offset, atMost: Self.mostBytes)
      return bytes.isEmpty ? [] : state.reader.take(bytes, seconds: seconds, now: .now)
    }
  }

  private func watch(until time: ContinuousClock.Instant) {
    let isFirst = state.withLock { state in
      defer { state.watchedUntil = time }
      return state.watchedUntil == nil
    }
    // A run that is paused makes no step that would bring them.
    if isFirst { mailbox.requestUnitNorms(wakes: true) }
  }

  private func keepNorms(at now: ContinuousClock.Instant) {
    if let record = mailbox.takeUnitNorms() { norms.write(record) }
    let (isWatched, isDue) = state.withLock { state in
      guard let end = state.watchedUntil else { return (false, false) }
      guard now < end else {
        state.watchedUntil = nil
        return (false, true)
      }
      guard now >= state.normsTime else { return (true, false) }
      state.normsTime = now + Self.normsInterval
      return (true, true)
    }
    guard isDue else { return }
    // What is still being written is not to be followed by more.
    if isWatched, !norms.isBusy { mailbox.requestUnitNorms(wakes: false) }
    if !isWatched { norms.remove() }
  }
}
