// First weights from a file that lie far over their ceiling.
import Experiments
import Foundation
import NeuralNetwork
import RunHistory
import RunRecords
import TestSupport
import Testing

@testable import Training

@Suite struct InitialWeightTests {
  /// The fixture's first weights times a factor, in a file.
  private func file(_ experiment: Experiment, times factor: Float) throws -> String {
    let learner = try RunFixture.segment(experiment).learner
    var state = learner.state
    state.parameters = state.parameters.map { $0 * factor }
    try learner.resume(from: state)
    let path = NSTemporaryDirectory() + "maxnorm-\(UUID().uuidString).safetensors"
    try learner.saveWeights(to: path)
    return path
  }

  private func log(
    _ experiment: Experiment, times factor: Float, schedule: EventSchedule = EventSchedule()
  ) throws -> [Record] {
    let weights = try file(experiment, times: factor)
    let path = NSTemporaryDirectory() + "maxnorm-\(UUID().uuidString).jsonl"
    defer { for path in [weights, path] { try? FileManager.default.removeItem(atPath: path) } }
    var options = RunOptions()
    options.initialWeights = weights
    options.schedule = schedule
    options.logs = [try LogDestination(opening: path, overwrite: false)]
    let run = TrainingRun(experiment, options: options, onNews: {})
    run.start()
    _ = run.waitUntilDone()
    if case .failed(let error) = run.outcome { throw error }
    return try RecordFile.records(at: path)
  }

  @Test func `weights of 1e30 are projected to r before the first step, which an event records`()
    throws
  {
    let experiment = try RunFixture.experiment()
    let records = try log(experiment, times: 1e30)
    let event = try #require(records.compactMap(\.event).first)
    #expect(
      event
        == EventRecord(
          step: 0, action: .constraint, from: .flag(true), value: .flag(true), clipped: 26))
    #expect(event.changesNothing)
    guard case .header = records[0], case .event = records[1] else {
      Issue.record("expected the event behind the header")
      return
    }
    #expect(records.compactMap(\.end).last?.reason == .finished)
    let steps = records.compactMap(\.stepRecord)
    #expect(
      steps.allSatisfy {
        $0.loss.known.isFinite && $0.layers.allSatisfy { $0.normMax.known <= 0.700002 }
      })
    #expect((steps.first?.layers.reduce(0) { $0 + $1.clippedTotal.known } ?? 0) >= 26)
  }

  @Test func `events repeat the run without doing it twice`() throws {
    let experiment = try RunFixture.experiment()
    let first = try log(
      experiment, times: 1e30,
      schedule: .at(EventRecord(step: 7, action: .maxNorm, value: .number(0.5))))
    let again = try log(experiment, times: 1e30, schedule: EventSchedule(first))
    #expect(again.map(\.timeless) == first.map(\.timeless))
    #expect(first.compactMap(\.event).count == 2)
    // A run from other weights, with the constraint off, is not switched on by it.
    let off = try RunFixture.experiment(["constraint.enabled=false"])
    let other = try RunFixture.log(off, schedule: EventSchedule(first))
    #expect(other.compactMap(\.event).map(\.action) == [.maxNorm])
  }

  @Test func `weights less than ten times over r, and drawn ones, keep the usual order`() throws {
    // The longest of the first layer is about 0.65 of r as it is drawn.
    let experiment = try RunFixture.experiment()
    #expect(try log(experiment, times: 4).compactMap(\.event).isEmpty)
    let tight = try RunFixture.experiment(["constraint.max_norm=0.01"])
    #expect(try RunFixture.log(tight).compactMap(\.event).isEmpty)
    let off = try RunFixture.experiment(["constraint.enabled=false"])
    #expect(try log(off, times: 100).compactMap(\.event).isEmpty)
  }

  @Test(arguments: [ConstraintAxis.incoming, .outgoing, .tensor])
  func `norms beyond a Float come to r with their direction kept`(axis: ConstraintAxis) throws {
    let experiment = try RunFixture.experiment(["constraint.axis=\(axis.rawValue)"])
    let learner = try RunFixture.segment(experiment).learner
    let before = try learner.values(of: "fc1.weight")
    var state = learner.state
    // Values up to 3e38: norms of up to 1e40.
    let largest = state.parameters.map(abs).max() ?? 1
    state.parameters = state.parameters.map { $0 / largest * 3e38 }
    try learner.resume(from: state)
    #expect((learner.projectInitialWeights(over: 10) ?? []).allSatisfy { $0 > 0 })
    var norms: [Float] = []
    for tensor in learner.weights.indices {
      learner.unitNorms(tensor, into: &norms)
      #expect(norms.allSatisfy { abs($0 / 0.7 - 1) < 2e-6 }, "\(norms.prefix(4))")
    }
    let after = try learner.values(of: "fc1.weight")
    // Of one unit whatever the axis: the first value alone with itself, and signs everywhere.
    #expect(zip(before, after).allSatisfy { ($0 > 0) == ($1 > 0) && ($0 < 0) == ($1 < 0) })
    #expect(learner.projectInitialWeights(over: 10) == nil)
  }
}
