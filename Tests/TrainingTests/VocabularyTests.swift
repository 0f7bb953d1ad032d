// Embeddings that leave their vocabulary to the data, and those whose own is too small.
import Basics
import Experiments
import Foundation
import NeuralNetwork
import RunRecords
import Testing

@testable import Datasets
@testable import Training

@Suite struct VocabularyTests {
  private func experiment(_ embedding: String) throws -> Experiment {
    try ExperimentSource(
      document: try JSONValue(
        yaml: """
          data: {npy: {inputs: x.npy, targets: y.npy}}
          model: [{embedding: \(embedding)}, {gru: {hidden: 2}}, {dense: {units: 2}}]
          loss: cross_entropy
          """, name: "tokens"), name: "tokens", folder: URL(fileURLWithPath: "/")
    ).experiment()
  }

  /// Tokens up to 6 to train on, up to 8 to measure on.
  private let data: Dataset = {
    func part(_ tokens: [Float]) -> Examples {
      Examples(inputs: tokens, targets: .classes([0, 1], classes: 2), count: 2)
    }
    return Dataset(
      train: part([0, 6, 1, 2]), validation: part([8, 0, 1, 1]), inputShape: [2],
      classNames: ["0", "1"], task: .classification)
  }()

  @Test func `without one it is one more than the largest token of both parts`() throws {
    let experiment = try experiment("{name: e, size: 3}")
    let setup = try RunSetup(experiment, seed: 1, dataset: data)
    #expect(setup.learner.tensors[0].shape == [9, 3])
    let header = setup.header(experiment, seed: 1, threads: 1)
    guard case .list(let layers)? = header.experiment["model"] else {
      Issue.record("no layers in the header")
      return
    }
    // The header has the number; the experiment as written goes without.
    #expect(layers[0]["embedding"]?["vocabulary"] == .integer(9))
    let shown = try JSONValue(yaml: experiment.document.yaml(), name: "shown")
    #expect(try Experiment(shown, name: "tokens", folder: experiment.folder) == experiment)
  }

  @Test func `a vocabulary too small is an error with the size needed`() throws {
    let problem = #expect(throws: ProgramError.self) {
      try RunSetup(experiment("{vocabulary: 5, size: 3}"), seed: 1, dataset: data)
    }
    #expect(
      problem?.problem.hasSuffix("found some up to 8: set its vocabulary to 9, or leave it out")
        == true)
  }

  @Test func `numbers that are not tokens are an error`() throws {
    var data = data
    data.train.inputs[1] = 0.5
    let problem = #expect(throws: ProgramError.self) {
      try RunSetup(experiment("{size: 3}"), seed: 1, dataset: data)
    }
    #expect(problem?.problem.contains("whole numbers of at least 0, found 0.5") == true)
  }

  @Test func `a text's is its alphabet, a translation's each its own`() throws {
    let text = try Dataset.language("abcabcabcabc", name: "t", window: 2, validation: 0.3)
    #expect(text.tokenCounts == (3, 3))
    let dates = Dataset.dates(train: 20, validation: 5, seed: 1)
    guard case .translation(let translation) = dates.task else { return }
    #expect(dates.tokenCounts == (translation.source.count, translation.target.count))
  }
}
