// The training loop: one segment after the other, a reset starting a new one.
import Basics
import Datasets
import Dispatch
import Experiments
import Foundation
import NeuralNetwork
import RunRecords
import Synchronization

/// Runs an experiment to its end on the thread it is called on.
final class TrainingLoop {
  private let experiment: Experiment
  private let options: RunOptions
  private let mailbox: RunMailbox
  private let sinks: RunSinks
  /// Events of the schedule that were not due at any step.
  private(set) var unappliedEvents = 0

  init(_ experiment: Experiment, options: RunOptions, mailbox: RunMailbox, sinks: RunSinks) {
    self.experiment = experiment
    self.options = options
    self.mailbox = mailbox
    self.sinks = sinks
  }

  /// Trains until the run ends and nobody starts it again.
  ///
  /// - Throws: what the data, the experiment's sizes, files of weights or a log that fails without a
  ///   screen throw.
  func run() throws -> EndRecord.Reason {
    var resuming = options.resume
    var seed = resuming?.state.seed ?? experiment.seed
    let best = options.savedBest.map(BestWeights.init)
    var controls = RunControls(
      schedule: options.schedule, pace: options.pace ?? 0, hasTwin: options.twin)
    var isPaceOpen = options.pace == nil
    var dataset: Dataset?
    var isFirst = true
    defer { unappliedEvents = controls.schedule.unapplied }
    while true {
      // A reader that does not wait for the next results loses none of the earlier ones.
      try best?.write()
      try sinks.flush(all: true)
      // With its data at hand a run that starts again is ready at once, and ends as any other.
      let loads = dataset == nil
      if loads, !mailbox.prepare() { return mailbox.endWanted ?? .interrupted }
      let setup = try RunSetup(
        experiment, seed: seed, dataset: dataset, options: options,
        plannedSteps: options.resume?.state.plannedSteps)
      dataset = setup.dataset
      if isPaceOpen { controls.pace = setup.usualPace }
      isPaceOpen = false
      let segment = TrainingSegment(
        experiment, setup: setup, seed: seed, options: options, mailbox: mailbox, sinks: sinks,
        controls: controls, best: best, time: isFirst ? nil : .now)
      isFirst = false
      if let checkpoint = resuming.take() { try segment.resume(from: checkpoint) }
      segment.prepareCheckpoints()
      if loads, !mailbox.begin() { return .interrupted }
      defer { controls = segment.controls }
      let next: SegmentEnd
      do {
        next = try segment.run()
      } catch {
        // A log that fails is no reason to lose what was learned.
        try? saveWeights(of: setup)
        try? writeBest(best)
        throw error
      }
      switch next {
      case .restart(let newSeed):
        // The same seed has the same data; another draws its own.
        guard newSeed != seed else { continue }
        dataset = try load(seed: newSeed)
        guard dataset != nil else {
          // What is to end does not wait for it: the segment so far gets the end record.
          let reason = try segment.endWhileLoading()
          try saveWeights(of: setup)
          try writeBest(best)
          return reason
        }
        seed = newSeed
      case .leave(let reason):
        if reason != .diverged { try saveWeights(of: setup) }
        try writeBest(best)
        try sinks.flush(all: true)
        return reason
      }
    }
  }

  /// The data under another seed, loaded on a separate thread; nil if the run is to end first.
  private func load(seed: UInt64) throws -> Dataset? {
    let result = LoadedDataset()
    let (experiment, folder) = (experiment, options.dataFolder)
    DispatchQueue.global(qos: .userInitiated).async {
      result.set(
        Result {
          try Dataset(experiment, seed: seed, searchPath: DataSearchPath.standard(first: folder))
        })
    }
    while true {
      if let loaded = result.wait(seconds: 0.02) { return try loaded.get() }
      if mailbox.endWanted != nil { return nil }
    }
  }

  private func saveWeights(of setup: RunSetup) throws(ProgramError) {
    guard let path = options.savedWeights else { return }
    try mailbox.writing(path) { () throws(ProgramError) in
      try setup.learner.saveWeights(to: path, metadata: setup.weightsMetadata(of: experiment))
    }
  }

  private func writeBest(_ best: BestWeights?) throws(ProgramError) {
    guard let best, let path = options.savedBest else { return }
    try mailbox.writing(path) { () throws(ProgramError) in try best.write() }
  }
}

/// What a thread that loads data has come to.
private final class LoadedDataset: Sendable {
  private let result = Mutex<Result<Dataset, any Error>?>(nil)
  private let isThere = DispatchSemaphore(value: 0)

  func set(_ loaded: Result<Dataset, any Error>) {
    result.withLock { $0 = loaded }
    isThere.signal()
  }

  /// Waits for it, at most `seconds`; nil: not yet.
  func wait(seconds: Double) -> Result<Dataset, any Error>? {
    _ = isThere.wait(timeout: .now() + seconds)
    return result.withLock { $0 }
  }
}

/// What follows a segment.
enum SegmentEnd: Equatable {
  case restart(seed: UInt64)
  case leave(EndRecord.Reason)
}

/// What outlasts a segment: pauses, pace, and events still to come.
struct RunControls {
  var schedule: EventSchedule
  var pace: Double
  /// A twin trains beside the run, in the next segment too.
  var hasTwin = false
  var isPaused = false
  /// Steps to make although the run is paused.
  var singleSteps = 0
  /// Ends so far that have shown figures of the test part.
  var testLooks = 0
  /// The ids of the commands from outside that some of them were asked by.
  var askedSteps: [String?] = []
}
