// The figures that steps and evaluations hold under any names, over time.
import PlainText
import RunRecords

/// Which figure it is: steps and evaluations may tell different things under one name.
package struct MetricKey: Sendable, Hashable {
  package var name: String
  /// Whether it comes with evaluations; false: with steps.
  package var isEvaluated: Bool

  package init(_ name: String, isEvaluated: Bool) {
    self.name = name
    self.isEvaluated = isEvaluated
  }

  /// What stands before the first `/`: "eval" of `eval/bleu`; empty if nothing does.
  package var group: String {
    guard let slash = name.firstIndex(of: "/"), slash > name.startIndex,
      name.index(after: slash) < name.endIndex
    else { return "" }
    return String(name[..<slash])
  }

  /// The name within its group: "bleu".
  package var nameInGroup: String {
    let group = group
    return group.isEmpty ? name : String(name.dropFirst(group.count + 1))
  }

  /// What curves of one chart have in common: their group, or without one the figure that is measured
  /// on training and validation data.
  package var chart: String {
    let group = group
    if !group.isEmpty { return group + "/" }
    return MetricName.classOfRecall(name) == nil ? Wording.figure(name) : "recall"
  }

  /// By group, then by name.
  package static func precedes(_ first: MetricKey, _ second: MetricKey) -> Bool {
    let groups = (first.group, second.group)
    if groups.0 != groups.1 { return NaturalOrder.precedes(groups.0, groups.1) }
    if first.name != second.name { return NaturalOrder.precedes(first.name, second.name) }
    return !first.isEvaluated && second.isEvaluated
  }
}

/// A history for each figure, as long as there are not too many.
///
/// Memory does not grow with the run: each history is bounded, and so is their number.
package struct MetricHistories: Sendable {
  /// More figures than that are left out.
  package static let most = 256

  /// In the order in which they are listed.
  package private(set) var keys: [MetricKey] = []
  private var histories: [MetricKey: SmoothedHistory] = [:]
  /// Whether figures were left out.
  package private(set) var isFull = false

  package init() {}

  package var isEmpty: Bool { keys.isEmpty }

  /// The history of a figure; nil if nothing was told of it.
  package subscript(key: MetricKey) -> SmoothedHistory? { histories[key] }

  /// Whether both a step and an evaluation tell a figure of this name.
  package func isAmbiguous(_ key: MetricKey) -> Bool {
    histories[MetricKey(key.name, isEvaluated: !key.isEvaluated)] != nil
  }

  mutating func apply(_ metrics: [Metric], isEvaluated: Bool, at step: Int) {
    for metric in metrics {
      let key = MetricKey(metric.name, isEvaluated: isEvaluated)
      if histories[key] == nil {
        guard keys.count < Self.most else {
          isFull = true
          continue
        }
        let place = keys.firstIndex { MetricKey.precedes(key, $0) } ?? keys.endIndex
        keys.insert(key, at: place)
        histories[key] = SmoothedHistory(recentCapacity: 256, wholeCapacity: 512)
      }
      histories[key]?.append(metric.value, at: step)
    }
  }
}
