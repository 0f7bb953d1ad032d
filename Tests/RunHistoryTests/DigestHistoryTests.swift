// Digests of norms in place of lists: the pictures and counts that are made from them.
import RunRecords
import Testing

@testable import RunHistory

@Suite struct DigestHistoryTests {
  private static let norms: [Float] = (0..<6500).map { index in
    // A third of the units at the ceiling, the others below it.
    index % 3 == 0 ? 1.5 : 0.3 + Float(index * 37 % 1000) / 1000
  }

  private func segment(
    _ records: [Record], layers: [RunHeader.Layer]? = nil
  ) -> RunSegment {
    var segment = RunSegment(
      RunHeader("x") {
        $0.layers = layers ?? [RunHeader.Layer("emb", maxNorm: 1.5) { $0.units = 6500 }]
      })
    for record in records { segment.apply(record) }
    return segment
  }

  private func record(_ detail: NormsDetail, step: Int = 10) -> Record {
    let norms = NormsRecord(step: step, layers: [.init(name: "emb", norms: Self.norms)])
    return .norms(norms.told(detail, histograms: false))
  }

  @Test func `a digest makes nearly the picture that the list makes`() throws {
    let listed = segment([record(.full)]).layers[0]
    let digested = segment([record(.digest)]).layers[0]
    #expect(digested.norms.isEmpty && digested.digest?.units == 6500 && digested.hasNorms)
    let wanted = try #require(listed.distribution.last?.entry)
    let found = try #require(digested.distribution.last?.entry)
    #expect(found.count == 6500 && found.range == wanted.range)
    let rows = zip(
      wanted.shares(from: 0, to: 1.6, rows: 8), found.shares(from: 0, to: 1.6, rows: 8))
    for (wanted, found) in rows { #expect(abs(wanted - found) < 0.05, "\(wanted) \(found)") }
    #expect(
      try abs(#require(found.norm(exceededBy: 0.5)) - #require(wanted.norm(exceededBy: 0.5))) < 0.05
    )
  }

  @Test func `how many units a ceiling would hold is told from digests too`() {
    let listed = ObservedNorms(segment([record(.full)]).layers)
    let digested = ObservedNorms(segment([record(.digest)]).layers)
    for ceiling: Float in [0.5, 0.8, 1.1, 1.5] {
      let (wanted, found) = (listed.held(at: ceiling), digested.held(at: ceiling))
      // Within one of the 32 parts between quantiles.
      #expect(abs(wanted - found) <= 6500 / 32, "\(ceiling): \(wanted) \(found)")
    }
    let norms = digestOf(1...9)
    #expect(norms.held(at: 0) == 9 && norms.held(at: 9.5) == 0 && norms.held(at: .nan) == 0)
  }

  private func digestOf(_ range: ClosedRange<Int>) -> NormDigest {
    NormDigest(of: range.map { Float($0) })
  }

  @Test func `a list beside a digest says more, and follows on it`() {
    let both = segment([record(.both)]).layers[0]
    #expect(both.digest == nil && both.norms.count == 6500)
    let later = segment([record(.digest), record(.full, step: 20)]).layers[0]
    #expect(later.digest == nil && later.normsStep == 20)
    let again = segment([record(.full), record(.digest, step: 20)]).layers[0]
    #expect(again.digest != nil && again.norms.isEmpty)
    let (norms, each) = again.representativeNorms
    #expect(norms.count == 1024 && abs(Double(norms.count) * each - 6500) < 1e-6)
    #expect(norms == norms.sorted())
  }

  @Test func `digests without sense are drawn as far as they have any`() {
    let digests = [
      NormDigest(units: 0, quantiles: []), NormDigest(units: 5, quantiles: [1]),
      NormDigest(units: 1 << 40, quantiles: [.nan, 3, -1, .infinity, 0]),
      NormDigest(units: 7, quantiles: [0, 0, 0]), NormDigest(units: 7, quantiles: [5, 1, 3]),
    ]
    for digest in digests {
      let layer = segment([
        .norms(NormsRecord(step: 1, layers: [], digests: [.init(name: "emb", digest: digest)]))
      ]).layers[0]
      _ = layer.representativeNorms
      _ = digest.held(at: 1)
      let distribution = layer.distribution.last?.entry
      #expect(distribution?.shares(from: 0, to: 4, rows: 4).allSatisfy { $0 >= 0 } ?? true)
    }
  }
}
