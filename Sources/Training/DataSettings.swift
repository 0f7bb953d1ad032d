// Which data an experiment trains on.

/// Which data an experiment trains on, and what is done to it.
package struct DataSettings: Sendable, Equatable {
  /// Where the examples come from.
  package var source: Source
  /// Examples of the training part; nil: all there are.
  package var train: Int?
  /// Share of the training labels that is replaced by another class, 0…1.
  package var labelNoise: Double
  /// Scales every input to mean 0 and variance 1 of the training part.
  package var standardize: Bool

  /// Where examples come from.
  package enum Source: Sendable, Equatable {
    case digits
    case temperature
    case random(inputs: Int, outputs: Int, train: Int, validation: Int)
    case noisyTable(features: Int, informative: Int, flips: Double, train: Int, validation: Int)
    case csv(path: String, target: String, task: String, validation: Double)
  }
}
