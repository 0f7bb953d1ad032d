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

  init(_ layer: StepRecord.Layer) {
    minimum = Reading(layer.normMin)
    p25 = Reading(layer.normP25)
    median = Reading(layer.normMedian)
    p75 = Reading(layer.normP75)
    maximum = Reading(layer.normMax)
  }

  package mutating func merge(_ later: NormQuantiles) {
    minimum.merge(later.minimum)
    p25.merge(later.p25)
    median.merge(later.median)
    p75.merge(later.p75)
    maximum.merge(later.maximum)
  }
}
