// Batches in which batch norm has a single value a channel are refused before the run begins.
import Experiments
import Testing

@testable import Training

@Suite struct BatchNormBatchTests {
  private func problem(_ changes: [String]) throws -> String {
    let experiment = try RunFixture.experiment(changes)
    do {
      _ = try RunSetup(experiment, seed: 1)
      return "none"
    } catch {
      return "\(error)"
    }
  }

  private let dense = "model=[dense: {name: fc1, units: 8}, batch_norm, relu, dense: {units: 10}]"

  @Test func `a last batch of one example is an error that says what to try`() throws {
    let problem = try problem([dense, "batch=33", "data.train=100"])
    #expect(problem.contains("batch: batch_norm (model[1]) expects more than 1 value per channel"))
    #expect(problem.contains("100 examples leave 1 for the last batch of 33"))
    #expect(problem.contains("set batch to 34, or data.train to 99, or use layer_norm"))
    #expect(try self.problem([dense, "batch=34", "data.train=100"]) == "none")
    #expect(try self.problem([dense, "batch=33", "data.train=99"]) == "none")
    // It never comes to the last batch.
    #expect(try self.problem([dense, "batch=33", "data.train=100", "steps=3"]) == "none")
  }

  @Test func `batches of one example are an error, unless a channel has several positions`() throws
  {
    #expect(try problem([dense, "batch=1"]).contains("found 1: batches of one example"))
    let images = [
      "data={source: digits, image: true, train: 20}",
      "model=[conv2d: {channels: 4, kernel: 3}, batch_norm, relu, flatten, dense: {units: 10}]",
      "batch=1",
    ]
    #expect(try problem(images) == "none")
    let pooled =
      "model=[conv2d: {channels: 4, kernel: 3}, global_avg_pool, batch_norm, dense: {units: 10}]"
    #expect(try problem([images[0], pooled, images[2]]).contains("batch_norm (model[2])"))
  }
}
