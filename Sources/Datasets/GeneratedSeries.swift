// Series that are drawn from a seed, whose best forecasts are known.
import Basics
import Foundation

/// A series that is drawn from a seed.
package enum GeneratedSeries: String, Sendable, CaseIterable {
  /// Two sines (periods 24 and 150), a trend, noise that remembers (AR(1), 0.8) and rare jumps.
  case noisySeries = "noisy_series"
  /// A geometric Brownian path, like a stock's price: its best forecast is the last value.
  case randomWalk = "random_walk"

  /// How it is cut into examples, unless an experiment says otherwise.
  package var options: ForecastOptions {
    switch self {
    case .noisySeries:
      ForecastOptions(column: "value", window: 48, season: 24, transform: .difference)
    case .randomWalk: ForecastOptions(column: "price", window: 32, transform: .logDifference)
    }
  }

  /// Draws its first `length` steps.
  package func series(length: Int, seed: UInt64) -> Series {
    var random = RandomSource(seed: seed, stream: Stream.trainRows)
    var values: [Double] = []
    values.reserveCapacity(length)
    switch self {
    case .noisySeries:
      let (fast, slow) = (2 * .pi * random.uniform(), 2 * .pi * random.uniform())
      var (noise, level) = (0.0, 10.0)
      for step in 0..<length {
        let turns = 2 * .pi * Double(step)
        noise = 0.8 * noise + 0.3 * random.normal()
        // One jump in 400 steps on average.
        if random.uniform() < 1 / 400 { level += 2 * random.normal() }
        values.append(
          level + 0.001 * Double(step) + 2 * sin(turns / 24 + fast)
            + 1.5 * sin(turns / 150 + slow) + noise)
      }
    case .randomWalk:
      // A daily drift of 0.02 % and volatility of 1 %.
      var logarithm = log(100.0)
      for _ in 0..<length {
        values.append(exp(logarithm))
        logarithm += 0.0002 + 0.01 * random.normal()
      }
    }
    return Series(origin: rawValue, name: options.column, values: values)
  }
}
