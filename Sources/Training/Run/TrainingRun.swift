// A run on its own Dispatch queue, as the rest of the program sees it.
import Dispatch
import Experiments
import Foundation
import NeuralNetwork
import RunRecords

/// How a run is carried out; what it computes stands in the experiment.
package struct RunOptions: Sendable {
  /// Threads of the matrix products; results may differ between counts, not between runs.
  package var threads = 1
  /// The logs get a step record every this many steps.
  package var logEvery = 10
  /// How the logs tell norms; the screen and event files have all of them.
  package var norms = NormsDetail.full
  /// Whether the logs tell how weights are distributed, beside the norms; the screen has it always.
  package var histograms = false
  /// Steps per second; 0 is as fast as it goes, nil what lasts about a minute.
  package var pace: Double? = 0
  /// Every one gets all records.
  package var logs: [LogDestination] = []
  /// Where event files go, with all records too.
  package var tensorBoard: TensorBoardDestination?
  /// Events of an earlier run to repeat.
  package var schedule = EventSchedule()
  /// A same-seed twin without the constraint trains beside the run from its start.
  package var twin = false
  /// Where data sets are looked for first that do not ship.
  package var dataFolder: URL?
  /// A safetensors file to start from; nil: weights are drawn from the seed.
  package var initialWeights: String?
  /// The safetensors file that the weights at the end go to, unless the run has diverged.
  package var savedWeights: String?
  /// The safetensors file that the weights at the best evaluation go to.
  package var savedBest: String?
  /// Where checkpoints go; nil: nowhere, unless the user at the screen asks for one.
  package var checkpoint: CheckpointOptions?
  /// What the run resumes from.
  package var resume: Checkpoint?
  /// The screen has the records of the run before `resume` from its log.
  package var isHistoryShown = false
  /// Held until the run has written its last file.
  package var locks: [FileLock] = []
  /// What the headers say of who writes them; nil: nothing.
  package var origin: RunOrigin?
  /// The file of commands that the run listens to, and the log that it lies beside.
  package var steering: Steering?
  /// Somebody takes the records with `takeNews`.
  package var publishes = false
  /// A person is at the screen: a log that fails does not end the run, and after the end the run
  /// waits to be started again.
  package var isInteractive = false

  /// What a run is steered by.
  package struct Steering: Sendable {
    package var commands: CommandFile
    package var log: String

    package init(_ commands: CommandFile, besideLog log: String) {
      (self.commands, self.log) = (commands, log)
    }
  }

  package init() {}
}

extension RunOptions {
  /// Lets go of what was reserved for the run's files, and takes away those it had no use for.
  package func releaseFiles() {
    for log in logs { log.removeIfUnused() }
    tensorBoard?.removeIfUnused()
    for lock in locks { lock.release() }
    steering?.commands.remove()
  }
}

/// A training run; one serial background queue trains, everything else sends orders and takes records.
package final class TrainingRun: Sendable {
  private let queue = DispatchQueue(label: "training", qos: .userInitiated)
  private let mailbox: RunMailbox
  private let experiment: Experiment
  private let options: RunOptions
  private let done = DispatchGroup()
  private let listener: CommandListener?

  /// Prepares a run; `onNews` is called on the training queue when there is something to take.
  package init(
    _ experiment: Experiment, options: RunOptions, onNews: @escaping @Sendable () -> Void
  ) {
    self.experiment = experiment
    self.options = options
    mailbox = RunMailbox(onNews: onNews)
    listener = options.steering.map { [mailbox] in
      CommandListener(
        $0.commands, log: $0.log, runID: options.origin?.runID ?? "", mailbox: mailbox)
    }
  }

  /// Starts to train; the network is born on the queue, so nothing mutable crosses.
  ///
  /// A run that is asked to end while its data are loading has ended at once: the loading that
  /// continues writes nothing, and ends unseen.
  package func start() {
    let (experiment, options, mailbox, done) = (experiment, options, mailbox, done)
    let listener = listener
    done.enter()
    listener?.start()
    // From here on an order to end finds it so.
    _ = mailbox.prepare()
    queue.async {
      // libgomp keeps the count per thread: set elsewhere it would do nothing here.
      Learner.setThreads(options.threads)
      // Its files are closed when it returns, before a waiting thread may end the program.
      let (outcome, unappliedEvents) = Self.train(experiment, options, mailbox)
      listener?.stop()
      options.releaseFiles()
      if mailbox.finish(outcome, unappliedEvents: unappliedEvents) { done.leave() }
    }
  }

  private static func train(
    _ experiment: Experiment, _ options: RunOptions, _ mailbox: RunMailbox
  ) -> (RunOutcome, unappliedEvents: Int) {
    let sinks = RunSinks(options, mailbox: mailbox)
    let loop = TrainingLoop(experiment, options: options, mailbox: mailbox, sinks: sinks)
    let outcome: RunOutcome
    do {
      outcome = .ended(try loop.run())
    } catch {
      // The other logs are left with whole lines.
      try? sinks.flush(all: true)
      outcome = .failed(error)
    }
    return (outcome, loop.unappliedEvents)
  }

  private func send(_ order: Order) {
    guard mailbox.send(order) else { return }
    listener?.stop()
    options.releaseFiles()
    done.leave()
  }

  /// Sends a command, which takes effect between two steps.
  package func send(_ command: Command) { send(.command(command, .program)) }

  /// Ends the run as a signal does: the log is completed.
  package func interrupt() { send(.interrupt) }

  /// Asks for a record of the steps up to the next one.
  ///
  /// Without asking only events, evaluations and ends arrive, so that a run costs nothing for frames
  /// that nobody draws.
  package func requestNews() { mailbox.requestNews() }

  /// The records since the last call.
  package func takeNews() -> [Record] { mailbox.takeNews() }

  /// What a user should know of how data and experiment were read, since the last call; the header
  /// has it too.
  package func takeNotes() -> [String] { mailbox.takeNotes() }

  /// How the run ended; nil while its queue is at work or a reset may still start it again.
  package var outcome: RunOutcome? { mailbox.outcome }

  /// Events of `RunOptions.schedule` that were not due at any step of the run.
  package var unappliedEvents: Int { mailbox.unappliedEvents }

  /// How many things went wrong while the screen was up, and the last of them: a log or a
  /// checkpoint that could not be written.
  package var troubles: (count: Int, last: (any Error)?) { mailbox.troubles }

  /// The file that is being written; nil: none.
  package var writing: String? { mailbox.writing }

  /// Waits until the run is done, at most `seconds`; returns whether it is.
  package func waitUntilDone(seconds: Double? = nil) -> Bool {
    guard let seconds else {
      done.wait()
      return true
    }
    return done.wait(timeout: .now() + seconds) == .success
  }
}
