// How many different tokens the inputs have.
import Basics

extension Dataset {
  /// How many tokens the inputs have, and those that a decoder reads.
  ///
  /// One more than the largest in all parts, or the size of the alphabet; 1 if the inputs are not
  /// tokens.
  package var tokenCounts: (inputs: Int, decoder: Int) {
    switch task {
    case .language(let alphabet): return (alphabet.count, alphabet.count)
    case .translation(let translation): return (translation.source.count, translation.target.count)
    case .classification, .regression, .forecast, .segmentation, .detection:
      let ownSize = inputSize - decoderLength
      return (tokenCount(columns: 0..<ownSize), tokenCount(columns: ownSize..<inputSize))
    }
  }

  private func tokenCount(columns: Range<Int>) -> Int {
    var largest: Float = 0
    for part in [train, validation] + (test.map { [$0.examples] } ?? []) {
      for row in stride(from: 0, to: part.inputs.count, by: inputSize) {
        for value in part.inputs[row + columns.lowerBound..<row + columns.upperBound] {
          // Numbers that are not tokens are refused when the network meets the data.
          guard value >= 0, value < 0x1p31, value == value.rounded() else { return 1 }
          largest = max(largest, value)
        }
      }
    }
    return Int(largest) + 1
  }
}
