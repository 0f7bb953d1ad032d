// What the screen says of constraints other than max-norm: what they are called, and what keys refuse.
import RunRecords
import TerminalUI
import Testing

@testable import Dashboard
@testable import RunHistory

@Suite struct ConstraintKindTests {
  /// A live run under a constraint, behind its first step.
  private func model(_ constraint: [JSONValue.Field], ceiling: Float?) -> DashboardModel {
    var header = Fixture.header(ceiling: ceiling)
    header.experiment = .fields([.init("constraint", .fields(constraint))])
    var model = DashboardModel(source: .live, pace: 200, themeNames: ["default"])
    model.resize(120, 36)
    model.feed([.header(header), .step(Fixture.step(10, ceiling: ceiling))])
    return model
  }

  @Test(
    arguments: [
      (ConstraintKind.unitNorm, Float?(1), "norm 1 ON", "under unit_norm r is always 1"),
      (.nonNegative, nil, "weights >= 0 ON", "non_negative has no r to change"),
      (.minMaxNorm, 2, "norm 0.50 to 2.00 ON", nil),
      (.spectralNorm, 2, "spectral r 2.00 ON", nil),
      (.maxNorm, 2, "r 2.00 ON", nil),
    ] as [(ConstraintKind, Float?, String, String?)])
  func `the header says which rule holds, and keys refuse an r that it has no use for`(
    kind: ConstraintKind, ceiling: Float?, words: String, refusal: String?
  ) {
    var fields: [JSONValue.Field] = [.init("kind", .text(kind.rawValue))]
    if kind == .minMaxNorm { fields += [.init("min", .number(0.5)), .init("max", .number(2))] }
    var model = model(fields, ceiling: ceiling)
    let lines = Pictures.screen(model, 120, 36).lines
    #expect(lines.joined(separator: "\n").contains(words))
    #expect(model.hasCeiling && model.segment?.layers.allSatisfy { $0.units == 4 } == true)
    // What has no r has nothing at it.
    #expect(lines.contains { $0.contains("at ceiling") } == (kind != .nonNegative))
    let effects = model.press("-")
    #expect(model.refused == refusal && effects.isEmpty == (refusal != nil))
    // Each can be switched.
    #expect(model.press("c") == [.send(.set(.constraint, to: false))])
  }

  @Test func `r is suggested for max-norm alone`() {
    for kind in ConstraintKind.allCases {
      #expect((kind.refusalOfSuggestion == nil) == (kind == .maxNorm))
      #expect((kind.explanation == nil) == (kind == .maxNorm))
    }
    var model = model([.init("kind", .text("spectral_norm"))], ceiling: 1)
    #expect(model.press("a").isEmpty)
    #expect(model.refused == "spectral_norm has one norm a layer: no r is suggested for it")
  }

  @Test func `r stays at or above the minimum`() {
    var model = model(
      [
        .init("kind", .text("min_max_norm")), .init("min", .number(1.97)),
        .init("max", .number(2)),
      ], ceiling: 2)
    #expect(model.press("-").isEmpty)
    #expect(model.refused == "r cannot be below the minimum of 1.97")
    #expect(!model.press("+").isEmpty)
  }

  @Test func `a rule that nobody knows is taken for max-norm`() {
    let unknown = JSONValue.fields([.init("constraint", .fields([.init("kind", .text("x"))]))])
    for experiment in [.fields([]), unknown] {
      #expect(ConstraintKind(ExperimentSummary(experiment).constraint) == .maxNorm)
    }
  }
}
