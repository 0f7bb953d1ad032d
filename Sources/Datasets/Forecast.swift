// What it takes to judge a forecast: its scale, the true values, and the naive forecasts to beat.
import Foundation

/// A series to be forecast; the lists have one entry for each validation example, in time order.
package struct Forecast: Sendable, Equatable {
  /// What the net predicts.
  package enum Transform: String, Sendable, CaseIterable {
    /// The value.
    case none
    /// The change from the window's last value.
    case difference
    /// The logarithm of its ratio to the window's last value.
    case logDifference = "log_difference"
  }

  /// The series' name, with its unit where the data says it.
  package var name: String
  /// Steps from the window's last value to the target.
  package var horizon: Int
  /// What the net predicts.
  package var transform: Transform
  /// Mean of the training targets, transformed; 0 if they were not standardized.
  package var mean = 0.0
  /// Standard deviation of the training targets, transformed; 1 if they were not standardized.
  package var deviation = 1.0
  /// The value at the window's end, in units: the forecast of a random walk.
  package var last: [Double]
  /// The value one season before the target, in units; nil without a season.
  package var seasonal: [Double]?
  /// The value to be forecast, in units.
  package var truth: [Double]

  /// The net's output for a validation example as a value in units.
  package func value(output: Float, example: Int) -> Double {
    let predicted = Double(output) * deviation + mean
    return switch transform {
    case .none: predicted
    case .difference: last[example] + predicted
    case .logDifference: last[example] * exp(predicted)
    }
  }

  /// The root mean squared error, in units, of forecasts of all validation examples.
  package func rmse(_ forecasts: [Double]) -> Double {
    var squares = 0.0
    for (forecast, truth) in zip(forecasts, truth) {
      let error = forecast - truth
      squares += error * error
    }
    return (squares / Double(max(truth.count, 1))).squareRoot()
  }

  /// The error of forecasting that nothing changes.
  package var lastValueRMSE: Double { rmse(last) }

  /// The error of forecasting the value of one season before; nil without a season.
  package var seasonalRMSE: Double? { seasonal.map(rmse) }
}
