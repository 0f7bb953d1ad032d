// Student's t distribution: how far a mean of few differences may stray by chance.
import Foundation

/// Student's t distribution with the given degrees of freedom.
package struct StudentT: Sendable, Equatable {
  /// At least 1.
  package var degreesOfFreedom: Int

  package init(degreesOfFreedom: Int) {
    precondition(degreesOfFreedom >= 1, "a t distribution has at least one degree of freedom")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// The probability of a value further from 0 than `t` on either side.
  ///
  /// By the regularized incomplete beta function, Abramowitz and Stegun 26.7.1 and 26.5.
  package func twoSided(_ t: Double) -> Double {
    guard t.isFinite else { return t.isNaN ? .nan : 0 }
    let freedom = Double(degreesOfFreedom)
    return Self.incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5)
  }

  /// The value beyond which, on either side, `probability` lies: 2.262 for 0.05 and 9 degrees.
  package func critical(_ probability: Double) -> Double {
    precondition(probability > 0 && probability < 1, "a probability lies between 0 and 1")
    var (low, high) = (0.0, 1.0)
    while twoSided(high) > probability { high *= 2 }
    // Bisection to the last bit: slow and sure, and called a few times a table.
    while true {
      let middle = (low + high) / 2
      guard middle > low, middle < high else { return middle }
      if twoSided(middle) > probability { low = middle } else { high = middle }
    }
  }

  /// The regularized incomplete beta function I_x(a, b).
  static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    // The continued fraction converges fast below the mean; above it the other tail is computed.
    return x <= (a + 1) / (a + b + 2) ? lowerTail(x, a, b) : 1 - lowerTail(1 - x, b, a)
  }

  private static func lowerTail(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let front = exp(
      lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    return front * continuedFraction(x, a, b) / a
  }

  /// Abramowitz and Stegun 26.5.8 by Lentz's method.
  private static func continuedFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    func away(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / away(1 - (a + b) * x / (a + 1))
    var result = d
    for step in 1...10_000 {
      let m = Double(step)
      let terms = [
        m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
        -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
      ]
      var factor = 1.0
      for term in terms {
        d = 1 / away(1 + term * d)
        c = away(1 + term / c)
        factor = d * c
        result *= factor
      }
      if abs(factor - 1) < 1e-16 { break }
    }
    return result
  }
}
