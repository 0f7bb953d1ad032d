// Which figures the panel of metrics shows: the one that keys move over, and those that are pinned.
import PlainText
import RunHistory
import RunRecords
import TerminalUI

/// What keys and mouse choose of the figures under any names; by name, so that it outlives a restart.
package struct MetricChoice: Sendable, Equatable {
  /// Nil: none was chosen.
  package var selected: MetricKey?
  /// Shown whatever is selected, in the order in which they were pinned.
  package var pinned: [MetricKey] = []

  /// Of those that one chart shows, colours and marks still tell them apart.
  static let mostInChart = 6
  static let mostPinned = 24
}

extension DashboardModel {
  /// Whether up and down go through metrics.
  var movesOverMetrics: Bool { topLayer == .main && focus.description.list == .metrics }

  /// The figure that keys move over; nil if there is none.
  package var selectedMetric: MetricKey? {
    guard let segment, let first = segment.metrics.keys.first else { return nil }
    // What best goes by comes first.
    let best = MetricKey(segment.header.criterion.metric, isEvaluated: true)
    return [metricChoice.selected, best].compactMap { $0 }.first { segment.metrics[$0] != nil }
      ?? first
  }

  /// The pinned figures that this run tells.
  private var pinnedMetrics: [MetricKey] {
    metricChoice.pinned.filter { segment?.metrics[$0] != nil }
  }

  func isPinned(_ key: MetricKey) -> Bool { metricChoice.pinned.contains(key) }

  var isMetricPinned: Bool { selectedMetric.map(isPinned) ?? false }

  /// What each of at most `room` charts shows, the selected figure in one of them: the pinned ones,
  /// those of a group together; or, as long as none is pinned, each figure from the selected one on.
  func metricCharts(room: Int) -> [[MetricKey]] {
    guard room > 0, let selected = selectedMetric, let keys = segment?.metrics.keys else {
      return []
    }
    let pinned = pinnedMetrics
    guard !pinned.isEmpty else {
      let start = keys.firstIndex(of: selected) ?? 0
      // At the end of the list those before it fill the room.
      let first = max(0, min(start, keys.count - room))
      return keys[first..<min(keys.count, first + room)].map { [$0] }
    }
    var charts: [[MetricKey]] = []
    for key in pinned {
      let index = charts.firstIndex {
        $0[0].chart == key.chart && $0.count < MetricChoice.mostInChart
      }
      if let index { charts[index].append(key) } else { charts.append([key]) }
    }
    if !pinned.contains(selected) { charts.append([selected]) }
    let place = charts.firstIndex { $0.contains(selected) } ?? 0
    let shown = ListWindow(selected: place, room: room, of: charts.count).shown
    return Array(charts[shown])
  }

  mutating func chooseMetric(_ action: KeyAction) {
    guard let keys = segment?.metrics.keys, let selected = selectedMetric else { return }
    let place = keys.firstIndex(of: selected) ?? 0
    metricChoice.selected = keys[ListWindow.place(after: action, from: place, of: keys.count)]
  }

  /// Pins the selected figure, or lets it go.
  mutating func pinMetric() {
    guard let key = selectedMetric else { return }
    metricChoice.selected = key
    let name = ScreenText.printable(key.name)
    if let index = metricChoice.pinned.firstIndex(of: key) {
      metricChoice.pinned.remove(at: index)
      return say("\(name) is no longer pinned")
    }
    guard metricChoice.pinned.count < MetricChoice.mostPinned else {
      return say("\(MetricChoice.mostPinned) metrics are pinned already", .refusal)
    }
    metricChoice.pinned.append(key)
    say("\(name) stays in sight, in one chart with others of its group")
  }
}
