// A layer's own axis in an experiment: words and Keras' dimensions, there and back.
import Foundation
import NeuralNetwork
import RunRecords
import Testing

@testable import Experiments

@Suite struct LayerAxisReadingTests {
  private func experiment(_ layer: String, kind: String = "max_norm") throws -> Experiment {
    try Experiment(
      try JSONValue(
        yaml: """
          data: {source: digits}
          model: [\(layer), dense: {units: 10}]
          loss: cross_entropy
          constraint: {kind: \(kind)}
          """, name: "x"), name: "x", folder: URL(fileURLWithPath: "/"))
  }

  @Test(arguments: ["outgoing", "tensor", "0", "[0, 1]", "-1"])
  func `an axis reads back`(axis: String) throws {
    let first = try experiment("dense: {units: 4, axis: \(axis)}")
    let document = try JSONValue(yaml: first.document.yaml(), name: "x")
    let again = try Experiment(document, name: "x", folder: URL(fileURLWithPath: "/"))
    #expect(again.layers == first.layers && first.layers[0].hasOwnAxis)
    #expect(try !experiment("dense: {units: 4}").layers[0].hasOwnAxis)
  }

  @Test(arguments: ["rows", "1.5", "[]", "{a: 1}"])
  func `what is no axis is an error that names the words`(axis: String) throws {
    let error = #expect(throws: (any Error).self) {
      try experiment("dense: {units: 4, axis: \(axis)}")
    }
    #expect("\(try #require(error))".contains("model[0].dense.axis: expected incoming, outgoing"))
  }

  @Test func `a rule of whole tensors has no axes`() throws {
    let error = #expect(throws: (any Error).self) {
      try experiment("dense: {units: 4, axis: 0}", kind: "spectral_norm")
    }
    #expect("\(try #require(error))".contains("expected a rule with an axis"))
  }
}
