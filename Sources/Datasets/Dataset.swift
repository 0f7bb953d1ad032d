// A data set as training sees it: parts of numbers to train, choose and test on, and what to show of it.
import Basics

/// Examples to train on and examples to measure on.
package struct Dataset: Sendable, Equatable {
  /// What is trained on.
  package var train: Examples
  /// What is only measured on.
  package var validation: Examples
  /// What is measured on once, at the end; nil without such a part.
  package var test: TestPart?
  /// The shape of one example: `[D]`; images `[C, H, W]`; sequences `[T, D]`; tokens `[T]`, whole
  /// numbers as Float.
  package var inputShape: [Int]
  /// Tokens behind the encoder's in the same row: the decoder's input under teacher forcing; 0
  /// without a decoder.
  package var decoderLength = 0
  /// The names of the classes; empty if they have none.
  package var classNames: [String] = []
  /// What the answers mean, and what it takes to show them.
  package var task: DatasetTask
  /// Inputs whose outputs are worth a look while the net learns.
  package var probe: Probe?
  /// What a user should know of how the data was read: a sentence each, without a full stop.
  package var notes: [String] = []
  /// What became of the columns of a table's file; empty for other data.
  package var columns: [TableColumn] = []
  /// What turns rows of another file into inputs as these are.
  package var encoding = InputEncoding.array(ArrayEncoding())

  /// Values in one example's row.
  package var inputSize: Int { inputShape.reduce(1, *) + decoderLength }

  /// A few inputs of a single value, whose outputs the dashboard shows in a table.
  package struct Probe: Sendable, Equatable {
    /// The heading of the table.
    package var title: String
    /// What the input is, with its unit.
    package var inputName: String
    /// The inputs as shown; as the net sees them they may be standardized.
    package var shown: [Float]
    /// As the net sees them; row-major.
    package var inputs: [Float]
    /// What an output of at most 0, and above 0, decides.
    package var decisions: [String]
  }
}

/// What the answers of a data set mean.
package enum DatasetTask: Sendable, Equatable {
  /// One class an example, or one a position.
  case classification
  /// Numbers, and the scale they have in their units.
  case regression(RegressionScale)
  /// The next value of a series.
  case forecast(Forecast)
  /// The next character of a text; window i + 1 starts where window i ends, in both parts.
  case language(Alphabet)
  /// A text into another.
  case translation(Translation)
  /// A class for each pixel; the first is the background.
  case segmentation
  /// One object's class and box.
  case detection
}
