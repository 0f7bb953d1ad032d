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

  @Test func `the work of a step is that of its products and convolutions`() throws {
    func work(_ name: String) throws -> StepWork {
      let workload = try #require(Workload.all.first { $0.name == name })
      return try StepWork(workload.model, optimizer: workload.optimizer, batch: workload.batch)
    }
    let dense = try work("W3")
    #expect(dense.products == Double(128 * (2 * 784 * 1024 + 3 * 1024 * 1024 + 3 * 1024 * 10)))
    #expect(dense.convolutions == 0)
    // Weights, gradients and velocities.
    #expect(dense.state == Double(3 * (785 * 1024 + 1025 * 1024 + 1025 * 10)))
    let images = try work("W4")
    #expect(images.convolutions == Double(64 * (2 * 800 * 28 * 28 + 3 * 51_200 * 14 * 14)))
    #expect(images.products == Double(64 * 3 * (3136 * 512 + 512 * 10)))
    // The first step has no state to multiply with; the sequence before the LSTM does not learn.
    let sequence = try work("W6")
    #expect(
      sequence.products == Double(32 * (2 * 64 * 512 * 8 + 3 * 63 * 512 * 128 + 3 * 128)))
    // Nor does an embedding multiply, but what comes behind one needs the gradient of its input.
    let text = try work("W7")
    #expect(
      text.products
        == Double(32 * 3 * (100 * 1024 * 64 + 99 * 1024 * 256 + 100 * 64 * 256)))
  }

  @Test func `a transposed convolution works on the pixels that come in`() throws {
    let convolution = ConvolutionDescription(channels: 4, kernel: 2, stride: 2, isTransposed: true)
    let work = try StepWork(
      ModelDescription(inputShape: [3, 5, 5], layers: [.convolution(convolution)]),
      optimizer: OptimizerSettings(.sgd()), batch: 2)
    #expect(work.convolutions == Double(2 * 2 * 25 * 3 * 4 * 2 * 2))
  }

  @Test func `a bound adds products, convolutions and a pass over the state`() throws {
    let workload = try #require(Workload.all.first { $0.name == "W4" })
    let work = try StepWork(workload.model, optimizer: workload.optimizer, batch: workload.batch)
    let slow = MachineRates(products: 1e6, convolutions: 2e6)
    let arithmetic = work.products / 1e6 * 1000 + work.convolutions / 2e6 * 1000
    #expect(abs(slow.bound(of: work) / arithmetic - 1) < 0.01)
    #expect(MachineRates.pass(over: 1000) > 0 && MachineRates.pass(over: 1000, writes: false) > 0)
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
