// Learning rates over the steps, and limits on gradients, against their formulas.
import Testing

@testable import NeuralNetwork

@Suite struct ScheduleTests {
  private func rates(_ schedule: LearningRateSchedule, rate: Double = 0.1, steps: Int)
    -> [Double]
  {
    (0..<steps).map { rate * schedule.multiplier(after: $0, rate: rate) }
  }

  private func close(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-12 }
  }

  @Test func `every schedule follows its formula`() {
    #expect(rates(.init(), steps: 3) == [0.1, 0.1, 0.1])
    let step = LearningRateSchedule(.step, every: 2, factor: 0.5)
    #expect(close(rates(step, steps: 5), [0.1, 0.1, 0.05, 0.05, 0.025]))
    let exponential = LearningRateSchedule(.exponential, every: 2, factor: 0.25)
    #expect(close(rates(exponential, steps: 5), [0.1, 0.05, 0.025, 0.0125, 0.00625]))
    let inverse = LearningRateSchedule(.inverseTime, every: 2, factor: 1)
    #expect(close(rates(inverse, steps: 5), [0.1, 0.1 / 1.5, 0.05, 0.04, 0.1 / 3]))
    let cosine = LearningRateSchedule(.cosine, minimum: 0.02, total: 4)
    let half = 0.02 + 0.04 * (1 + 0.5.squareRoot())
    #expect(
      close(rates(cosine, steps: 7), [0.1, half, 0.06, 0.12 - half, 0.02, 0.02, 0.02]))
  }

  @Test func `a warm-up rises in equal steps, and the schedule counts from its end`() {
    let schedule = LearningRateSchedule(.step, every: 2, factor: 0.5, warmup: 4)
    #expect(
      close(rates(schedule, steps: 8), [0.025, 0.05, 0.075, 0.1, 0.1, 0.1, 0.05, 0.05]))
  }

  @Test func `a changed rate keeps the schedule's proportions`() throws {
    let learner = try Learner(
      model: ModelDescription(inputShape: [5], layers: [Samples.dense(3)]),
      objective: Objective(.crossEntropy), optimizer: OptimizerSettings(.sgd(), learningRate: 0.1),
      schedule: LearningRateSchedule(.step, every: 2, factor: 0.5), constraint: .init(),
      batch: 4, seed: 1)
    let examples = Samples.examples(count: 4, inputs: 5, outputs: 3, classes: true)
    var seen: [Double] = []
    for step in 0..<6 {
      if step == 3 { try learner.setSettings(learner.settings(withLearningRate: 0.2)) }
      _ = learner.step(examples, indices: [0, 1, 2, 3])
      seen.append(learner.lastLearningRate)
    }
    #expect(close(seen, [0.1, 0.1, 0.05, 0.2, 0.1, 0.1]))
    learner.reset(seed: 1)
    #expect(abs(learner.learningRate - 0.4) < 1e-12)
  }

  /// The rates of a few steps along a cosine to 0.01 over 10 steps, changed before some of them.
  private func cosine(_ changes: [Int: Double]) throws -> [Double] {
    let learner = try Learner(
      model: ModelDescription(inputShape: [5], layers: [Samples.dense(3)]),
      objective: Objective(.crossEntropy), optimizer: OptimizerSettings(.sgd(), learningRate: 0.11),
      schedule: LearningRateSchedule(.cosine, minimum: 0.01, total: 10), constraint: .init(),
      batch: 4, seed: 1)
    let examples = Samples.examples(count: 4, inputs: 5, outputs: 3, classes: true)
    return try (0..<14).map { step in
      if let rate = changes[step] {
        try learner.setSettings(learner.settings(withLearningRate: rate))
      }
      _ = learner.step(examples, indices: [0, 1, 2, 3])
      return learner.lastLearningRate
    }
  }

  @Test func `a cosine continues from a changed rate to the same minimum`() throws {
    let plain = try cosine([:])
    let changed = try cosine([5: 0.41])
    #expect(close(Array(changed[..<5]), Array(plain[..<5])))
    // Half of the way is left at step 5: 0.01 + (0.11 - 0.01) / 2, and 0.4 above the minimum now.
    #expect(abs(plain[5] - 0.06) < 1e-12 && abs(changed[5] - 0.41) < 1e-12)
    for step in 5..<10 {
      #expect(abs((changed[step] - 0.01) - 8 * (plain[step] - 0.01)) < 1e-12)
    }
    #expect(abs(changed[10] - 0.01) < 1e-12 && abs(changed[13] - 0.01) < 1e-12)
  }

  @Test func `a rate given at the end of a schedule, or at most its minimum, stays`() throws {
    #expect(try close(Array(cosine([11: 0.2])[11...]), [0.2, 0.2, 0.2]))
    #expect(try close(Array(cosine([4: 0.005])[4...]), Array(repeating: 0.005, count: 10)))
    #expect(try close(Array(cosine([4: 0.005, 8: 0.3])[8...]), Array(repeating: 0.3, count: 6)))
  }

  @Test(arguments: [
    LearningRateSchedule(.step, every: 0, factor: 0.5), .init(.step, every: 1, factor: -1),
    .init(.cosine, minimum: -1), .init(.cosine, total: 0), .init(warmup: -1),
    .init(.exponential, every: 1, factor: .nan),
  ])
  func `a wrong schedule is refused`(_ schedule: LearningRateSchedule) {
    #expect(throws: NetworkError.self) { try schedule.check() }
  }

  private func gradients(_ clip: GradientClip?) throws -> (step: StepOutcome, values: [Float]) {
    let learner = try Learner(
      model: ModelDescription(inputShape: [5], layers: [Samples.dense(3)]),
      objective: Objective(.crossEntropy, gradientClip: clip),
      optimizer: OptimizerSettings(.sgd(), learningRate: 0.1), constraint: .init(), batch: 4,
      seed: 1)
    let examples = Samples.examples(count: 4, inputs: 5, outputs: 3, classes: true)
    let outcome = learner.step(examples, indices: [0, 1, 2, 3])
    return (
      outcome,
      try learner.gradient(of: "dense1.weight") + learner.gradient(of: "dense1.bias")
    )
  }

  @Test func `clipping by norm keeps the direction and returns the norm from before`() throws {
    let free = try gradients(nil)
    let norm = free.step.gradientNorm
    let clipped = try gradients(.norm(norm / 4))
    #expect(clipped.step.loss == free.step.loss)
    // It is summed once in a separate pass, once in the update: the order of the sums differs.
    #expect(abs(clipped.step.gradientNorm / norm - 1) < 1e-7)
    #expect(relativeDifference(clipped.values.map { $0 * 4 }, free.values) < 1e-5)
    #expect(try gradients(.norm(norm * 2)).values == free.values)
  }

  @Test func `clipping by value clamps every element`() throws {
    let free = try gradients(nil).values
    let limit = try #require(free.map { abs($0) }.sorted().dropLast(5).last)
    let clipped = try gradients(.value(Double(limit))).values
    #expect(clipped == free.map { min(max($0, -limit), limit) })
    #expect(clipped != free)
  }
}
