// The arms that are tried to answer whether max-norm helps, each ready to draw trials from.
import Basics
import Foundation
import NeuralNetwork
import RunRecords

/// An arm of a study: what it is made of, and what its trials are drawn from.
package struct AdvisedArm: Sendable, Equatable {
  package let name: String
  /// Its regularizers in words, and the space of their strengths.
  let words: String
  let space: TrialSpace
  /// The experiment that it is made of.
  let source: ExperimentSource

  /// The arms of the question: each of the first four, and each with max-norm.
  package static let names = [
    "none", "early-stop", "l2", "dropout", "max-norm", "early-stop+max-norm", "l2+max-norm",
    "dropout+max-norm",
  ]
  /// A net without hidden layers, weight decay tuned: what a straight line comes to.
  package static let straightLine = "straight-line"

  /// The arm of regularizers of one of `names`.
  ///
  /// - Throws: `ProgramError` if the experiment has no place for one of them.
  package init(_ name: String, of source: ExperimentSource) throws(ProgramError) {
    try self.init(name, words: name, of: source)
  }

  /// An arm of any name, made of the regularizers in `words`.
  ///
  /// - Throws: `ProgramError` if the experiment has no place for one of them.
  package init(_ name: String, words: String, of source: ExperimentSource) throws(ProgramError) {
    self.name = name
    self.words = words
    self.source = source
    space = try TrialSpace(Regularizer.set(words) ?? [], of: source)
    _ = try source.arm(ArmSettings(name: name, from: words))
  }

  /// The last layer of an experiment's net on the inputs themselves, which is linear or logistic
  /// regression by its loss; nil where that is no answer to the same question.
  package init?(straightLineOf source: ExperimentSource) {
    guard case .list(let layers)? = source.document["model"], let last = layers.last,
      last[LayerKind.dense.rawValue] != nil,
      layers.allSatisfy({ Self.isOfOneRow($0) })
    else { return nil }
    var line = source
    line.forgetWhatWasGiven()
    guard
      (try? line.put("model", .list([.text(LayerKind.flatten.rawValue), last]))) != nil,
      let arm = try? AdvisedArm(Self.straightLine, words: Regularizer.l2.rawValue, of: line)
    else { return nil }
    self = arm
  }

  /// Whether a layer works on an example's values as such: not on tokens, nor in branches.
  private static func isOfOneRow(_ layer: JSONValue) -> Bool {
    let word: String? =
      if case .fields(let fields) = layer { fields.first?.key } else { layer.string }
    switch word.flatMap({ LayerKind(rawValue: $0) }) {
    case .embedding, .keep, .concatenate, .add, .encoder, .decoder, nil: return false
    case .dense, .conv2d, .convTranspose2d, .maxPool, .averagePool, .globalAveragePool, .flatten,
      .batchNorm, .layerNorm, .groupNorm, .rnn, .lstm, .gru, .relu, .gelu, .tanh, .sigmoid, .silu,
      .leakyReLU, .elu, .dropout:
      return true
    }
  }

  // MARK: Trials

  /// How the rows are dealt out for a trial.
  package struct Parts: Sendable, Equatable {
    /// The split of the resampling, counted from 1; nil: as the data are dealt out by themselves.
    package var split: Int?
    package var of: Int
    package var test: Test

    package init(split: Int?, of count: Int, test: Test) {
      (self.split, self.of, self.test) = (split, count, test)
    }

    /// What is held out for the end.
    package enum Test: Sendable, Equatable {
      /// Nothing: all rows are trained on or chosen by.
      case none
      /// A part that the run does not measure either, since it may be chosen.
      case sealed
      case measured
    }
  }

  /// The first trials of the arm, `seed` choosing the sequence that their settings are drawn from.
  ///
  /// Evaluations come about fifty times in `epochs`, unless the experiment says how often. The run's seed
  /// is the caller's to set.
  ///
  /// - Throws: `ProgramError` if the parts cannot be asked of the experiment's data.
  package func trials(
    _ count: Int, seed: UInt64, _ parts: Parts, epochs: Int
  ) throws(ProgramError) -> [Experiment] {
    var source = source
    try source.deal(parts)
    var trials: [Experiment] = []
    for values in space.trials(count, seed: seed) {
      var trial = try source.arm(ArmSettings(name: name, from: words), sweep: values)
      evaluateSeldom(&trial, epochs: epochs)
      trials.append(trial)
    }
    return trials
  }

  private func evaluateSeldom(_ trial: inout Experiment, epochs: Int) {
    guard source.document["evaluate_every"] == nil else { return }
    trial.evaluateEvery = max(1, epochs / Self.evaluations)
  }

  /// The experiment with settings of the arm, for a run of its own: of no arm and no resampling.
  ///
  /// Evaluations come as often as in the trials, for patience is counted in them.
  ///
  /// - Throws: `ProgramError` if they do not fit.
  package func experiment(
    with values: [SweptValue], epochs: Int
  ) throws(ProgramError) -> Experiment {
    var experiment = try source.arm(ArmSettings(name: name, from: words), sweep: values)
    let own = try source.experiment()
    (experiment.arm, experiment.sweep) = (own.arm, own.sweep)
    evaluateSeldom(&experiment, epochs: epochs)
    return experiment
  }

  /// More of them cost more than they tell where thousands of runs are made.
  private static let evaluations = 50
}

extension ExperimentSource {
  /// Asks for the parts of a trial; a test part that is asked for already stays as it is.
  fileprivate mutating func deal(_ parts: AdvisedArm.Parts) throws(ProgramError) {
    let own = document["data"]?["test"] ?? .null
    switch parts.test {
    case .none: if own != .null { try put("data.test", .flag(false)) }
    case .sealed, .measured:
      if own == .null || own == .flag(false) { try put("data.test", .flag(true)) }
      try put("data.sealed", .flag(parts.test == .sealed))
    }
    guard let split = parts.split else { return }
    try put(
      "data.resample", .fields([.init("split", .integer(split)), .init("of", .integer(parts.of))]))
  }
}
