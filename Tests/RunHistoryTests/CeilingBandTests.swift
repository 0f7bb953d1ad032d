// The band around a ceiling in which a norm counts as at it: wider for weights in 16 bits.
import RunRecords
import Testing

@testable import RunHistory

@Suite struct CeilingBandTests {
  @Test func `the tolerance of a header says which norms are at a ceiling and which above it`() {
    let band = CeilingBand(tolerance: 3.9e-3)
    #expect(band.reaches(0.9965, 1) && !band.reaches(0.99, 1))
    #expect(!band.isAbove(1.003, 1) && band.isAbove(1.01, 1) && band.isHeld(1.003, 1))
    let usual = CeilingBand.usual
    #expect(!usual.reaches(0.9965, 1) && usual.isAbove(1.003, 1) && !usual.isAbove(1.000_001, 1))
    for tolerance: Float? in [nil, 0, -1, .nan, 1e-6, 7] {
      #expect(CeilingBand(tolerance: tolerance) == usual)
    }
    let norms = NormsRecord(
      step: 1, layers: [.init(name: "emb", norms: [1.4965, 1.4, 1.503, 1.2])])
    for (tolerance, held) in [(Float(3.9e-3), 2), (nil, 1)] {
      var segment = RunSegment(
        RunHeader("x") {
          $0.layers = [RunHeader.Layer("emb", maxNorm: 1.5)]
          $0.tolerance = tolerance
        })
      segment.apply(norms)
      #expect(ObservedNorms(segment.layers).held(at: 1.5) == held)
    }
  }
}
