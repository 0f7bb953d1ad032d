// What the trials of an arm are drawn from: the learning rate, and the strength of each of its regularizers.
import Basics
import Foundation
import NeuralNetwork
import RunRecords

/// The settings of an arm's trials, which are drawn together.
package struct TrialSpace: Sendable, Equatable {
  private let axes: [Axis]

  private struct Axis: Sendable, Equatable {
    /// All of them get the value: layers of dropout have the same rate.
    var keys: [String]
    var low: Double
    var high: Double
    var isLogarithmic = true
    var isWhole = false
    /// Of the sequence: what several arms have is drawn alike in all of them.
    var dimension: Int
  }

  /// Rates are tried up to so many times as high and as low as the experiment's own.
  private static let rateFactor = 10.0
  /// The range of a sweep that names none.
  private static let ceilingFactor = 4.0
  /// Where the experiment has no ceiling of its own: around 1, which suits layers of up to
  /// a few hundred units.
  private static let usualCeilings = 0.25...4.0
  private static let decays = 1e-4...1e-1
  /// Decay that is taken from the weights is multiplied by smaller rates.
  private static let decoupledDecays = 1e-3...1.0
  private static let dropoutRates = 0.1...0.6
  /// Evaluations without a better one.
  private static let patiences = 2.0...20.0

  /// The space of an arm that has these parts.
  ///
  /// - Throws: `ProgramError` if the experiment has no place for one of them.
  package init(_ parts: Set<Regularizer>, of source: ExperimentSource) throws(ProgramError) {
    let own = try source.experiment()
    let rate = own.optimizer.learningRate
    guard rate > 0 else {
      throw ProgramError(
        experiment: source.name, path: "optimizer.learning_rate",
        problem: "expected a rate above 0 to try others around it, found \(rate)", hint: "")
    }
    var axes = [
      Axis(
        keys: ["optimizer.learning_rate"], low: rate / Self.rateFactor,
        high: rate * Self.rateFactor, dimension: 0)
    ]
    var next = 2
    for part in Regularizer.allCases where parts.contains(part) {
      let dimension = part == .maxNorm ? 1 : next
      guard let axis = try Self.axis(part, dimension, own, source) else { continue }
      axes.append(axis)
      if part != .maxNorm { next += 1 }
    }
    self.axes = axes
  }

  /// The strength of a regularizer; nil if it has none.
  private static func axis(
    _ part: Regularizer, _ dimension: Int, _ own: Experiment, _ source: ExperimentSource
  ) throws(ProgramError) -> Axis? {
    switch part {
    case .l2:
      let range = own.optimizer.decouplesDecay ? decoupledDecays : decays
      return Axis(
        keys: ["optimizer.weight_decay"], low: range.lowerBound, high: range.upperBound,
        dimension: dimension)
    case .maxNorm:
      let r = own.isConstrained ? own.globalCeiling : nil
      return Axis(
        keys: ["constraint.max_norm"],
        low: r.map { $0 / ceilingFactor } ?? usualCeilings.lowerBound,
        high: r.map { $0 * ceilingFactor } ?? usualCeilings.upperBound, dimension: dimension)
    case .dropout:
      var regularized = source
      try regularized.regularize(with: [.dropout])
      return Axis(
        keys: dropoutKeys(in: regularized.document["model"] ?? .null, path: "model"),
        low: dropoutRates.lowerBound, high: dropoutRates.upperBound, isLogarithmic: false,
        dimension: dimension)
    case .earlyStop:
      return Axis(
        keys: ["stopping.patience"], low: patiences.lowerBound, high: patiences.upperBound,
        isWhole: true, dimension: dimension)
    case .batchNorm: return nil
    }
  }

  /// The paths of the layers' rates, those of an encoder and a decoder too.
  private static func dropoutKeys(in model: JSONValue, path: String) -> [String] {
    guard case .list(let layers) = model else { return [] }
    return layers.enumerated().flatMap { index, layer -> [String] in
      guard case .fields(let fields) = layer, fields.count == 1 else { return [] }
      let (kind, value) = (fields[0].key, fields[0].value)
      let inner = "\(path).\(index).\(kind)"
      if kind == LayerKind.dropout.rawValue { return [inner] }
      return dropoutKeys(in: value, path: inner)
    }
  }

  /// The first trials of a sequence that is the seed's own, each with a value for every key.
  package func trials(_ count: Int, seed: UInt64) -> [[SweptValue]] {
    let sequence = HaltonSequence(dimensions: HaltonSequence.mostDimensions, seed: seed)
    return (0..<count).map { number in
      let point = sequence[number]
      return axes.flatMap { axis in
        var value = SweepAxis.value(
          axis.low, axis.high, point[axis.dimension], isLogarithmic: axis.isLogarithmic)
        if axis.isWhole { value = value.rounded() }
        return axis.keys.map { SweptValue(key: $0, value: value) }
      }
    }
  }
}

extension OptimizerSettings {
  /// Whether decay is taken from the weights rather than added to the gradient.
  fileprivate var decouplesDecay: Bool {
    switch kind {
    case .adamw, .lion: true
    case .nadam(let rule): rule.decouples
    case .sgd, .adam, .rmsprop, .adagrad: false
    }
  }
}
