// Reads a log from its beginning on a separate thread, while its end is shown already.
import Dashboard
import Dispatch
import Foundation
import RunRecords
import Synchronization

/// What all of a log comes to, up to where it ends by then.
final class PastReader: Sendable {
  private let state = Mutex(State())

  private struct State {
    var share = 0.0
    var result: (DashboardModel.Recorded, LogPosition)?
    var isCancelled = false
  }

  /// Records between two words about how far it is.
  private static let batch = 500

  init(log: String) {
    DispatchQueue.global(qos: .utility).async { [self] in
      // A log that cannot be read is the other reader's trouble.
      try? read(log)
    }
  }

  /// How much of the log is read, 0…1.
  var share: Double { state.withLock { $0.share } }

  func cancel() { state.withLock { $0.isCancelled = true } }

  /// What the log comes to, and up to where; nil as long as it is read.
  func take() -> (DashboardModel.Recorded, LogPosition)? {
    state.withLock { state in
      defer { state.result = nil }
      return state.result
    }
  }

  private func read(_ log: String) throws {
    var file = try RecordFile(at: log, .lenient, growth: .appended)
    var model = DashboardModel(source: .attached, pace: 0)
    while true {
      var records: [Record] = []
      while records.count < Self.batch, let record = try file.next() { records.append(record) }
      if !records.isEmpty { _ = update(&model, .records(records, time: 0)) }
      let isDone = records.count < Self.batch
      let share = file.size.map { Double(file.position.offset) / Double(max(1, $0)) } ?? 1
      let isCancelled = state.withLock { state in
        state.share = min(1, share)
        if isDone { state.result = (model.recorded, file.position) }
        return state.isCancelled
      }
      if isDone || isCancelled { return }
    }
  }
}
