// Reads a log from its beginning on a separate thread, while its end is shown already.
import Basics
import Dashboard
import Dispatch
import RunRecords
import Synchronization

/// What all of a log comes to, up to where the reader of its end is by then.
///
/// The file that was read goes on from there in the place of the other one: nothing is read twice.
final class PastReader: Sendable {
  private let state: Mutex<State>
  /// Bytes that the reader of the end has passed.
  private let goal: Atomic<Int>

  private struct State: ~Copyable {
    /// Not there while it is read.
    var file: RecordFile?
    var share = 0.0
    /// What it comes to, once the goal is reached.
    var result: DashboardModel.Recorded?
    var isBroken = false
    var isCancelled = false
  }

  /// Records between two words about how far it is.
  private static let batch = 500
  private static let waitMilliseconds: Int32 = 100

  /// Reads a log up to so many bytes, and as far as `goal(_:)` says by then.
  init(_ file: consuming RecordFile, upTo bytes: Int) {
    state = Mutex(State(file: file))
    goal = Atomic(bytes)
    DispatchQueue.global(qos: .utility).async { [self] in read() }
  }

  /// How much of the log is read, 0…1.
  var share: Double { state.withLock { $0.share } }
  /// The log ended before the goal: whoever brought it has gone.
  var isBroken: Bool { state.withLock { $0.isBroken } }

  func move(goal bytes: Int) { goal.store(bytes, ordering: .relaxed) }

  func cancel() { state.withLock { $0.isCancelled = true } }

  /// What the log comes to, and the file behind that in the place of the other one; nil as long as it is
  /// read.
  func take(replacing other: inout RecordFile) -> DashboardModel.Recorded? {
    state.withLock { state in
      guard let result = state.result, let file = state.file.take() else { return nil }
      other = file
      state.result = nil
      return result
    }
  }

  private func read() {
    guard var file = state.withLock({ $0.file.take() }) else { return }
    var model = DashboardModel(source: .attached, pace: 0)
    while true {
      var records: [Record] = []
      var isBroken = false
      let goal = self.goal.load(ordering: .relaxed)
      do throws(ProgramError) {
        while records.count < Self.batch, file.position.offset < goal,
          let record = try file.next()
        {
          records.append(record)
        }
      } catch {
        // A log that cannot be read is the other reader's trouble.
        isBroken = true
      }
      if !records.isEmpty { _ = update(&model, .records(records, time: 0)) }
      let isDone = file.position.offset >= goal
      isBroken = isBroken || records.isEmpty && !isDone && file.isAtEnd
      let share = Double(file.position.offset) / Double(max(1, goal))
      let isCancelled = state.withLock { state in
        state.share = min(1, share)
        state.isBroken = isBroken
        return state.isCancelled
      }
      if isBroken || isCancelled { return }
      if isDone { break }
      if records.isEmpty { file.wait(milliseconds: Self.waitMilliseconds) }
    }
    let result = model.recorded
    var handed: RecordFile? = file
    state.withLock { state in
      state.file = handed.take()
      state.result = result
    }
  }
}
