// The workloads are those that the peers are measured on; the median of the repetitions is
// reported.
import NeuralNetwork
import Testing

@testable import Benchmarks

@Suite struct BenchmarkTests {
  @Test func `the workloads have the sizes of the peers' nets`() throws {
    let counts = [
      "W1": 10 * 5 + 5, "W2": 32 * 64 + 64 + 64 * 10 + 10,
      "W3": 784 * 1024 + 1024 + 1024 * 1024 + 1024 + 1024 * 10 + 10,
      "W4": 25 * 32 + 32 + 800 * 64 + 64 + 3136 * 512 + 512 + 5120 + 10,
      "W5": 27 * 32 + 288 * 32 + 288 * 64 + 576 * 64 + 3 * 192 + 4096 * 256 + 256 + 2560 + 10,
      "W6": 512 * (8 + 128 + 2) + 129, "W7": 64 * 64 + 1024 * (64 + 256 + 2) + 257 * 64,
      "W7r": 64 * 64 + 256 * (64 + 256 + 2) + 257 * 64,
    ]
    #expect(Workload.all.map(\.name) == ["W1", "W2", "W3", "W4", "W5", "W6", "W7", "W7r"])
    for workload in Workload.all {
      let learner = try workload.learner()
      #expect(learner.parameterCount == counts[workload.name], "\(workload.name)")
      try learner.check(workload.examples())
    }
  }

  @Test func `growing sizes make nets that learn`() throws {
    #expect(Set(Workload.scaling.map(\.name)) == ["width", "depth", "batch", "length"])
    #expect(Set(Workload.scaling.map(\.summary)).count >= 30)
    for workload in Workload.scaling where workload.batch <= 64 {
      try workload.learner().check(workload.examples())
    }
  }

  @Test func `an embedding is not projected, everything else is`() throws {
    let workload = try #require(Workload.all.first { $0.name == "W7" })
    #expect(try workload.learner().weights.map(\.maxNorm) == [nil, 3, 3, 3])
  }

  @Test func `the median is the middle repetition`() {
    #expect(Timing(milliseconds: [9, 1, 2], calls: 1).median == 2)
    #expect(Timing(milliseconds: [4, 1, 2, 9], calls: 1).median == 3)
    let timing = Timing(milliseconds: [3, 1, 2], calls: 1)
    #expect(timing.fastest == 1 && timing.slowest == 3)
  }

  @Test func `at least five repetitions are timed`() {
    var calls = 0
    let timing = Timing(repetitions: 1, seconds: 0.001) { calls += 1 }
    #expect(timing.milliseconds.count == 5 && calls >= 5 * timing.calls && timing.fastest >= 0)
  }
}
