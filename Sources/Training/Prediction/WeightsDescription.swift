// What a file of weights says beside them: all that turns a row into an input, and an output into an
// answer.
import Basics
import Datasets
import Experiments
import Foundation
import NeuralNetwork
import RunRecords

/// How the network of a file is used.
struct WeightsDescription: Sendable, Equatable, MetadataText {
  /// Grows when a reader of earlier files would be misled.
  var version = Self.current
  /// The shape of one example, without a decoder's tokens.
  var inputShape: [Int]
  var decoderLength: Int
  /// How many different tokens the inputs have, and those of a decoder.
  var tokens: [Int]
  var input: InputEncoding
  /// nil: the task's answers are neither classes nor numbers of a row.
  var output: OutputEncoding?

  static let current = 1

  /// The metadata's keys; checkpoints had the first one before there were others.
  enum Key {
    static let experiment = "experiment"
    static let data = "maxnorm_data"
  }
}

/// How outputs become answers.
package struct OutputEncoding: Sendable, Equatable, Codable {
  /// The column that is predicted; empty if it has no name.
  package var target: String
  /// The names of the classes; empty for numbers.
  package var classes: [String]
  /// Classes of one row: of a sequence one for each step.
  package var positions = 1
  /// In units, one for each output: what an output is multiplied by, and what is then added.
  package var deviations: [Double]
  package var means: [Double]
  /// Steps from the last row of a window to what is forecast; nil: no forecast.
  package var horizon: Int?
  /// What was done to a forecast value, as `data.transform` has it.
  package var transform: String?
}

extension OutputEncoding {
  /// nil where a row's answer is neither a class nor numbers.
  init?(_ dataset: Dataset) {
    self.init(target: "", classes: [], deviations: [], means: [])
    switch dataset.task {
    case .classification:
      guard case .classes(_, let count, let positions) = dataset.train.targets else { return nil }
      self.positions = positions
      classes = dataset.classNames.isEmpty ? (0..<count).map(String.init) : dataset.classNames
      if case .table(let table) = dataset.encoding { target = table.target.name }
    case .regression(let scale):
      (target, means, deviations) = (scale.name, scale.means, scale.deviations)
    case .forecast(let forecast):
      (target, means, deviations) = (forecast.name, [forecast.mean], [forecast.deviation])
      (horizon, transform) = (forecast.horizon, forecast.transform.rawValue)
    case .segmentation, .detection, .language, .translation: return nil
    }
  }

  /// An output in units; `origin` is the value that a transformed forecast starts from.
  func value(output: Float, at place: Int, origin: Double?) -> Double {
    let value = Double(output) * deviations[place] + means[place]
    guard let origin, let transform = transform.flatMap(Forecast.Transform.init) else {
      return value
    }
    return switch transform {
    case .none: value
    case .difference: origin + value
    case .logDifference: origin * exp(value)
    }
  }
}

extension RunSetup {
  /// What describes the network in a file of its weights; the experiment is as it was run.
  ///
  /// - Throws: `ProgramError` if it cannot be written down.
  func weightsMetadata(of experiment: Experiment) throws(ProgramError) -> [String: String] {
    var resolved = experiment
    resolved.layers = layers
    do {
      return [
        WeightsDescription.Key.experiment: try resolved.document.yaml(),
        WeightsDescription.Key.data: try weightsDescription.text(),
      ]
    } catch {
      throw ProgramError(
        weights: .unwritable, path: experiment.name,
        problem: "expected to describe how the weights are used: \(error)", hint: "report it")
    }
  }

  var weightsDescription: WeightsDescription {
    let tokens = experimentLacksVocabulary ? dataset.tokenCounts : (inputs: 1, decoder: 1)
    return WeightsDescription(
      inputShape: dataset.inputShape, decoderLength: dataset.decoderLength,
      tokens: [tokens.inputs, tokens.decoder], input: dataset.encoding,
      output: OutputEncoding(dataset))
  }
}

extension WeightsDescription {
  /// Whether its sizes fit each other: a file may hold anything.
  var isFitting: Bool {
    let most = 1 << 30
    guard !inputShape.isEmpty, decoderLength >= 0, decoderLength < most,
      tokens.allSatisfy({ 1...most ~= $0 })
    else { return false }
    var size = 1
    for length in inputShape {
      let (product, overflow) = size.multipliedReportingOverflow(by: length)
      guard length > 0, !overflow, product <= most else { return false }
      size = product
    }
    return input.fits(inputShape)
  }
}
