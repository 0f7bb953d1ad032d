// How often the procedure of `advise` claims what is not so, and misses what is, in simulated studies.
import Foundation
import Testing

@testable import Comparisons

@Suite("Error rates of advice")
struct AdviceErrorRateTests {
  /// `MAXNORM_ADVICE_STUDIES=2000` makes the study that stands in the manual, and prints its curve.
  private static let asked = ProcessInfo.processInfo.environment["MAXNORM_ADVICE_STUDIES"]
    .flatMap(Int.init)
  private let studies = Self.asked ?? 40

  /// The most claims at a true rate of 5 %, two standard errors included.
  private func mostFalse(of studies: Int) -> Double {
    let count = Double(studies)
    return 0.05 * count + 2 * (0.05 * 0.95 * count).squareRoot()
  }

  @Test func `no gain of any arm is seldom called help`() {
    let claims = SimulatedStudies().claims(of: studies)
    print("no gain: \(claims) claims in \(studies) studies")
    #expect(Double(claims) <= mostFalse(of: studies), "\(claims) of \(studies)")
  }

  @Test func `no gain of max-norm is seldom called help where others gain`() {
    let claims = SimulatedStudies.othersGain.claims(of: studies, seed: 1_000_000)
    print("no gain of max-norm: \(claims) claims in \(studies) studies")
    #expect(Double(claims) <= mostFalse(of: studies), "\(claims) of \(studies)")
  }

  @Test func `three points of gain are found in four studies of five`() {
    let claims = SimulatedStudies.maxNormGains(3).claims(of: studies, seed: 2_000_000)
    print("3 points: \(claims) claims in \(studies) studies")
    let count = Double(studies)
    let least = 0.8 * count - 2 * (0.8 * 0.2 * count).squareRoot()
    #expect(Double(claims) >= least, "\(claims) of \(studies)")
  }

  @Test(
    .enabled(if: Self.asked != nil, "MAXNORM_ADVICE_STUDIES says how many"),
    arguments: [0.5, 1, 1.5, 2, 3, 4])
  func `the curve over the deviation`(deviation: Double) {
    var shares: [String] = []
    // Of each of many cells a quarter as many.
    let count = studies / 4
    for gain in [0.0, 1.5, 3, 5] {
      let cell = SimulatedStudies.maxNormGains(gain, deviation: deviation)
      let claims = cell.claims(of: count, seed: UInt64(gain * 1_000_000))
      shares.append("\(gain): \(100 * Double(claims) / Double(count)) %")
      if gain == 0 { #expect(Double(claims) <= mostFalse(of: count)) }
    }
    print("deviation \(deviation): \(shares.joined(separator: ", "))")
  }
}
