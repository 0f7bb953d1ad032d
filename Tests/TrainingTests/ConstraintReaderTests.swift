// Constraints as experiments write them: keys, their absence, r in a run, checkpoints, twins and arms.
import Basics
import Experiments
import Foundation
import NeuralNetwork
import RunHistory
import RunRecords
import Testing

@testable import Training

@Suite struct ConstraintReaderTests {
  private static let base = """
    data: {source: digits, train: 100}
    model: [dense: {name: fc1, units: 16}, relu, dense: {name: fc2, units: 10}]
    loss: cross_entropy
    steps: 20

    """

  private func experiment(_ constraint: String, base: String = base) throws -> Experiment {
    try Experiment(
      try JSONValue(yaml: base + "constraint: \(constraint)", name: "x"), name: "x",
      folder: URL(fileURLWithPath: "/"))
  }

  @Test(arguments: [
    ("{max_norm: 3}", "max_norm: 3.0, axis: incoming, enabled: true"),
    ("{kind: max_norm}", "max_norm: none, axis: incoming, enabled: true"),
    ("{kind: unit_norm, axis: outgoing}", "kind: unit_norm, axis: outgoing, enabled: true"),
    (
      "{kind: min_max_norm}",
      "kind: min_max_norm, max: 1.0, min: 0.0, rate: 1.0, axis: incoming, enabled: true"
    ),
    (
      "{kind: min_max_norm, min: 0.5, max: 2, rate: 0.25, axis: tensor, enabled: false}",
      "kind: min_max_norm, max: 2.0, min: 0.5, rate: 0.25, axis: tensor, enabled: false"
    ),
    ("{kind: non_negative}", "kind: non_negative, axis: incoming, enabled: true"),
    ("{kind: spectral_norm, max_norm: 1}", "kind: spectral_norm, max_norm: 1.0, enabled: true"),
    ("{kind: spectral_norm, axis: tensor}", "kind: spectral_norm, max_norm: none, enabled: true"),
    ("{kind: unit_norm, max_norm: none}", "kind: unit_norm, axis: incoming, enabled: true"),
  ])
  func `a rule shows the keys that it has, and reads them again`(yaml: String, shown: String) throws
  {
    let read = try experiment(yaml)
    #expect(read.document["constraint"] == (try JSONValue(yamlValue: "{\(shown)}", name: "x")))
    let again = try JSONValue(yaml: read.document.yaml(), name: "x")
    #expect(try Experiment(again, name: "x", folder: read.folder) == read)
    let coded = try JSONEncoder().encode(read.constraint)
    #expect(try JSONDecoder().decode(ConstraintSettings.self, from: coded) == read.constraint)
  }

  @Test(arguments: [
    ("{kind: maximum}", "constraint.kind: expected one of max_norm, unit_norm, min_max_norm"),
    ("{kind: UnitNorm}", "here it is written unit_norm"),
    ("{name: unit_norm}", "here it is constraint.kind"),
    (
      "{kind: unit_norm, max_norm: 2}",
      "constraint.max_norm: expected none with unit_norm, whose r is always 1; found 2: remove it"
    ),
    (
      "{kind: non_negative, max_norm: 2}",
      "constraint.max_norm: expected none with non_negative, which has no r; found 2: remove it"
    ),
    (
      "{kind: min_max_norm, max_norm: 2}",
      "expected max with min_max_norm, found max_norm: set constraint.max"
    ),
    (
      "{kind: spectral_norm, axis: incoming}",
      "expected none with spectral_norm, whose unit is the whole tensor; found incoming: remove it"
    ),
    ("{max_norm: 2, rate: 0.5}", "min_max_norm has it: set constraint.kind"),
    ("{max: 2}", "here it is constraint.max_norm"),
    (
      "{kind: min_max_norm, min: 2}",
      "constraint.min: expected at most the maximum of 1.0, found 2.0"
    ),
    (
      "{kind: min_max_norm, rate: 2}",
      "constraint.rate: expected a number above 0 and at most 1, found 2"
    ),
  ])
  func `a key without meaning says so`(yaml: String, expected: String) {
    let error = #expect(throws: ProgramError.self) { try experiment(yaml) }
    #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
  }

  @Test(arguments: ["unit_norm", "non_negative"])
  func `a layer's own r goes with rules that have one`(kind: String) throws {
    let own = Self.base.replacing("units: 16", with: "units: 16, max_norm: 2")
    let error = #expect(throws: ProgramError.self) {
      try experiment("{kind: \(kind)}", base: own)
    }
    #expect(error?.description.contains("expected a rule with an r") == true)
    let free = Self.base.replacing("units: 16", with: "units: 16, max_norm: none")
    #expect(try experiment("{kind: \(kind)}", base: free).isConstrained)
    #expect(try experiment("{kind: spectral_norm}", base: own).isConstrained)
  }

  @Test(arguments: [
    ("{kind: max_norm, max_norm: 1}", [0.5, 2]), ("{kind: unit_norm}", []),
    ("{kind: min_max_norm, min: 1, max: 1.5}", [2]), ("{kind: non_negative}", []),
    ("{kind: spectral_norm, max_norm: 1}", [0.5, 2]),
  ])
  func `r can be changed where there is one`(yaml: String, taken: [Float]) throws {
    let segment = try RunFixture.segment(try experiment(yaml))
    var seen: [Float] = []
    for ceiling in [Float(0.5), 2] {
      try segment.change(.maxNorm, to: .number(ceiling))
      if segment.learner.constraint.maxNorm == ceiling { seen.append(ceiling) }
    }
    #expect(seen == taken && segment.changes.count == taken.count)
  }

  @Test(arguments: [
    "{kind: unit_norm}", "{kind: min_max_norm, min: 0.7, max: 0.9, rate: 0.5}",
    "{kind: non_negative}", "{kind: spectral_norm, max_norm: 1}",
  ])
  func `a run under any rule resumes from a checkpoint, and has a twin`(yaml: String) throws {
    let fixture = try CheckpointFixture()
    let change = "constraint=\(yaml)"
    let experiment = try RunFixture.experiment([change, "steps=60"])
    let off = EventRecord(step: 20, action: .constraint, value: .flag(false))
    let on = EventRecord(step: 30, action: .constraint, value: .flag(true))
    #expect(try fixture.isEqual(experiment, events: [off, on], cut: 37))
    let records = try RunFixture.log(experiment, twin: true)
    let steps = records.compactMap { record -> StepRecord? in
      if case .step(let step) = record { step } else { nil }
    }
    #expect(steps.contains { $0.layers.contains { $0.clipped ?? 0 > 0 } })
    let twin = records.contains { record in
      guard case .event(let event) = record else { return false }
      return event.action == .twin && event.value == .flag(true)
    }
    #expect(twin)
  }

  @Test func `the arms that are always there are max-norm's`() throws {
    var source = ExperimentSource(
      document: try JSONValue(yaml: Self.base + "constraint: {kind: unit_norm}", name: "x"),
      name: "x", folder: URL(fileURLWithPath: "/"))
    let error = #expect(throws: ProgramError.self) { try source.regularize(with: [.maxNorm]) }
    #expect(error?.description.contains("found unit_norm: name arms of your own") == true)
  }

  @Test func `a checkpoint of before the other rules is of max-norm`() throws {
    let text = #"{"axis":"outgoing","enabled":false,"max_norm":2}"#
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let read = try decoder.decode(ConstraintSettings.self, from: Data(text.utf8))
    #expect(read == ConstraintSettings(maxNorm: 2, axis: .outgoing, enabled: false))
  }
}
