// Digests of norms: what stands in them, how they are written and read, which tensors have one.
import Foundation
import Testing

@testable import RunRecords

@Suite struct NormDigestTests {
  private func record(_ line: String, _ rules: RecordLineReader.Rules = .lenient) throws -> Record?
  {
    try RecordLineReader(rules).record(on: Data(line.utf8))
  }

  @Test func `a digest has 33 quantiles as NumPy has them, and the largest units by index`() {
    // 0, 7, 14 … modulo 65: each of 0…64 once.
    let norms = (0..<65).map { Float($0 * 7 % 65) }
    let digest = NormDigest(of: norms)
    #expect(digest.units == 65 && digest.quantiles == (0...32).map { Float($0 * 2) })
    #expect(digest.largest.map(\.norm) == [64, 63, 62, 61, 60, 59, 58, 57])
    #expect(digest.largest.allSatisfy { norms[$0.index] == $0.norm })
  }

  @Test func `a norm that is no number is the largest, and few norms have few of all`() {
    let digest = NormDigest(of: [2, .nan, 3])
    #expect(digest.largest.map(\.index) == [1, 2, 0] && digest.quantiles.last?.isNaN == true)
    #expect(NormDigest(of: []).largest.isEmpty)
  }

  @Test func `digests are written behind the lists and read as they were`() throws {
    let norms = (0..<100).map { Float($0) / 8 }
    let whole = NormsRecord(
      step: 5, layers: [.init(name: "emb", norms: norms), .init(name: "out", norms: [1, 2])])
    #expect(whole.told(.full, histograms: false) == whole)
    let both = whole.told(.both, histograms: false)
    #expect(both.layers == whole.layers && both.digests.map(\.name) == ["emb"])
    let digest = whole.told(.digest, histograms: false)
    #expect(digest.layers.map(\.name) == ["out"] && digest.digests == both.digests)
    let line = String(decoding: Record.norms(digest).line, as: UTF8.self)
    #expect(
      line.hasPrefix(
        #"{"type":"norms","step":5,"layers":{"out":[1.0,2.0]},"digests":{"emb":{"units":100,"#)
        || line.hasPrefix(
          #"{"type":"norms","step":5,"layers":{"out":[1,2]},"digests":{"emb":{"units":100,"#)
    )
    #expect(line.contains(#""largest":[[99,"#))
    for rules in [RecordLineReader.Rules.strict, .lenient] {
      #expect(try record(line, rules) == .norms(digest))
    }
    #expect(Record.twin(.norms(whole)).told(.digest, histograms: false) == .twin(.norms(digest)))
  }

  @Test func `a log without digests is byte for byte what it was`() {
    let whole = NormsRecord(
      step: 5, layers: [.init(name: "a", norms: Array(repeating: 1, count: 9_000))])
    let told = whole.told(.full, histograms: false)
    let line = String(decoding: Record.norms(told).line, as: UTF8.self)
    #expect(!line.contains("digests"))
  }

  @Test func `a digest of another program may lack its largest units, not its quantiles`() throws {
    let line = #"{"type":"norms","step":1,"digests":{"a":{"units":9,"quantiles":[1,NaN]},"b":{}}}"#
    guard case .norms(let norms) = try record(line) else {
      Issue.record("expected norms")
      return
    }
    #expect(norms.layers.isEmpty && norms.digests.map(\.name) == ["a"])
    #expect(norms.digests.first?.digest.quantiles.last?.isNaN == true)
    let huge =
      #"{"type":"norms","step":1,"digests":{"a":{"units":9223372036854775807,"quantiles":[]}}}"#
    guard case .norms(let damaged) = try record(huge) else {
      Issue.record("expected norms")
      return
    }
    #expect(damaged.digests.first?.digest.units == 1 << 40)
  }
}
