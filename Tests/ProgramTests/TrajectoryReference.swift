// What PyTorch or Keras did in a small run, and how far another run is from it.
import Foundation
import RunRecords
import Testing
import Training
import TestSupport

/// A run to be compared: its step records one by one, its last loss, and its last weights.
struct TrajectoryRun {
  var steps: [StepRecord]
  var validationLoss: Float?
  var weights: [NamedTensor]
}

/// One folder of Fixtures/Trajectories; the Python scripts beside it made it.
struct TrajectoryReference: CustomTestStringConvertible {
  /// What every step was like, from reference.json.
  struct Steps: Decodable {
    /// Relative, for losses and for whole tensors.
    let tolerance: Double
    /// Of each step's batch, before its update.
    let losses: [Double]
    let learningRates: [Double]
    /// After the last step, in inference mode, on all examples.
    let validationLoss: Double
    /// Units clipped at each step, by the names that records have.
    let clipped: [String: [Int]]
    /// Units at each step whose norm was within 1e-5 of r: they may be clipped or not.
    let near: [String: [Int]]
    /// Biases that a batch norm takes away again, so that only rounding moves them.
    let free: [String]
  }

  let folder: URL
  var testDescription: String { folder.lastPathComponent }

  /// All cases; empty if the fixtures cannot be found (a separate test then fails).
  static let all: [TrajectoryReference] = {
    guard let root = Bundle.module.url(forResource: "Trajectories", withExtension: nil),
      let folders = try? FileManager.default.contentsOfDirectory(
        at: root, includingPropertiesForKeys: nil)
    else { return [] }
    return folders.map(TrajectoryReference.init).sorted { $0.folder.path < $1.folder.path }
  }()

  func path(_ file: String) -> String { folder.appendingPathComponent(file).path }

  func steps() throws -> Steps {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(
      Steps.self, from: try Data(contentsOf: folder.appendingPathComponent("reference.json")))
  }

  func lastWeights() throws -> [NamedTensor] {
    try SafetensorsFile(contentsOf: path("final.safetensors")).tensors
  }

  /// Every difference that is more than rounding, as a line of text each.
  func differences(from run: TrajectoryRun) throws -> [String] {
    let reference = try steps()
    return Self.differences(of: run.steps, from: reference)
      + Self.differences(
        of: run.weights, from: try lastWeights(), free: reference.free,
        tolerance: reference.tolerance)
      + Self.difference(
        "validation loss", Double(run.validationLoss ?? .nan), reference.validationLoss,
        reference.tolerance)
  }

  private static func differences(of steps: [StepRecord], from reference: Steps) -> [String] {
    guard steps.map(\.step) == Array(1...reference.losses.count),
      steps.allSatisfy({ $0.steps == 1 })
    else {
      return ["\(reference.losses.count) single steps expected, \(steps.count) records found"]
    }
    var found: [String] = []
    for (index, step) in steps.enumerated() {
      let place = "step \(index + 1)"
      found += difference(
        "loss of \(place)", Double(step.loss.known), reference.losses[index], reference.tolerance)
      found += difference(
        "learning rate of \(place)", Double(step.learningRate.known),
        reference.learningRates[index], 1e-6)
      guard step.layers.map(\.name).sorted() == reference.clipped.keys.sorted() else {
        return found + [
          "weights \(reference.clipped.keys.sorted()), not \(step.layers.map(\.name))"
        ]
      }
      for layer in step.layers {
        let clipped = reference.clipped[layer.name]?[index] ?? 0
        let counted = layer.clipped.known
        if abs(counted - clipped) > reference.near[layer.name]?[index] ?? 0 {
          found.append("\(place): \(counted) units of \(layer.name) clipped, not \(clipped)")
        }
      }
    }
    return found
  }

  private static func differences(
    of weights: [NamedTensor], from reference: [NamedTensor], free: [String], tolerance: Double
  ) -> [String] {
    func isCounted(_ tensor: NamedTensor) -> Bool {
      !tensor.name.hasSuffix("num_batches_tracked")
    }
    let weights = weights.filter(isCounted).sorted { $0.name < $1.name }
    let reference = reference.filter(isCounted).sorted { $0.name < $1.name }
    guard weights.map(\.name) == reference.map(\.name) else {
      return ["tensors \(reference.map(\.name)), not \(weights.map(\.name))"]
    }
    return zip(weights, reference).compactMap { tensor, expected in
      guard tensor.shape == expected.shape else {
        return "\(expected.name) of shape \(expected.shape), not \(tensor.shape)"
      }
      let distance = relativeDistance(tensor.values, expected.values)
      // A NaN distance is a difference too.
      guard !free.contains(expected.name), !(distance <= tolerance) else { return nil }
      return "\(expected.name) differs by \(distance)"
    }
  }

  private static func difference(
    _ what: String, _ value: Double, _ expected: Double, _ tolerance: Double
  ) -> [String] {
    abs(value - expected) <= tolerance * abs(expected) ? [] : ["\(what) \(value), not \(expected)"]
  }

  /// ‖a − b‖ / ‖b‖, in Double.
  private static func relativeDistance(_ a: [Float], _ b: [Float]) -> Double {
    var distance = 0.0
    var length = 0.0
    for (x, y) in zip(a, b) {
      distance += (Double(x) - Double(y)) * (Double(x) - Double(y))
      length += Double(y) * Double(y)
    }
    return (distance / length).squareRoot()
  }
}
