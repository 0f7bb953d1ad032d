// The norms record: every unit's norm at a step.

/// The L2 norm of every unit's vector after the projection at `step`.
package struct NormsRecord: Sendable, Equatable {
  package var step: Int
  /// In the order of the header's layers.
  package var layers: [Layer]
  /// What stands beside or in place of lists of very many norms.
  package var digests: [Digest] = []
  /// How the weights themselves are distributed, where that was asked for.
  package var histograms: [Histogram] = []

  /// One weight tensor's unit norms, in unit order.
  package struct Layer: Sendable, Equatable {
    package var name: String
    package var norms: [Float]

    package init(name: String, norms: [Float]) {
      self.name = name
      self.norms = norms
    }
  }

  /// One weight tensor's norms in a digest.
  package struct Digest: Sendable, Equatable {
    package var name: String
    package var digest: NormDigest

    package init(name: String, digest: NormDigest) {
      self.name = name
      self.digest = digest
    }
  }

  /// The weights of one tensor.
  package struct Histogram: Sendable, Equatable {
    package var name: String
    package var histogram: WeightHistogram

    package init(name: String, histogram: WeightHistogram) {
      self.name = name
      self.histogram = histogram
    }
  }

  package init(
    step: Int, layers: [Layer], digests: [Digest] = [], histograms: [Histogram] = []
  ) {
    self.step = step
    self.layers = layers
    self.digests = digests
    self.histograms = histograms
  }
}

extension NormsRecord: RecordFields {
  static var blank: NormsRecord { NormsRecord(step: 0, layers: []) }

  mutating func code(_ fields: inout some FieldCoder) {
    fields.required("step", &step)
    var entries = layers.map { (name: $0.name, value: $0.norms) }
    fields.named("layers", &entries, .always)
    layers = entries.map { Layer(name: $0.name, norms: $0.value) }
    var digested = digests.map { (name: $0.name, value: $0.digest) }
    fields.named("digests", &digested, .ifAny)
    digests = digested.map { Digest(name: $0.name, digest: $0.value) }
    var counted = histograms.map { (name: $0.name, value: $0.histogram) }
    fields.named("histograms", &counted, .ifAny)
    histograms = counted.map { Histogram(name: $0.name, histogram: $0.value) }
  }
}
