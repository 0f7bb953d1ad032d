// A checkpoint: a run in a file, from which it resumes bit for bit.
import Basics
import Experiments
import Foundation
import NeuralNetwork
import RunRecords

extension ProgramError {
  /// A checkpoint that cannot be read, written or resumed from.
  init(checkpoint kind: Kind, _ path: String, _ problem: String, _ hint: String) {
    self.init(.checkpoint, kind, path, problem, hint)
  }
}

/// What a checkpoint holds; whether its tensors fit is found out when there is a network.
package struct Checkpoint: Sendable {
  /// The file.
  package var path: String
  /// The experiment, and what paths in it are relative to.
  package var source: ExperimentSource
  var state: RunState
  /// Weights, running statistics, the optimizer's states and the carried ones.
  var tensors: [NamedTensor]

  /// Optimizer steps completed.
  package var step: Int { state.place.progress.step }
  /// What the run was carried out with, which goes for the rest too unless changed.
  package var threads: Int { state.threads }
  package var logEvery: Int { state.logEvery }
  /// Where the logs of the run stood.
  package var logs: [LogPlace] { state.logs }

  /// What a run of these options differs in though it computes the same otherwise; nil: nothing.
  package func difference(threads: Int) -> String? {
    if state.threads != threads {
      return "\(state.threads) threads in the checkpoint, \(threads) here"
    }
    if state.build != buildConfiguration {
      return "a \(state.build) build wrote the checkpoint, this is a \(buildConfiguration) build"
    }
    return nil
  }
}

extension Checkpoint {
  /// Keys that do not affect what a run has done.
  private static let free: Set = [
    "title", "description", "name", "pace", "epochs", "steps", "comparison",
  ]
  /// Keys by which an experiment is another one.
  private static let identity: Set = ["data", "model", "loss"]

  /// Finds out whether an experiment is the checkpoint's, apart from when it ends.
  ///
  /// - Throws: `ProgramError` that names the first key that differs.
  package func check(_ experiment: Experiment) throws(ProgramError) {
    let own: Experiment
    do {
      own = try source.experiment()
    } catch {
      throw ProgramError(checkpoint: .bad, path, "experiment: \(error)", "give another checkpoint")
    }
    for field in own.document.allFields(with: experiment.document)
    where !Self.free.contains(field.key) {
      guard
        let difference = JSONValue.difference(
          own.document[field.key], experiment.document[field.key])
      else { continue }
      let key = ([field.key] + difference.path).joined(separator: ".")
      let problem =
        "\(key): expected \(difference.first) as the checkpoint has it, found \(difference.second)"
      if Self.identity.contains(field.key) {
        throw ProgramError(
          checkpoint: .bad, path, problem,
          "it is of another experiment ('\(own.name)'): give its own")
      }
      throw ProgramError(
        checkpoint: .usage, path, problem,
        "it would change what the run has done: leave the option out, or change it by key or --events "
          + "in a run from the start")
    }
  }

  /// The steps the run ends after: the checkpoint's, unless the experiment now says otherwise.
  func totalSteps(of experiment: Experiment, planned: Int) -> Int {
    guard let own = try? source.experiment(), own.steps == experiment.steps,
      own.epochs == experiment.epochs
    else { return planned }
    return state.totalSteps
  }
}
