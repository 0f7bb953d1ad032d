// The projection alone, on a matrix that no cache holds.
import NeuralNetwork

/// One dense weight of 4096x4096, projected again and again.
struct ProjectionBenchmark {
  private static let size = 4096
  private static let bytes = Double(size * size * 4)

  private let learner: [ConstraintAxis: Learner]

  init() throws(NetworkError) {
    var learners: [ConstraintAxis: Learner] = [:]
    for axis in [ConstraintAxis.incoming, .outgoing] {
      learners[axis] = try Learner(
        model: ModelDescription(
          inputShape: [Self.size],
          layers: [.dense(DenseDescription(units: Self.size, bias: false))]),
        objective: Objective(.meanSquaredError), optimizer: OptimizerSettings(.sgd()),
        constraint: ConstraintSettings(maxNorm: 1e6, axis: axis), batch: 1, seed: 1)
    }
    learner = learners
  }

  func measure(_ progress: (String) -> Void) -> [BenchmarkResult] {
    var results: [BenchmarkResult] = []
    let floats = Double(Self.size * Self.size)
    let bounds = [false, true].map { MachineRates.pass(over: floats, writes: $0) }
    for (axis, units) in [(ConstraintAxis.incoming, "rows"), (.outgoing, "columns")] {
      guard let learner = learner[axis] else { continue }
      for isOver in [false, true] {
        let summary = "\(units), \(isOver ? "every one over" : "none over")"
        progress("W8 \(summary)")
        // Units drawn over ±1/64 have norms of 1/√3. The ceiling shrinks by a tenth of a per cent a
        // call, so that every unit is over it at every call.
        var ceiling: Float = isOver ? 0.5 : 1e6
        let timing = Timing(repetitions: 7, seconds: 0.2) {
          if isOver { ceiling *= 0.999 }
          if ceiling < 1e-12 { ceiling = 1e-12 }
          learner.constraint.maxNorm = ceiling
          _ = learner.project()
        }
        results.append(
          BenchmarkResult(
            name: "W8", summary: summary, timing: timing,
            bandwidth: Self.bytes * (isOver ? 2 : 1) / timing.median / 1e6,
            bound: bounds[isOver ? 1 : 0]))
      }
    }
    return results
  }
}
