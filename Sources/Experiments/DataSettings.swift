// Which data an experiment trains on.
import Datasets

/// Which data an experiment trains on, and what is done to it.
package struct DataSettings: Sendable, Equatable {
  /// Where the examples come from.
  package var source: Source
  /// Examples of the training part; nil: all there are.
  package var train: Int?
  /// Share of the training labels that is replaced by another class, 0…1.
  package var labelNoise: Double
  /// Scales every feature of the inputs to mean 0 and variance 1 of the training part.
  package var standardize: Bool
  /// Scales numbers to be predicted likewise.
  package var standardizeTarget: Bool
  /// What is held out for the end, and which split of a resampling it is.
  package var parts: PartSettings

  /// Where examples come from.
  package enum Source: Sendable, Equatable {
    case digits(image: Bool)
    case images(ImageSet, full: Bool)
    /// `set` chooses among the sets of a folder.
    case idx(path: String, set: String?, validation: Double, split: Split?)
    case cifar(CIFAR, path: String)
    case npy(NPYPaths)
    case temperature
    case random(inputs: Int, outputs: Int, train: Int, validation: Int)
    case noisyTable(features: Int, informative: Int, flips: Double, train: Int, validation: Int)
    case table(TableOrigin, TableOptions)
    case forecast(SeriesOrigin, ForecastOptions)
    /// A path, or nil for the text that ships.
    case language(path: String?, window: Int, validation: Double)
    case vowels
    case shapes(ShapesOptions)
    case canvasDigits(size: Int, train: Int, validation: Int)
    case dates(train: Int, validation: Int)
    case delayedSum(length: Int, train: Int, validation: Int)
    case points(PointSet, noise: Double, train: Int, validation: Int)
  }

  /// Where a table is.
  package enum TableOrigin: Sendable, Equatable {
    case file(String)
    case shipped(ShippedTable)
  }

  /// Where a series is, or how long it is drawn.
  package enum SeriesOrigin: Sendable, Equatable {
    case file(String)
    case shipped(ShippedSeries)
    case generated(GeneratedSeries, length: Int)
  }

  /// The paths of NumPy arrays, and what is not in the files.
  package struct NPYPaths: Sendable, Equatable {
    package var inputs: String
    /// nil without a decoder.
    package var decoderInputs: String?
    package var targets: String
    /// All of the above or none.
    package var validationInputs: String?
    package var validationDecoderInputs: String?
    package var validationTargets: String?
    /// All or none likewise.
    package var testInputs: String?
    package var testDecoderInputs: String?
    package var testTargets: String?
    package var options: NPYOptions
  }
}
