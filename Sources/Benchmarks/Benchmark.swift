// What can be benchmarked by name, and its results.
import Basics
import Kernels
import NeuralNetwork

/// A row of the table.
package struct BenchmarkResult: Sendable {
  /// `W1` …, `W8 …`; of the scaling what grows.
  package var name: String
  package var summary: String
  package var timing: Timing
  /// Examples a second of a training step; nil for a projection.
  package var examplesPerSecond: Double?
  /// The share of a step that the constraint takes, 0…1; nil for a projection alone.
  package var constraintShare: Double?
  /// Bytes of weights read, and written where any are, over the time: GB/s; nil for a training step.
  package var bandwidth: Double?
  /// Milliseconds that this machine would need at its best: `MachineRates`.
  package var bound: Double

  /// How near the time comes to the bound, 1 being there.
  package var shareOfBound: Double { bound / timing.median }
}

/// A benchmark by its name.
package enum Benchmark: Sendable {
  /// One training step.
  case training(Workload)
  /// The projection alone, on a matrix of 4096x4096.
  case projection
  /// Training steps of growing nets and batches.
  case scaling

  /// In the order of the table.
  package static let all = Workload.all.map(Benchmark.training) + [.projection]
  /// Those that are measured by name alone, too.
  package static let named = all + [.scaling]

  package var name: String {
    switch self {
    case .training(let workload): workload.name
    case .projection: "W8"
    case .scaling: "scaling"
    }
  }

  /// Measures on the calling thread, with the threads that the rates were measured with; `progress` is
  /// called with what comes next.
  ///
  /// - Throws: when there is not enough memory.
  package func run(rates: MachineRates, progress: (String) -> Void) throws(NetworkError)
    -> [BenchmarkResult]
  {
    switch self {
    case .training(let workload):
      progress("\(workload.name) \(workload.summary)")
      return [try workload.measure(rates)]
    case .projection: return try ProjectionBenchmark().measure(progress)
    case .scaling:
      var results: [BenchmarkResult] = []
      for workload in Workload.scaling {
        progress("\(workload.name) \(workload.summary)")
        results.append(try workload.measure(rates, seconds: 0.1))
      }
      return results
    }
  }
}

extension Workload {
  /// Takes repetitions of about `seconds` each.
  fileprivate func measure(_ rates: MachineRates, seconds: Double = 0.3) throws(NetworkError)
    -> BenchmarkResult
  {
    let learner = try learner()
    let examples = examples()
    let order = (0..<Int32(examples.count)).map { $0 }
    var next = 0
    let timing = Timing(seconds: seconds) {
      let start = next * batch
      next = (next + 1) % Workload.pool
      _ = learner.step(examples, indices: order[start..<start + batch])
    }
    let projection = Timing(repetitions: 5, seconds: 0.05) { _ = learner.project() }
    return BenchmarkResult(
      name: name, summary: summary, timing: timing,
      examplesPerSecond: Double(batch) / timing.median * 1000,
      constraintShare: projection.median / timing.median,
      bound: rates.bound(of: try StepWork(model, optimizer: optimizer, batch: batch)))
  }
}
