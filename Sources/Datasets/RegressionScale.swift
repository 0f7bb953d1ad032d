// The scale of a regression's targets: what brings an answer back to its units, and what to beat.

/// How the targets of a regression were scaled, one mean and one deviation for each output.
package struct RegressionScale: Sendable, Equatable {
  /// What is predicted; empty where it has no name.
  package var name: String
  /// The targets have mean 0 and variance 1 of the training part.
  package var isStandardized: Bool
  /// In units; 0 where nothing was standardized.
  package var means: [Double]
  /// In units; 1 where nothing was standardized.
  package var deviations: [Double]
  /// The root mean squared error, in units, of always answering the training part's mean, measured
  /// on the validation part: a net that is no better has learnt nothing.
  package var baselineRMSE: Double

  /// An output in units.
  package func value(output: Float, at index: Int = 0) -> Float {
    Float(Double(output) * deviations[index] + means[index])
  }

  /// The scale of targets as they are.
  ///
  /// Both parts must hold values.
  package init(name: String = "", train: DatasetPart, validation: DatasetPart) {
    self.name = name
    isStandardized = false
    guard case .values(let targets, let size) = train.targets,
      case .values(let measured, size) = validation.targets
    else { preconditionFailure("the scale of a regression without values") }
    means = Array(repeating: 0, count: size)
    deviations = Array(repeating: 1, count: size)
    let centers = Moments(targets, size: size).means
    var squares = 0.0
    for (index, value) in measured.enumerated() {
      let error = Double(value) - centers[index % size]
      squares += error * error
    }
    baselineRMSE = (squares / Double(max(measured.count, 1))).squareRoot()
  }
}

extension Dataset {
  /// A regression on values as they are.
  package static func regression(
    _ name: String = "", train: DatasetPart, validation: DatasetPart, inputShape: [Int]
  ) -> Dataset {
    Dataset(
      train: train, validation: validation, inputShape: inputShape,
      task: .regression(RegressionScale(name: name, train: train, validation: validation)))
  }

  /// Shifts and scales the targets of a regression or forecast to mean 0 and variance 1 of the
  /// training part.
  ///
  /// A target that never varies is only shifted. Other tasks stay as they are.
  package mutating func standardizeTargets() {
    guard case .values(var targets, let size) = train.targets,
      case .values(var measured, _) = validation.targets
    else { return }
    let moments = Moments(targets, size: size)
    let means = moments.means
    let deviations = moments.deviations.map { $0 > 0 ? $0 : 1 }
    switch task {
    case .regression(var scale) where !scale.isStandardized:
      scale.isStandardized = true
      scale.means = means
      scale.deviations = deviations
      task = .regression(scale)
    case .forecast(var forecast) where forecast.mean == 0 && forecast.deviation == 1:
      forecast.mean = means[0]
      forecast.deviation = deviations[0]
      task = .forecast(forecast)
    default: return
    }
    func apply(_ values: inout [Float]) {
      for index in values.indices {
        let column = index % size
        values[index] = Float((Double(values[index]) - means[column]) / deviations[column])
      }
    }
    apply(&targets)
    apply(&measured)
    train.targets = .values(targets, size: size)
    validation.targets = .values(measured, size: size)
  }
}

/// Mean and standard deviation of each column of rows.
struct Moments {
  let means: [Double]
  let deviations: [Double]

  init(_ values: [Float], size: Int) {
    let count = Double(max(values.count / max(size, 1), 1))
    var means = [Double](repeating: 0, count: size)
    var squares = means
    for (index, value) in values.enumerated() { means[index % size] += Double(value) }
    for column in means.indices { means[column] /= count }
    for (index, value) in values.enumerated() {
      let difference = Double(value) - means[index % size]
      squares[index % size] += difference * difference
    }
    self.means = means
    deviations = squares.map { ($0 / count).squareRoot() }
  }
}
