// Statements about norms: forecasts, unchanging units, gates, headroom, ceilings to choose from.
import RunRecords
import Testing
import TerminalUI
import TestSupport

@testable import Dashboard
@testable import RunHistory

@Suite("Norms against the ceiling")
struct NormsTests {
  /// Up and down by at most a half, from a seed.
  private struct Noise {
    var state: UInt64
    mutating func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 33) / Double(1 << 31) - 0.5
    }
  }

  private func forecast(_ norm: (Int) -> Double, to ceiling: Float = 2) -> CeilingForecast {
    let points = (0..<60).map { (step: $0 * 10, norm: Float(norm($0))) }
    return .extrapolating(points, to: ceiling, part: .largest)
  }

  // MARK: Forecast

  @Test(arguments: [0.0, 0.01, 0.03])
  func `a straight rise is drawn on to the ceiling`(noise: Double) throws {
    var source = Noise(state: 7)
    // From 1 by 0.01 a record: at 1.59 after the last of 60, 41 records of 10 steps below 2.
    let result = forecast { 1 + 0.01 * Double($0) + noise * source.next() }
    guard case .reached(by: .largest, let steps) = result else {
      Issue.record("\(result)")
      return
    }
    #expect(abs(Double(steps) - 410) <= 1 + 600 * noise)
  }

  @Test(arguments: 0..<40)
  func `nothing is claimed of norms that lie flat, fall, tremble or wander`(seed: UInt64) {
    var source = Noise(state: seed &* 99_991 + 1)
    #expect(forecast { _ in 1 } == .notApproaching)
    #expect(forecast { 1.9 - 0.01 * Double($0) } == .notApproaching)
    let trembling = forecast { _ in 1 + 0.1 * source.next() }
    #expect(trembling == .unclear || trembling == .notApproaching)
    let late = forecast { 1 + 0.9 * (1 - 1 / (1 + Double($0) / 3)) }
    #expect(late == .unclear)
    #expect(forecast { $0 == 30 ? .nan : 1 + 0.01 * Double($0) } == .unclear)
    #expect(forecast { 1 + 0.0001 * Double($0) } == .notWithin(2360))
  }

  @Test
  func `of norms that wander at random little is claimed`() {
    var claims = 0
    for seed in 0..<400 as Range<UInt64> {
      var source = Noise(state: seed &* 7_777_777 + 3)
      var place = 1.0
      let result = forecast { _ in
        place += 0.02 * source.next()
        return place
      }
      if case .reached = result { claims += 1 }
    }
    #expect(claims < 40, "\(claims) of 400")
  }

  @Test
  func `a forecast is for the highest norm below r since the last change of a setting`() throws {
    var model = Fixture.model(.empty)
    model.feed([.header(Fixture.header())])
    func record(_ step: Int, median: Float) -> Record {
      var record = Fixture.step(step)
      for index in record.layers.indices {
        record.layers[index].normP75 = 1.5
        record.layers[index].normMedian = median
      }
      return .step(record)
    }
    for index in 1...40 { model.feed([record(index * 10, median: 1 + Float(index) * 0.005)]) }
    let segment = try #require(model.segment)
    #expect(segment.forecast(segment.layers[0]) == .reached(by: .half, inSteps: 600))
    model.feed([
      .event(EventRecord(step: 400, action: .learningRate, from: .number(0.1), value: .number(0.2)))
    ])
    for index in 41...50 { model.feed([record(index * 10, median: 1 + Float(index) * 0.005)]) }
    let changed = try #require(model.segment)
    #expect(changed.forecast(changed.layers[0]) == .tooEarly)
    #expect(RunSegment(Fixture.header(ceiling: nil)).layers.allSatisfy { $0.ceiling == nil })
  }

  // MARK: Units that do not move

  @Test
  func `a unit counts as unchanging when others moved and it is not held`() {
    var units = UnchangingUnits()
    var before: [Float] = [0, 0.5, 1.5, 0.7, .nan]
    for record in 1...UnchangingUnits.leastRecords {
      #expect(units.count == nil)
      var norms = before
      norms[3] += 0.01 * Float(record)
      units.apply(norms, after: before, ceiling: 1.5)
      units.apply(norms, after: norms, ceiling: 1.5)
      before = norms
    }
    #expect(units.count == 2)
    var norms = before
    norms[1] = norms[1].nextUp
    units.apply(norms, after: before, ceiling: 1.5)
    #expect(units.count == 1)
    units.apply([1], after: norms, ceiling: nil)
    #expect(units.count == nil)
  }

  // MARK: Gates

  @Test
  func `gates are the rows of PyTorch's blocks, for incoming weights alone`() {
    var header = RunHeader.Layer.sample("l", "lstm", "weight_ih_l0", shape: [8, 3], ceiling: 2)
    var layer = LayerState(header)
    #expect(GateNorms.of(layer).isEmpty)
    layer.apply([1, 3, 2, 2, 0, 1, .nan, 2], at: 5)
    let gates = GateNorms.of(layer)
    #expect(gates.map(\.letter) == ["i", "f", "g", "o"])
    #expect(gates.map(\.minimum) == [1, 2, 0, 2])
    #expect(gates.map(\.median).prefix(3) == [2, 2, 0.5])
    #expect(gates[0].lowerQuartile == 1.5 && gates[3].maximum.isNaN)
    #expect(gates.map(\.atCeiling) == [1, 2, 0, 1])
    header.axis = "outgoing"
    #expect(!GateNorms.hasGates(header))
    header.axis = "incoming"
    header.kind = "gru"
    #expect(!GateNorms.hasGates(header))
    header.units = 9
    #expect(GateNorms.hasGates(header))
    header.kind = "rnn"
    #expect(!GateNorms.hasGates(header))
  }

  // MARK: Ceilings to choose from

  private func layers(_ norms: [[Float]], ceiling: Float? = 2) -> [LayerState] {
    norms.enumerated().map { index, norms in
      var layer = LayerState(
        RunHeader.Layer.sample("fc\(index)", shape: [norms.count, 1], ceiling: ceiling))
      layer.apply(norms, at: 1)
      return layer
    }
  }

  @Test(arguments: 0..<20)
  func `the table says what sorting says`(seed: UInt64) throws {
    var source = Noise(state: seed &* 31 + 5)
    let scale = Float([0.001, 1, 37, 4000][Int(seed) % 4])
    let norms = (0..<3).map { layer in
      (0..<40 + layer * 30).map { _ in scale * Float(0.6 + source.next()) }
    }
    let sorted = norms.joined().sorted(by: >)
    let observed = ObservedNorms(layers(norms))
    #expect(observed.count == sorted.count)
    for row in observed.table() {
      #expect(row.held == sorted.count { $0 >= row.ceiling * (1 - 1e-5) })
      #expect(row.units == sorted.count)
    }
    for share: Float in [0.05, 0.25, 0.5, 0.9] {
      let ceiling = try #require(observed.ceiling(holding: share))
      let exact = sorted[Int((share * Float(sorted.count)).rounded()) - 1]
      // A bin of 1.6 %, a digit of 1 %, and the distance to the unit beside it.
      let next = sorted[min(sorted.count - 1, Int((share * Float(sorted.count)).rounded()))]
      #expect(ceiling <= exact * 1.017 && ceiling >= next * (1 - 0.027), "\(share)")
    }
  }

  @Test(arguments: [1.5, 0.98765, 12.347])
  func `units that are all alike are held, not missed by a hair`(norm: Float) throws {
    let observed = ObservedNorms(layers([[Float](repeating: norm, count: 50)]))
    let ceiling = try #require(observed.ceiling(holding: 0.25))
    #expect(ceiling <= norm && ceiling > norm * 0.98)
    #expect(observed.held(at: ceiling) == 50)
    #expect(observed.table().count == 1)
    #expect(ObservedNorms(layers([[.nan, .infinity]])).ceiling(holding: 0.25) == nil)
    #expect(ObservedNorms(layers([[0, 0]])).ceiling(holding: 0.25) == nil)
    #expect(ObservedNorms([]).isEmpty)
  }

  @Test
  func `a takes the r that a quarter of the constrained units reaches, and u takes it back`() throws
  {
    var model = Fixture.model(.training)
    #expect(model.press("a").isEmpty)
    #expect(model.refused == "no norms told yet: they come with the next evaluation")
    let norms: [Float] = [0.4, 0.6, 0.8, 1.2]
    model.feed([
      .norms(
        NormsRecord(
          step: 100, layers: [.init(name: "fc1", norms: norms), .init(name: "fc2", norms: norms)]))
    ])
    let suggestion = try #require(model.suggestion)
    #expect(suggestion == HeldShare(ceiling: suggestion.ceiling, held: 2, units: 8))
    #expect(suggestion.ceiling > 0.8 && suggestion.ceiling <= 1.2)
    #expect(model.footer.contains { $0.label == "suggested r" })
    #expect(model.press("a") == [.send(.set(.maxNorm, to: .number(suggestion.ceiling)))])
    let part = "holds 2 of 8 units (25 %)"
    #expect(model.pending.map(\.text) == ["r \(Wording.norm(suggestion.ceiling)) \(part)"])
    #expect(model.press("a").isEmpty)
    #expect(model.refused?.contains("already holds 2 of 8 units (25 %)") == true)
    #expect(model.press("u") == [.send(.undo)])
  }

  @Test
  func `on a layer's page a is for the layer alone, by its own norms`() throws {
    var model = Fixture.model(.training)
    model.feed([
      .norms(
        NormsRecord(
          step: 100,
          layers: [
            .init(name: "fc1", norms: [0.4, 0.6, 0.8, 1.2]),
            .init(name: "fc2", norms: [0.1, 0.1, 0.1, 0.2]),
          ]))
    ])
    let ofAll = try #require(model.suggestion)
    model.press(.down)
    model.press(.enter)
    let suggestion = try #require(model.suggestion)
    #expect(suggestion.units == 4 && suggestion.held == 1)
    #expect(suggestion.ceiling > 0.1 && suggestion.ceiling <= 0.2)
    #expect(
      model.press("a") == [.send(.set(.maxNorm, layer: "fc2", to: .number(suggestion.ceiling)))])
    let words = "fc2: r \(Wording.norm(suggestion.ceiling)) holds 1 of 4 units (25 %)"
    #expect(model.pending.last?.text == words)
    // Under the help the page says the same; away from it all layers count again.
    model.press("?")
    #expect(model.suggestion == suggestion)
    model.press(.escape)
    model.press(.escape)
    #expect(model.suggestion == ofAll && ofAll.units == 8)
  }

  @Test
  func `a run of ours without any ceiling proposes one after a fifth of its steps`() throws {
    var model = Fixture.model(.empty)
    model.resize(120, 36)
    let norms = NormsRecord(step: 100, layers: [.init(name: "fc1", norms: [0.5, 1, 1.5, 4])])
    model.feed([
      .header(Fixture.header(ceiling: nil)), .step(Fixture.step(390, ceiling: nil)), .norms(norms),
    ])
    #expect(model.proposal == nil)
    model.feed([.step(Fixture.step(400, ceiling: nil))])
    let suggestion = try #require(model.suggestion)
    #expect(model.proposal?.hasPrefix("no ceiling yet: a sets r ") == true)
    #expect(model.proposal?.hasSuffix("which holds 1 of 4 units (25 %)") == true)
    #expect(model.press("a") == [.send(.set(.maxNorm, to: .number(suggestion.ceiling)))])
    // It is on its way: nothing is proposed any more.
    #expect(model.proposal == nil)
    model.feed([
      .event(
        EventRecord(step: 400, action: .maxNorm, value: .number(suggestion.ceiling), clipped: 1))
    ])
    #expect(model.segment?.settings.maxNorm == suggestion.ceiling && model.proposal == nil)
    #expect(model.press("c") == [.send(.set(.constraint, to: false))])
  }

  @Test
  func `a says so if the ceiling hides the norms, or there is no ceiling`() {
    let held = NormsRecord(step: 100, layers: [.init(name: "fc1", norms: [1.5, 1.5, 0.2, 0.3])])
    var model = Fixture.model(.training)
    model.feed([.norms(held)])
    #expect(model.press("a").isEmpty)
    #expect(
      model.refused
        == "r 1.50 already holds 2 of 4 units (50 %): c shows how far they would grow")
    #expect(!model.footer.contains { $0.label == "suggested r" })
    model = Fixture.model(.empty)
    model.feed([.header(Fixture.header(ceiling: nil, ownCeiling: 2)), .norms(held)])
    model.press("a")
    #expect(model.refused == "there is no global ceiling r to change: --max-norm gives one")
    for situation in [Situation.replay, .ended] {
      var model = Fixture.model(situation)
      model.feed([.norms(held)])
      #expect(model.press("a").isEmpty && model.refused != nil)
    }
  }

  @Test
  func `on a large screen the norms panel has the table, and what a does`() {
    let screen = Pictures.screen(Story.model(to: 1400), 200, 60)
    #expect(screen.text.contains("r and the units it would hold"))
    #expect(screen.text.contains("a: r 2.27 would hold 25 % of 138 units once on"))
    // Of rows that read the same there is one.
    var model = Fixture.model(.training)
    let norms: [Float] = [1.5, 1.499, 1.498, 1.4999]
    model.feed([.norms(NormsRecord(step: 100, layers: [.init(name: "fc1", norms: norms)]))])
    let lines = Pictures.screen(model, 200, 60).lines
    #expect(lines.count { $0.contains("r 1.50 ") && $0.contains(" %") && $0.contains("now") } == 1)
    #expect(!lines.contains { $0.contains("r 1.50     ") })
  }

  @Test
  func `headroom and estimates in words`() {
    #expect(Wording.headroom(1.5, 2) == "25 % below r")
    #expect(Wording.headroom(1.98, 2) == "1.0 % below r")
    #expect(Wording.headroom(2, 2) == "at r" && Wording.headroom(2.000_001, 2) == "at r")
    #expect(Wording.headroom(2.5, 2) == "25 % above r" && Wording.headroom(.nan, 2) == "-")
    #expect(
      Wording.about(7) == "7" && Wording.about(234) == "230" && Wording.about(1996) == "2 000")
    #expect(CeilingForecast.reached(by: .half, inSteps: 1).words(.ascii) == "~ 1 step (1/2)")
  }
}
