// How a tensor's weights are distributed: counts in parts of equal width.

/// Counts of weights, beside the norms of their units.
package struct WeightHistogram: Sendable, Equatable {
  /// The lower end of the first part, and the upper end of the last one.
  package var low: Float
  package var high: Float
  /// How many weights lie in each of the parts, which are equally wide.
  package var counts: [Int]
  /// Weights that are NaN or infinite.
  package var nonFinite: Int?

  /// As many parts at most as this program writes.
  package static let mostParts = 64

  package init(low: Float, high: Float, counts: [Int], nonFinite: Int? = nil) {
    self.low = low
    self.high = high
    self.counts = counts
    self.nonFinite = nonFinite
  }
}

extension WeightHistogram: RecordFields, FieldValue {
  static var blank: WeightHistogram { WeightHistogram(low: 0, high: 0, counts: []) }

  mutating func code(_ fields: inout some FieldCoder) {
    fields.required("low", &low)
    fields.required("high", &high)
    fields.required("counts", &counts)
    fields.check(low.isFinite && high.isFinite && low <= high, "high", "expected low before high")
    // A damaged log may hold any number; sums of them must not overflow, nor parts be millions.
    fields.check(counts.count <= 1 << 16, "counts", "expected at most 65536 parts")
    counts = counts.map { min(max(0, $0), 1 << 40) }
    fields.field("non_finite", &nonFinite, .ifAny)
  }

  func write(to json: inout JSONWriter, _ key: String?) {
    var histogram = self
    json.object(key) { histogram.code(&$0) }
  }

  var cell: String { counts.cell }
}
