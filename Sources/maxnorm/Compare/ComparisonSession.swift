// A comparison being carried out: what is done already is kept, and what was interrupted resumes.
import Basics
import Comparisons
import Datasets
import Experiments
import Foundation
import RunRecords
import Training

/// Runs what a plan has still to run; belongs to the main thread.
final class ComparisonSession {
  private(set) var state: ComparisonState
  /// What ended the whole comparison: a disk that is full, say.
  private(set) var failure: (any Error)?
  private let plan: ComparisonPlan
  private let jobs: Int
  private let onNews: @Sendable () -> Void
  private var pool: (any RunEngine)?
  private var slurm: SlurmJobs? { pool as? SlurmJobs }
  private var isCancelled = false
  private var isConcluded = false
  private var troubleTold: String?
  /// Held as long as runs may be started in the folder.
  private var lock: Int32?
  /// Interrupted runs that can resume from their checkpoint, with what they have measured so far.
  private var begun: [Int: (checkpoint: Checkpoint, digest: RunDigest)] = [:]

  /// Reads the logs of the folder: what has ended in an earlier session is kept.
  ///
  /// - Throws: `ProgramError` if a log is not of this comparison.
  init(
    _ plan: ComparisonPlan, jobs: Int, title: String,
    onNews: @escaping @Sendable () -> Void
  ) throws {
    self.plan = plan
    self.jobs = jobs
    self.onNews = onNews
    let runs = plan.runs
    state = ComparisonState(
      name: plan.arms[0].name, title: title, kind: plan.kind,
      arms: plan.arms.indices.map(plan.name), margin: plan.margin,
      runs: runs.map { (plan.name($0.arm), $0.seed) })
    state.say(plan.opening)
    for (index, run) in runs.enumerated() { try look(index, run) }
  }

  private func look(_ index: Int, _ run: (arm: Int, seed: UInt64)) throws {
    let (name, experiment) = (plan.name(run.arm), plan.experiment(run))
    let digest: RunDigest?
    do {
      digest = try plan.folder.digest(of: experiment, arm: name)
    } catch  where plan.overwrites {
      return
    }
    if let digest, digest.end == .finished || digest.end == .diverged {
      state.update(index) { ($0.phase, $0.digest) = (.kept, digest) }
      return
    }
    // Slurm's runs start anew.
    guard plan.slurm == nil,
      let checkpoint = try? Checkpoint(contentsOf: plan.folder.checkpoint(name, run.seed)),
      (try? checkpoint.check(experiment)) != nil,
      let place = checkpoint.logs.first,
      let begun = try? plan.folder.digest(of: experiment, arm: name, upTo: place.bytes)
    else { return }
    self.begun[index] = (checkpoint, begun)
    state.update(index) { ($0.phase, $0.digest) = (.interrupted, begun) }
  }

  /// Whether nothing is left to do or in progress.
  var isOver: Bool { pool?.isOver ?? false }

  /// The commands that would do what is still to be done.
  func commands(program: String) -> [String] {
    plan.commands(program: program) { state.runs[$0].phase.isOver }
  }

  deinit {
    if let lock { close(lock) }
  }

  /// Starts the first runs.
  ///
  /// - Throws: `ProgramError` if the folder cannot be written, or another comparison works in it.
  func start() throws {
    try plan.folder.prepare(plan, elsewhere: plan.slurm != nil)
    lock = try plan.folder.lock()
    let left = state.runs.indices.filter { !state.runs[$0].phase.isOver }
    if plan.slurm != nil {
      pool = try SlurmJobs(plan, left)
    } else {
      pool = makePool(left)
    }
    advance()
  }

  /// Runs in this process.
  private func makePool(_ left: [Int]) -> RunPool {
    let runs = plan.runs
    return RunPool(left, lanes: jobs, onNews: onNews) { [plan, begun] index in
      let (run, name) = (runs[index], plan.name(runs[index].arm))
      var options = RunOptions()
      options.logEvery = plan.logEvery
      options.norms = plan.norms
      options.dataFolder = plan.dataFolder.map { URL(fileURLWithPath: $0, isDirectory: true) }
      options.resume = begun[index]?.checkpoint
      options.isHistoryShown = options.resume != nil
      options.logs = [
        try LogDestination(
          opening: plan.folder.log(name, run.seed), overwrite: true,
          places: options.resume?.logs ?? [])
      ]
      // Trials are many and short: one that was interrupted starts again.
      if plan.trials == nil {
        let checkpoint = plan.folder.checkpoint(name, run.seed)
        options.locks = [try SafetensorsFile.reserve(checkpoint)]
        options.checkpoint = CheckpointOptions(path: checkpoint, every: nil)
      }
      return (plan.experiment(run), options)
    }
  }

