// The training loop: one segment after the other, a reset starting a new one.
import RunRecords

/// Runs an experiment to its end on the thread it is called on.
final class TrainingLoop {
  private let experiment: Experiment
  private let options: RunOptions
  private let exchange: RunExchange
  private let sinks: RunSinks

  init(_ experiment: Experiment, options: RunOptions, exchange: RunExchange, sinks: RunSinks) {
    self.experiment = experiment
    self.options = options
    self.exchange = exchange
    self.sinks = sinks
  }

  /// Trains until the run ends and nobody starts it again.
  ///
  /// - Throws: what the data, the experiment's sizes or a log that fails without a screen throw.
  func run() throws -> EndRecord.Reason {
    var seed = experiment.seed
    var controls = RunControls(schedule: options.schedule, pace: options.pace)
    while true {
      let segment = try RunSegment(
        experiment, seed: seed, options: options, exchange: exchange, sinks: sinks,
        controls: controls)
      let next = try segment.run()
      controls = segment.controls
      switch next {
      case .restart(let newSeed): seed = newSeed
      case .leave(let reason):
        try sinks.flush(all: true)
        return reason
      }
    }
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
  var isPaused = false
  /// Steps to make although the run is paused.
  var singleSteps = 0
}
