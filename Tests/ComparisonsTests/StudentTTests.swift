// Student's t distribution and paired differences beside SciPy's.
import Testing

@testable import Comparisons

@Suite("Student's t")
struct StudentTTests {
  /// scipy.stats: t.ppf(0.975, n), and 2 t.sf(x, n) for x = 1.7, 0.01 and 40.
  static let reference: [(degrees: Int, critical: Double, tails: [Double])] = [
    (1, 12.706204736174694, [0.3385060546606654, 0.993634014470186, 0.015912179824051624]),
    (2, 4.302652729749462, [0.23123342620157122, 0.992929108958201, 0.0006244146721847406]),
    (3, 3.1824463052837078, [0.18769064155341003, 0.992649111412852, 3.4380680789158506e-05]),
    (9, 2.262157162798205, [0.12334766214382385, 0.9922394455363253, 1.8982998449339822e-11]),
    (29, 2.045229642132703, [0.09983379148846933, 0.9920897648032249, 6.346877329729342e-27]),
    (200, 1.9718962236339088, [0.09068547949148167, 0.992031255153281, 2.2487396535202197e-97]),
    (10_000, 1.960201239890626, [0.08916202272770501, 0.9920214868493558, 0]),
  ]

  @Test(arguments: reference.indices)
  func `critical values and tails equal SciPy's`(index: Int) {
    let reference = Self.reference[index]
    let distribution = StudentT(degreesOfFreedom: reference.degrees)
    #expect(isNear(distribution.critical(0.05), reference.critical, within: 1e-10))
    for (t, tail) in zip([1.7, 0.01, 40], reference.tails) {
      #expect(isNear(distribution.twoSided(t), tail, within: 1e-9))
      #expect(distribution.twoSided(-t) == distribution.twoSided(t))
    }
  }

  @Test func `the tails of extremes are their limits`() {
    let distribution = StudentT(degreesOfFreedom: 4)
    #expect(distribution.twoSided(0) == 1)
    #expect(distribution.twoSided(.infinity) == 0)
    #expect(distribution.twoSided(.nan).isNaN)
    // Where both ways to compute it meet.
    #expect(isNear(StudentT(degreesOfFreedom: 1).twoSided(1), 0.5, within: 1e-14))
  }

  @Test func `paired differences equal SciPy's t test`() throws {
    let first = [0.785, 0.79, 0.74, 0.81, 0.77, 0.83, 0.72]
    let second = [0.62, 0.66, 0.6, 0.64, 0.61, 0.65, 0.58]
    func seeds(_ values: [Double]) -> [UInt64: Double] {
      Dictionary(uniqueKeysWithValues: values.enumerated().map { (UInt64($0), $1) })
    }
    let difference = try #require(PairedDifference(of: seeds(first), over: seeds(second)))
    #expect(isNear(difference.estimate.mean, 0.155, within: 1e-12))
    #expect(isNear(difference.estimate.standardDeviation, 0.018484227510682353, within: 1e-10))
    #expect(isNear(difference.interval?.lowerBound, 0.13790494077580198, within: 1e-10))
    #expect(isNear(difference.interval?.upperBound, 0.17209505922419802, within: 1e-10))
    #expect(isNear(difference.probability, 5.48292994818655e-07, within: 1e-9))
    #expect(difference.isSignificant == true)
  }

  @Test func `only seeds of both arms are paired`() throws {
    let difference = try #require(PairedDifference(of: [1: 3, 2: 5], over: [2: 4, 3: 9]))
    #expect(difference.estimate == Estimate([1]))
    #expect(difference.interval == nil && difference.isSignificant == nil)
    #expect(PairedDifference(of: [1: 3], over: [2: 4]) == nil)
  }

  private func isNear(_ value: Double?, _ expected: Double, within tolerance: Double) -> Bool {
    guard let value else { return false }
    return abs(value - expected) <= tolerance * abs(expected)
  }
}