  /// Takes in what has happened; returns whether there was anything.
  @discardableResult
  func advance() -> Bool {
    guard let pool else { return false }
    let news = pool.advance()
    for entry in news {
      switch entry {
      case .started(let index):
        state.update(index) { run in
          run.phase = .running
          run.digest = begun[index]?.digest ?? RunDigest(arm: run.arm)
        }
      case .records(let index, let records):
        state.update(index) { run in for record in records { run.digest.apply(record) } }
      case .ended(let index, let outcome): end(index, outcome)
      case .lost(let index):
        state.update(index) { ($0.phase, $0.digest) = (.waiting, RunDigest(arm: $0.arm)) }
      }
    }
    if isOver, !isConcluded {
      isConcluded = true
      if let conclude = plan.conclude, state.runs.allSatisfy(\.phase.isOver) {
        state.say(conclude(state))
      }
    }
    return !news.isEmpty
  }

  /// Asks the runs how far they are; without asking only evaluations and ends arrive.
  func requestNews() { pool?.requestNews() }

  private func end(_ index: Int, _ outcome: RunOutcome) {
    let run = plan.runs[index]
    switch outcome {
    case .ended(.finished), .ended(.diverged):
      // The log is whole: nothing is left to resume.
      unlink(plan.folder.checkpoint(plan.name(run.arm), run.seed))
      state.update(index) { $0.phase = .ended }
    case .ended(.interrupted), .ended(.stopped), .ended(.failed):
      state.update(index) { $0.phase = .interrupted }
    case .failed(let error):
      let message = (error as? ProgramError)?.description ?? "\(error)"
      state.update(index) { $0.phase = .failed(message) }
      // What keeps one run from being written keeps all of them.
      // So does what is wrong with the data, which all of them read.
      if let error = error as? ProgramError, [.log, .checkpoint, .data].contains(error.subject) {
        failure = failure ?? error
        stop()
      }
    }
  }

  func pause(_ pauses: Bool) { pool?.pause(pauses) }

  // MARK: Runs elsewhere

  /// Whether the runs go on without this program.
  var isElsewhere: Bool { plan.slurm != nil }

  /// Gives up what goes on elsewhere.
  func cancel() {
    guard let slurm else { return }
    do throws(ProgramError) {
      try slurm.cancel()
      isCancelled = true
    } catch {
      failure = failure ?? error
    }
  }

  /// Why nothing is heard from elsewhere, once.
  func takeTrouble() -> String? {
    guard let trouble = slurm?.trouble, trouble != troubleTold else { return nil }
    troubleTold = trouble
    return "Slurm does not answer: \(trouble): asking again"
  }

  /// What is left to do once the comparison was left before its end; nil if it is whole.
  var rest: String? {
    guard !state.runs.allSatisfy(\.phase.isOver) else { return nil }
    let count = "\(state.over) of \(state.runs.count) runs"
    let isStill = state.runs.allSatisfy { $0.phase.isOver || $0.phase == .interrupted }
    if isCancelled || isElsewhere && isStill {
      return "cancelled after \(count): the same command submits the rest"
    }
    return isElsewhere
      ? "left after \(count): the jobs go on in Slurm, and the same command follows them again"
      : "stopped after \(count): the same command goes on from here"
  }

  // MARK: The end

  /// Ends what is in progress: it resumes when the same command is given again.
  func stop() {
    pool?.interrupt()
  }

  /// Whether all logs are complete, after `stop`.
  var hasFinished: Bool {
    advance()
    return pool?.isOver ?? true
  }

  /// The file that one of the runs is writing; nil: none.
  var writing: String? { pool?.writing }
}
