// How a layer's unit norms were spread at a step, in five figures and a share.
import RunRecords

/// Minimum, quartiles and maximum of a layer's unit norms.
///
/// Merging keeps the outermost minimum and maximum and the mean of the rest.
package struct NormQuantiles: HistoryEntry, Equatable {
  package private(set) var minimum: Reading
  package private(set) var p25: Reading
  package private(set) var median: Reading
  package private(set) var p75: Reading
  package private(set) var maximum: Reading

  /// Nil if one of them was not measured.
  init?(_ layer: StepRecord.Layer) {
    guard let smallest = layer.normMin, let quarter = layer.normP25, let half = layer.normMedian,
      let threeQuarters = layer.normP75, let largest = layer.normMax
    else { return nil }
    minimum = Reading(smallest)
    p25 = Reading(quarter)
    median = Reading(half)
    p75 = Reading(threeQuarters)
    maximum = Reading(largest)
  }

  package mutating func merge(_ later: NormQuantiles) {
    minimum.merge(later.minimum)
    p25.merge(later.p25)
    median.merge(later.median)
    p75.merge(later.p75)
    maximum.merge(later.maximum)
  }
}
