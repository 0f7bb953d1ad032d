// The runs below some folders, kept up to date on threads of its own: a glance at each first, then all of
// each, and then whatever comes.
import Dispatch
import Foundation
import RunRecords
import Synchronization

/// A list of runs that fills in and stays current.
///
/// Anybody may ask for the list at any time; nobody waits for a log.
package final class RunIndex: Sendable {
  private let roots: [String]
  private let cache: RunCache?
  private let senses: FigureSenses
  private let live: @Sendable () -> [LiveRun]
  private let onChange: @Sendable () -> Void
  private let state = Mutex(State())
  /// Readers at a time: a disk and a person at the keys share the machine with them.
  private let lanes = max(1, min(4, ProcessInfo.processInfo.activeProcessorCount))

  /// What is known of a process that makes a log.
  package struct LiveRun: Sendable {
    package var log: String
    package var process: IndexedRun.Process

    package init(log: String, process: IndexedRun.Process) {
      self.log = log
      self.process = process
    }
  }

  /// The runs as they are known now.
  package struct Snapshot: Sendable {
    package var runs: [IndexedRun] = []
    /// Grows with every change.
    package var revision = 0
    /// Whether all logs were looked at once, and whether all of them were read.
    package var isListed = false
    package var isWhole = false
    /// Bytes of logs that are read, and that there are.
    package var readBytes = 0
    package var totalBytes = 0
    /// The curves that were asked for, by path.
    package var curves: [String: RunCurves] = [:]

    package init() {}
  }

  private struct State {
    var snapshot = Snapshot()
    /// Where a run stands in the list, by its path.
    var places: [String: Int] = [:]
    /// Files that are no logs, as they were then.
    var ignored: [String: FileMark] = [:]
    /// Whose curves are wanted, and which version of the log they are of.
    var wanted: [String] = []
    var curveMarks: [String: FileMark] = [:]
    var isStopped = false
    var isUnsaved = false

    /// After the list was made anew.
    mutating func count() {
      let runs = snapshot.runs
      places = Dictionary(runs.indices.map { (runs[$0].path, $0) }) { first, _ in first }
      snapshot.totalBytes = runs.reduce(0) { $0 + $1.mark.size }
      snapshot.readBytes = runs.reduce(0) { $0 + ($1.isWhole ? $1.mark.size : 0) }
    }
  }

  /// Seconds between two looks at the folders.
  private static let interval = 1.0

  /// Folders and logs below which runs are; `cache` is the path of the file that spares reading again,
  /// nil: none; `live` returns what is known of processes.
  package init(
    _ roots: [String], cache: String?, senses: FigureSenses = .standard,
    live: @escaping @Sendable () -> [LiveRun] = { [] },
    onChange: @escaping @Sendable () -> Void = {}
  ) {
    self.roots = roots.map(Self.absolute)
    self.cache = cache.map(RunCache.init)
    self.senses = senses
    self.live = live
    self.onChange = onChange
  }

  package var snapshot: Snapshot { state.withLock { $0.snapshot } }

  /// Reads on a thread of its own from now on, until `stop`.
  package func start() {
    DispatchQueue.global(qos: .utility).async { [self] in
      refresh()
      save()
      let clock = ContinuousClock()
      var pause = Self.interval
      while !isStopped {
        // A few looks at what curves are wanted between two at the folders.
        for _ in 0..<4 where !isStopped {
          usleep(useconds_t(pause * 250_000))
          readWantedCurves()
        }
        guard !isStopped else { return }
        // A large tree of folders is looked through a tenth of the time at most.
        let seconds = clock.measure { refresh() } / .seconds(1)
        pause = min(60, max(Self.interval, 10 * seconds))
      }
    }
  }

  /// Ends the reading; what was read is kept for the next time.
  package func stop() {
    state.withLock { $0.isStopped = true }
    save()
  }

  private var isStopped: Bool { state.withLock { $0.isStopped } }

  private func save() {
    guard let cache else { return }
    let runs = state.withLock { state -> [IndexedRun]? in
      defer { state.isUnsaved = false }
      return state.isUnsaved ? state.snapshot.runs : nil
    }
    if let runs { cache.save(runs) }
  }

  /// Brings everything up to date and returns when all is read.
  package func refresh() {
    let isFirst = !snapshot.isListed
    list()
    if isFirst, let cache {
      let filled = cache.fill(snapshot.runs)
      change { state in
        for index in state.snapshot.runs.indices {
          guard var run = filled[state.snapshot.runs[index].path],
            run.mark == state.snapshot.runs[index].mark
          else { continue }
          run.process = state.snapshot.runs[index].process
          state.snapshot.runs[index] = run
        }
        state.count()
      }
    }
    readWhole()
  }

  private func change(_ body: (inout State) -> Void) {
    state.withLock { state in
      body(&state)
      state.snapshot.revision += 1
    }
    onChange()
  }

  // MARK: What is there

  /// Looks which logs there are, and at the ends of those that are new or were changed.
  private func list() {
    let processes = live()
    let logs = LogFolders(roots: roots + processes.map(\.log)).logs()
    let (known, ignored) = state.withLock { state in
      (
        Dictionary(state.snapshot.runs.map { ($0.path, $0) }) { first, _ in first }, state.ignored
      )
    }
    let byLog = Dictionary(processes.map { ($0.log, $0.process) }) { first, _ in first }
    // Each lane looks at its share; the results lie in the order of the logs.
    let results = Mutex([IndexedRun?](repeating: nil, count: logs.count))
    let lanes = lanes
    DispatchQueue.concurrentPerform(iterations: min(lanes, max(1, logs.count))) { lane in
      for index in stride(from: lane, to: logs.count, by: lanes) {
        let log = logs[index]
        guard ignored[log.path] != log.mark else { continue }
        let run = LogLook(senses: senses).run(
          of: log, before: known[log.path], process: byLog[log.path])
        results.withLock { $0[index] = run }
      }
    }
    let found = results.withLock { $0 }
    let runs = found.compactMap { $0 }
    let isChanged =
      runs.count != known.count
      || runs.contains { run in
        guard let before = known[run.path] else { return true }
        return before.mark != run.mark || before.process != run.process
      }
    guard isChanged || !snapshot.isListed else { return }
    change { state in
      for (log, run) in zip(logs, found) {
        if case nil = run { state.ignored[log.path] = log.mark }
      }
      state.snapshot.runs = runs
      state.snapshot.isListed = true
      state.count()
    }
  }

  static func absolute(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.path
  }

  // MARK: All of it

  /// Reads what is not read yet, several logs at a time.
  private func readWhole() {
    let unread = state.withLock { state in
      state.snapshot.runs.indices.filter { !state.snapshot.runs[$0].isWhole }.map {
        state.snapshot.runs[$0]
      }
    }
    if !unread.isEmpty {
      let next = Mutex(0)
      DispatchQueue.concurrentPerform(iterations: min(lanes, unread.count)) { _ in
        while !isStopped {
          let index = next.withLock { next in
            defer { next += 1 }
            return next
          }
          guard index < unread.count else { return }
          var run = unread[index]
          guard LogReading.read(&run, senses, isWanted: { !isStopped }) else { return }
          put(run)
        }
      }
    }
    guard !isStopped, !snapshot.isWhole || !unread.isEmpty else { return }
    change { state in
      state.snapshot.isWhole = state.snapshot.runs.allSatisfy(\.isWhole)
    }
  }

  private func put(_ run: IndexedRun) {
    change { state in
      guard let index = state.places[run.path], state.snapshot.runs[index].mark == run.mark
      else { return }
      var run = run
      state.snapshot.readBytes += run.mark.size
      run.process = state.snapshot.runs[index].process
      state.snapshot.runs[index] = run
      state.isUnsaved = true
    }
  }

  // MARK: Curves

  /// Says whose curves are to be there in full; those of others go.
  package func want(curvesOf paths: [String]) {
    let isNew = state.withLock { state in
      guard state.wanted != paths else { return false }
      state.wanted = paths
      for path in state.snapshot.curves.keys where !paths.contains(path) {
        state.snapshot.curves[path] = nil
        state.curveMarks[path] = nil
      }
      return paths.contains { state.snapshot.curves[$0] == nil }
    }
    guard isNew else { return }
    DispatchQueue.global(qos: .userInitiated).async { [self] in readWantedCurves() }
  }

  private func readWantedCurves() {
    while !isStopped {
      let next = state.withLock { state -> IndexedRun? in
        let wanted = state.snapshot.runs.first { run in
          state.wanted.contains(run.path) && state.curveMarks[run.path] != run.mark
        }
        // Only one of the threads that come here reads it.
        if let wanted { state.curveMarks[wanted.path] = wanted.mark }
        return wanted
      }
      guard let next else { return }
      let curves = RunCurves.read(next, senses) { [self] in
        state.withLock { $0.wanted.contains(next.path) && !$0.isStopped }
      }
      guard let curves else { continue }
      change { state in
        if state.wanted.contains(next.path) { state.snapshot.curves[next.path] = curves }
      }
    }
  }
}
