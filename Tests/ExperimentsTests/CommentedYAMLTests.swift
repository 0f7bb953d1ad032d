// Experiments that explain themselves: every key has a comment, and nothing of them is lost.
import Foundation
import NeuralNetwork
import Resources
import RunRecords
import TestSupport
import Testing

@testable import Experiments

@Suite struct CommentedYAMLTests {
  static let names = (try? ShippedFiles.names(in: .experiments)) ?? []

  @Test(arguments: names)
  func `a shipped experiment with comments reads back as the same`(name: String) throws {
    let experiment = try ExperimentSource(name).experiment()
    let text = try experiment.commentedYAML()
    var source = try ExperimentSource(name)
    source.document = try JSONValue(yaml: text, name: name)
    #expect(try source.experiment() == experiment)
  }

  @Test(arguments: names)
  func `every key of it stands below a comment`(name: String) throws {
    let lines = try ExperimentSource(name).experiment().commentedYAML()
      .split(separator: "\n", omittingEmptySubsequences: false)
    var seenLayers: Set<Substring> = []
    var isModel = false
    for (index, line) in lines.enumerated() where index > 0 {
      if let key = line.wholeMatch(of: /([a-z_0-9]+):.*/)?.1 {
        isModel = key == "model"
        #expect(lines[index - 1].hasPrefix("# "), "\(key)")
      } else if isModel, let kind = line.wholeMatch(of: #/  - ([a-z_0-9]+).*/#)?.1 {
        if seenLayers.insert(kind).inserted {
          #expect(lines[index - 1].hasPrefix("  # "), "\(kind)")
        }
      } else if !isModel, let key = line.wholeMatch(of: #/  ([a-z_0-9]+): .*/#)?.1,
        !lines[..<index].contains(where: { $0.hasPrefix("description:") })
          || !lines[..<index].allSatisfy({ !$0.hasPrefix("data:") })
      {
        #expect(lines[index - 1].hasPrefix("  # "), "\(key)")
      }
    }
    let keys = Set(Experiment.keys).subtracting(["arm", "sweep", "comparison"])
    for key in keys {
      #expect(lines.contains { $0.hasPrefix("\(key):") || $0.hasPrefix("# \(key):") }, "\(key)")
    }
  }

  @Test func `what is not set can be taken in by removing its mark`() throws {
    let text = try ExperimentSource("simple").experiment().commentedYAML()
    let absent = try #require(text.range(of: "# Not set here:\n"))
    let uncommented = text[absent.upperBound...].split(separator: "\n").filter {
      $0.wholeMatch(of: /# [a-z_]+: .*/) != nil
    }.map { $0.dropFirst(2) }
    #expect(uncommented.contains { $0.hasPrefix("label_smoothing:") })
    for line in uncommented {
      var source = try ExperimentSource("digits")
      source.document = try JSONValue(yaml: text + line + "\n", name: "x")
      if line.hasPrefix("label_smoothing") { try source.set("loss=cross_entropy") }
      #expect(throws: Never.self) { try source.experiment() }
    }
  }
}
