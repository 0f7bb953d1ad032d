// Several runs at once, each on its own queue: the next one starts when one has ended.
import Experiments
import RunRecords

/// What carries out the runs of a comparison, here or elsewhere; belongs to the thread that made it.
package protocol RunEngine: AnyObject {
  /// No run is in progress or waiting, as far as this program is concerned.
  var isOver: Bool { get }
  /// Takes what has come, and starts what there is room for.
  func advance() -> [RunNews]
  /// Asks the runs for records of their steps up to now.
  func requestNews()
  /// Holds all runs, and starts none meanwhile.
  func pause(_ pauses: Bool)
  /// Stops what this program does for the runs; what only it can carry out is interrupted.
  func interrupt()
  /// The file that one of the runs is writing; nil: none.
  var writing: String? { get }
}

/// What has happened to runs, by their numbers.
package enum RunNews {
  case started(Int)
  case records(Int, [Record])
  case ended(Int, RunOutcome)
  /// It was lost, and is made again from its start.
  case lost(Int)
}

/// Carries out runs in this process, a few at a time.
package final class RunPool: RunEngine {
  private let lanes: Int
  private let onNews: @Sendable () -> Void
  private let prepare: (Int) throws -> (Experiment, RunOptions)
  private var waiting: ArraySlice<Int>
  private var running: [(index: Int, run: TrainingRun)] = []
  private var isPaused = false

  /// Takes the runs to carry out, by their numbers; `prepare` makes one ready just before it starts.
  ///
  /// `onNews` is called on the runs' queues when there is something to take.
  package init(
    _ runs: [Int], lanes: Int, onNews: @escaping @Sendable () -> Void,
    prepare: @escaping (Int) throws -> (Experiment, RunOptions)
  ) {
    waiting = runs[...]
    self.lanes = max(1, lanes)
    self.onNews = onNews
    self.prepare = prepare
  }

  /// No run is in progress or waiting.
  package var isOver: Bool { running.isEmpty && waiting.isEmpty }

  /// Takes what has come, and starts what there is room for.
  package func advance() -> [RunNews] {
    var news: [RunNews] = []
    running.removeAll { index, run in
      // The outcome comes after the last record: asked first, nothing is missed.
      let outcome = run.outcome
      let records = run.takeNews()
      if !records.isEmpty { news.append(.records(index, records)) }
      guard let outcome else { return false }
      _ = run.waitUntilDone()
      news.append(.ended(index, outcome))
      return true
    }
    while running.count < lanes, !isPaused, let index = waiting.popFirst() {
      do {
        var (experiment, options) = try prepare(index)
        options.publishes = true
        let run = TrainingRun(experiment, options: options, onNews: onNews)
        run.start()
        running.append((index, run))
        news.append(.started(index))
      } catch {
        news.append(.ended(index, .failed(error)))
      }
    }
    return news
  }

  /// Asks the runs for records of their steps up to now.
  package func requestNews() {
    for (_, run) in running { run.requestNews() }
  }

  /// Holds all runs, and starts none meanwhile.
  package func pause(_ pauses: Bool) {
    isPaused = pauses
    for (_, run) in running { run.send(pauses ? .pause : .resume) }
  }

  /// Ends the runs as a signal does, their logs completed, and starts no more.
  package func interrupt() {
    waiting = []
    for (_, run) in running { run.interrupt() }
  }

  /// The file that one of the runs is writing; nil: none.
  package var writing: String? { running.lazy.compactMap(\.run.writing).first }
}
