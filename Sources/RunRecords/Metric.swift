// A figure of a task under its name, as steps and evaluations hold them.

/// A named figure.
package struct Metric: Sendable, Equatable {
  package var name: String
  package var value: Float

  package init(name: String, value: Float) {
    self.name = name
    self.value = value
  }
}

extension FieldCoder {
  /// Figures under any names.
  mutating func metrics(_ key: String, _ metrics: inout [Metric], _ presence: FieldPresence) {
    var entries = metrics.map { (name: $0.name, value: $0.value) }
    named(key, &entries, presence)
    metrics = entries.map { Metric(name: $0.name, value: $0.value) }
  }
}
