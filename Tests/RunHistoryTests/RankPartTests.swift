// Layers of which several ranks hold a part each, put together; ranks that hold copies, passed over.
import RunRecords
import Testing

@testable import RunHistory

@Suite struct RankPartTests {
  private static func layer(_ name: String, part: [Int]) -> RunHeader.Layer {
    RunHeader.Layer(name, maxNorm: 2) { ($0.units, $0.part) = (part[1] - part[0] + 1, part) }
  }

  private static func step(_ step: Int, _ name: String, _ norms: [Float], atCeiling: Int = 1)
    -> StepRecord
  {
    StepRecord(step) { record in
      (record.steps, record.loss) = (10, 0.5)
      record.layers = [
        StepRecord.Layer(name, maxNorm: 2) {
          ($0.normMin, $0.normP25, $0.normMedian) = (norms[0], norms[1], norms[2])
          ($0.normP75, $0.normMax, $0.atCeiling) = (norms[3], norms[4], atCeiling)
          ($0.clipped, $0.exceeded, $0.clippedTotal, $0.shrinkMean) = (2, 3, 4, 0.9)
        }
      ]
    }
  }

  private func ranks(_ records: [Record]) -> RunSegment {
    let header = RunHeader("x") { $0.layers = [Self.layer("fc", part: [4, 7])] }
    return segment(
      [.rank(RankRecord("rank1", .header(header)))] + records,
      layers: [Self.layer("fc", part: [0, 3])])
  }

  private func segment(_ records: [Record], layers: [RunHeader.Layer]) -> RunSegment {
    var segment = RunSegment(RunHeader("x") { $0.layers = layers })
    for record in records { segment.apply(record) }
    return segment
  }

  @Test func `parts of one layer are put together once all ranks have told of a step`() throws {
    let first = Record.step(Self.step(10, "fc", [1, 1.25, 1.5, 1.75, 2]))
    let second = Record.rank(
      RankRecord("rank1", .step(Self.step(10, "fc", [0, 0, 0, 0, 0], atCeiling: 0))))
    var segment = ranks([first])
    #expect(segment.layers.map(\.units) == [8] && segment.latest == nil)
    segment.apply(second)
    let latest = try #require(segment.layers[0].latest)
    #expect(latest.normMin == 0 && latest.normMax == 2 && latest.atCeiling == 1)
    #expect(latest.clipped == 4 && latest.exceeded == 6 && latest.clippedTotal == 8)
    #expect(latest.shrinkMean == 0.9)
    // Half of the units are at 0, the others from 1 on.
    #expect(try #require(latest.normP25) < 0.01 && abs(#require(latest.normP75) - 1.5) < 0.01)
    #expect(
      segment.step == 10 && segment.loss.last == 0.5 && segment.layers[0].shareAtCeiling == 0.125)
  }

  @Test func `a rank that falls silent holds nothing back for longer than a step`() {
    let segment = ranks([
      .step(Self.step(10, "fc", [1, 1, 1, 1, 1])), .step(Self.step(20, "fc", [1, 1, 1, 1, 1])),
    ])
    #expect(segment.latest?.step == 10 && segment.layers[0].latest?.atCeiling == 1)
    var ended = segment
    ended.apply(Record.end(EndRecord(20, .finished)))
    #expect(ended.latest?.step == 20)
  }

  @Test func `norms of parts are joined in the order of their units, lists and digests alike`() {
    let own = NormsRecord(step: 10, layers: [.init(name: "fc", norms: [1, 2, 3, 4])])
    let other = NormsRecord(step: 10, layers: [.init(name: "fc", norms: [5, 6, 7, 8])])
    let segment = ranks([.rank(RankRecord("rank1", .norms(other))), .norms(own)])
    #expect(segment.layers[0].norms == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(ranks([.norms(own)]).layers[0].norms.isEmpty)
    let digests = [own, other].map { record in
      NormsRecord(
        step: 20, layers: [],
        digests: [.init(name: "fc", digest: NormDigest(of: record.layers[0].norms))])
    }
    let digested = ranks([.norms(digests[0]), .rank(RankRecord("rank1", .norms(digests[1])))])
    let digest = digested.layers[0].digest
    #expect(digest?.units == 8 && digest?.quantiles.first == 1 && digest?.quantiles.last == 8)
    #expect(digest?.largest.first == .init(index: 7, norm: 8))
    #expect(abs((digest?.norm(at: 0.5) ?? 0) - 4.5) < 0.6)
  }

  @Test func `a rank with a copy of all layers changes nothing, and is known by name`() {
    let layers = [RunHeader.Layer("fc", maxNorm: 2) { $0.units = 4 }]
    let step = Self.step(10, "fc", [1, 1, 1, 1, 1])
    let header = RunHeader("x") { $0.layers = layers }
    let segment = segment(
      [
        .rank(RankRecord("rank1", .header(header))), .step(step),
        .rank(RankRecord("rank1", .step(Self.step(10, "fc", [0, 0, 0, 0, 9], atCeiling: 4)))),
        .rank(RankRecord("rank2", .step(step))),
      ], layers: layers)
    #expect(
      segment.layers[0].latest == step.layers[0] && segment.ranks.names == ["rank1", "rank2"])
    #expect(!segment.ranks.isMerging)
  }

  @Test func `quantiles of sets together are those of all their units`() {
    let low = QuantileSet(units: 100, quantiles: [0, 1, 2, 3, 4])
    let high = QuantileSet(units: 300, quantiles: [4, 5, 6, 7, 8])
    let merged = QuantileSet.merged([low, high], count: 5)
    for (found, wanted) in zip(merged, [0, 4, 5.333, 6.667, 8] as [Float]) {
      #expect(abs(found - wanted) < 0.01, "\(merged)")
    }
    #expect(QuantileSet.merged([low], count: 3).map { ($0 * 100).rounded() } == [0, 200, 400])
    #expect(QuantileSet.merged([], count: 2).allSatisfy { $0.isNaN })
  }
}
