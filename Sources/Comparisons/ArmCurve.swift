// The curve of an arm: at each evaluation the mean over its runs, and how far they lie apart.

/// Evaluations of several runs of one arm, step by step.
package struct ArmCurve: Sendable, Equatable {
  /// By step; runs that are not as far yet, or have diverged, are left out of the later ones.
  package let points: [Point]

  /// The runs' values at one step.
  package struct Point: Sendable, Equatable {
    package var step: Int
    /// Counts from 1.
    package var epoch: Int
    /// The header's metric over the runs.
    package var value: Estimate
    /// Their lowest and highest value.
    package var range: ClosedRange<Double>
    /// The mean validation loss; nil if no run's is finite.
    package var validationLoss: Double?
    /// The mean training loss; nil if no run's is finite.
    package var trainLoss: Double?
  }

  /// Puts the runs' evaluations of the same step together; what is not finite is left out.
  package init(_ runs: [RunDigest]) {
    var bySteps: [Int: [RunDigest.Point]] = [:]
    for run in runs {
      for point in run.points { bySteps[point.step, default: []].append(point) }
    }
    points = bySteps.sorted { $0.key < $1.key }.compactMap { step, points in
      let values = points.map(\.value).filter(\.isFinite).map { Double(asWritten: $0) }
      guard let estimate = Estimate(values), let low = values.min(), let high = values.max(),
        let epoch = points.first?.epoch
      else { return nil }
      func mean(_ loss: (RunDigest.Point) -> Float) -> Double? {
        Estimate(points.map(loss).filter(\.isFinite).map { Double(asWritten: $0) })?.mean
      }
      return Point(
        step: step, epoch: epoch, value: estimate, range: low...high,
        validationLoss: mean(\.validationLoss), trainLoss: mean(\.trainLoss))
    }
  }
}
