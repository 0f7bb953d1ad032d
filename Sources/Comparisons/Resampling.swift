// Splits of the same examples that the runs of a comparison were made on.
import Basics
import RunRecords

/// The splits of a resampling, as the headers of its runs tell them.
package struct Resampling: Sendable, Equatable {
  /// How many splits are drawn in all.
  package let splits: Int
  /// The parts of the split in which the one tested on is largest beside what is seen.
  package let counts: PartCounts

  /// Nil if no run is of a split.
  package init?(_ runs: [RunDigest]) {
    let headers = runs.compactMap(\.header).filter { $0.summary.resample != nil }
    guard let splits = headers.first?.summary.resample?.count else { return nil }
    self.splits = splits
    let parts = headers.map { header in
      // Without a part for the end, validation is what is resampled.
      let (train, validation) = (header.trainExamples ?? 0, header.validationExamples ?? 0)
      return header.testExamples.map {
        PartCounts(train: train, validation: validation, test: $0)
      } ?? PartCounts(train: train, validation: 0, test: validation)
    }
    counts = parts.max { $0.ratio < $1.ratio } ?? PartCounts(train: 0, validation: 0, test: 0)
  }

  /// What the splits share, by which intervals are wider than those of independent pairs.
  var overlap: Double { counts.ratio }

  /// "0.25".
  var ratioText: String { FigureText(metric: "ratio").plain(counts.ratio) }
}
