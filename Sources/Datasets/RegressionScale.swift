// The scale of a regression's targets: what brings an answer back to its units, and what to beat.
import Basics

/// How the targets of a regression were scaled, one mean and one deviation for each output.
package struct RegressionScale: Sendable, Equatable {
  /// What is predicted; empty if it has no name.
  package var name: String
  /// The targets have mean 0 and variance 1 of the training part.
  package var isStandardized: Bool
  /// In units; 0 if nothing was standardized.
  package var means: [Double]
  /// In units; 1 if nothing was standardized.
  package var deviations: [Double]
  /// The targets that are measured on, in units, row by row, as the data has them.
  package var truth: [Double]
  /// Of the training part's targets, in units.
  private let trainMeans: [Double]
  /// The root mean squared error, in units, of always answering the training part's mean, measured
  /// on the validation part: a net that does no better has learnt nothing.
  package var baselineRMSE: Double

  /// An output in units.
  package func value(output: Float, at index: Int = 0) -> Double {
    Double(output) * deviations[index] + means[index]
  }

  /// The root mean squared error, in units, of outputs for all examples measured on, row by row.
  package func rmse(outputs: [Float]) -> Double {
    precondition(outputs.count == truth.count, "an output for each target")
    return Self.rmse(truth) { value(output: outputs[$0], at: $0 % means.count) }
  }

  /// The scale of targets as they are, and what answering their training means would miss.
  init(name: String, trainMeans: [Double], truth: [Double]) {
    self.name = name
    isStandardized = false
    means = Array(repeating: 0, count: trainMeans.count)
    deviations = Array(repeating: 1, count: trainMeans.count)
    self.trainMeans = trainMeans
    self.truth = truth
    baselineRMSE = Self.rmse(truth) { trainMeans[$0 % trainMeans.count] }
  }

  /// The scale of targets that were prepared from Doubles; `truth` are the validation part's.
  init(name: String, _ targets: PreparedNumbers, standardized: Bool, truth: [Double]) {
    self.init(name: name, trainMeans: targets.scale.means, truth: truth)
    if standardized { standardize(by: targets.scale) }
  }

  /// The same scale with the targets of other examples, in units.
  func measured(on truth: [Double]) -> RegressionScale {
    var other = self
    other.truth = truth
    let means = trainMeans
    other.baselineRMSE = Self.rmse(truth) { means[$0 % means.count] }
    return other
  }

  fileprivate mutating func standardize(by scale: FeatureScale) {
    isStandardized = true
    means = scale.means
    deviations = scale.deviations
  }

  private static func rmse(_ truth: [Double], _ answer: (Int) -> Double) -> Double {
    var squares = 0.0
    for (index, value) in truth.enumerated() {
      let error = answer(index) - value
      squares += error * error
    }
    return (squares / Double(max(truth.count, 1))).squareRoot()
  }
}

extension Dataset {
  /// A regression on values as they are.
  package static func regression(
    _ name: String = "", train: Examples, validation: Examples, inputShape: [Int]
  ) -> Dataset {
    guard case .values(let targets, let size) = train.targets,
      case .values(let measured, size) = validation.targets
    else { preconditionFailure("the scale of a regression without values") }
    let scale = FeatureScale(targets, size: size)
    return Dataset(
      train: train, validation: validation, inputShape: inputShape,
      task: .regression(
        RegressionScale(
          name: name, trainMeans: scale.means, truth: measured.map { Double($0) })))
  }

  /// Shifts and scales the targets of a regression to mean 0 and variance 1 of the training part.
  ///
  /// A target that never varies is only shifted. Other tasks stay as they are.
  package mutating func standardizeTargets() {
    guard case .values(var targets, let size) = train.targets,
      case .values(var measured, _) = validation.targets,
      case .regression(var regression) = task, !regression.isStandardized
    else { return }
    let scale = FeatureScale(targets, size: size)
    regression.standardize(by: scale)
    task = .regression(regression)
    func apply(_ values: inout [Float]) {
      for index in values.indices {
        let column = index % size
        values[index] = Float(
          (Double(values[index]) - scale.means[column]) / scale.deviations[column])
      }
    }
    apply(&targets)
    apply(&measured)
    train.targets = .values(targets, size: size)
    validation.targets = .values(measured, size: size)
    guard let test, case .values(var tested, _) = test.examples.targets,
      case .regression(var testScale) = test.task
    else { return }
    testScale.standardize(by: scale)
    apply(&tested)
    self.test?.task = .regression(testScale)
    self.test?.examples.targets = .values(tested, size: size)
  }
}

extension FeatureScale {
  /// The scale of each column of rows.
  fileprivate init(_ values: [Float], size: Int) {
    self.init(
      StoredRows(values: values, size: size), of: 0..<values.count / max(size, 1),
      features: FeatureLayout(shape: [size]))
  }
}
