// A trained network from a file of weights, with all that it takes to answer rows of other files.
import Basics
import Datasets
import Experiments
import Foundation
import NeuralNetwork
import RunRecords

/// Answers rows; lives on the thread that made it.
package final class Predictor {
  /// How its outputs become answers.
  package let output: OutputEncoding
  /// What a user should know of the file.
  package let notes: [String]
  private let description: WeightsDescription
  private let learner: Learner
  private let loss: LossFunction

  /// Reads weights as a run writes them; the training data are not needed.
  ///
  /// The calling thread's matrix products get `threads`.
  ///
  /// - Throws: `ProgramError` if it cannot be read, or does not say how its weights are used.
  package init(weights path: String, threads: Int = 1) throws(ProgramError) {
    Learner.setThreads(threads)
    let metadata = try SafetensorsFile(contentsOf: path).metadata
    func bad(_ problem: String, _ hint: String) -> ProgramError {
      ProgramError(weights: .bad, path: path, problem: problem, hint: hint)
    }
    guard let yaml = metadata[WeightsDescription.Key.experiment],
      let text = metadata[WeightsDescription.Key.data]
    else {
      throw bad(
        "expected weights that say what their inputs are, found tensors alone",
        "give a file that 'maxnorm run --save' wrote; --init and --save add it to weights of others"
      )
    }
    let experiment: Experiment
    do {
      description = try WeightsDescription(text: text)
      experiment = try ExperimentSource(
        document: JSONValue(yaml: yaml, name: path), name: path,
        folder: URL(fileURLWithPath: "/", isDirectory: true)
      ).experiment()
    } catch {
      throw bad(
        "expected a description of the inputs, found another text",
        "a later version of the program may have written the file: use that one")
    }
    guard description.version <= WeightsDescription.current else {
      throw bad(
        "expected a description of version \(WeightsDescription.current), found "
          + "\(description.version)", "a later version of the program wrote it: use that one")
    }
    guard let output = description.output else {
      throw bad(
        "expected a network that answers rows with a class or numbers, found one for "
          + "\(experiment.title)", "the samples of a run show what it answers")
    }
    self.output = output
    loss = experiment.objective.loss
    guard description.isFitting else {
      throw bad(
        "expected a description that fits itself, found sizes that differ",
        "the file was altered: save the weights again")
    }
    (learner, notes) = try Self.learner(experiment, description, path: path)
    guard fits(output) else {
      throw bad(
        "expected \(output.classes.isEmpty ? output.means.count : output.classes.count) outputs, "
          + "found \(learner.outputSize)", "the file was altered: save the weights again")
    }
  }

  private static func learner(
    _ experiment: Experiment, _ description: WeightsDescription, path: String
  ) throws(ProgramError) -> (Learner, [String]) {
    var layers = experiment.layers
    if layers.lackVocabulary, description.tokens.count == 2 {
      layers = layers.fillingVocabularies(
        description.tokens[0], targetTokens: description.tokens[1])
    }
    let learner: Learner
    do {
      learner = try Learner(
        model: ModelDescription(
          inputShape: description.inputShape, decoderLength: description.decoderLength,
          layers: layers),
        objective: experiment.objective, optimizer: experiment.optimizer,
        schedule: LearningRateSchedule(), constraint: experiment.constraint, batch: 1,
        carriesState: false, seed: experiment.seed)
    } catch {
      throw ProgramError(
        weights: .bad, path: path, problem: "expected a network, found: \(error)",
        hint: "the file was altered: save the weights again")
    }
    return (learner, try learner.loadWeights(from: path))
  }

  /// Whether the network has an output for each class or number.
  private func fits(_ output: OutputEncoding) -> Bool {
    guard output.classes.isEmpty else {
      let count = loss == .binaryCrossEntropy ? 1 : output.classes.count
      return (loss != .binaryCrossEntropy || output.classes.count == 2)
        && 1...learner.outputSize ~= output.positions
        && learner.outputSize == count * output.positions && description.decoderLength == 0
    }
    return learner.outputSize == output.means.count && output.deviations.count == output.means.count
      && description.decoderLength == 0
  }

  // MARK: Rows

  /// The rows of a table, columns by name.
  ///
  /// - Throws: `ProgramError` if it cannot be read, or these weights read no tables.
  package func rows(of table: TableSource, name: String) throws(ProgramError) -> EncodedRows {
    switch description.input {
    case .table(let encoding): return try encoding.rows(table, classes: output.classes)
    case .series(let encoding): return try encoding.rows(table)
    case .array:
      throw ProgramError(
        .data, .bad, name,
        "expected an array of shape [N, "
          + description.inputShape.map(String.init).joined(separator: ", ")
          + "], as the weights were trained on; found a table",
        "give a file of NumPy (.npy, .npz:NAME) or IDX")
    }
  }

  /// Whether these weights read arrays and images instead of tables.
  package var readsArrays: Bool {
    if case .array = description.input { true } else { false }
  }

  /// The rows of an array or the images of an IDX file; `targets` is the file of what they are.
  ///
  /// - Throws: `ProgramError` if it cannot be read, or has another shape.
  package func rows(of array: URL, targets: URL?) throws(ProgramError) -> EncodedRows {
    guard case .array(let encoding) = description.input else {
      return try rows(of: .file(array), name: array.path)
    }
    return try encoding.rows(
      array, targets: targets, shape: description.inputShape, classes: output.classes)
  }

  // MARK: Answers

  /// What the network answers to rows, one for each that has an input, in their order.
  package func answers(_ rows: EncodedRows) -> [Answer] {
    let outputs = learner.predict(rows.inputs, count: rows.count)
    let size = learner.outputSize
    let origins = rows.origins.map { origins in
      zip(origins, rows.reasons).filter { $1 == nil }.map(\.0)
    }
    return (0..<rows.count).map { row in
      let values = outputs[row * size..<(row + 1) * size]
      guard output.classes.isEmpty else { return classes(Array(values)) }
      return .numbers(
        values.enumerated().map { place, output in
          guard loss != .binaryCrossEntropy else { return Self.sigmoid(output) }
          return self.output.value(output: output, at: place, origin: origins?[row])
        })
    }
  }

  private static func sigmoid(_ logit: Float) -> Double { 1 / (1 + exp(-Double(logit))) }

  private func classes(_ logits: [Float]) -> Answer {
    if loss == .binaryCrossEntropy {
      let positive = Self.sigmoid(logits[0])
      return .classes([[1 - positive, positive]])
    }
    let count = output.classes.count
    return .classes(
      stride(from: 0, to: logits.count, by: count).map { start in
        let logits = logits[start..<start + count].map { Double($0) }
        let largest = logits.max() ?? 0
        let powers = logits.map { exp($0 - largest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
      })
  }
}

/// A network's answer to a row.
package enum Answer: Sendable, Equatable {
  /// The probability of each class, once for each step where a row is a sequence of them.
  case classes([[Double]])
  /// In units, one for each output.
  case numbers([Double])
}

extension [Double] {
  /// The place of the largest; of equal ones the first.
  package var largestPlace: Int {
    indices.max { self[$0] < self[$1] || self[$0] == self[$1] && $0 > $1 } ?? 0
  }
}
