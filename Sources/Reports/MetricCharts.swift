// The charts of a run's metrics: a figure under any name, those of a group in one chart.
import PlainText
import RunHistory
import RunRecords

extension RunCharts {
  /// More curves than that are in further charts.
  private static let mostCurves = 6
  /// More charts than that are left out; the last one says so.
  static let mostMetricCharts = 24

  /// In the order in which the screen lists them; what never changes, and what has a chart of its own
  /// above, is in the table alone.
  var metrics: [Figure] {
    var charts: [(name: String, keys: [MetricKey])] = []
    for key in segment.metrics.keys where changes(key) && !isShownAbove(key) {
      let index = charts.firstIndex { $0.name == key.chart && $0.keys.count < Self.mostCurves }
      if let index { charts[index].keys.append(key) } else { charts.append((key.chart, [key])) }
    }
    let shown = charts.prefix(Self.mostMetricCharts)
    return shown.enumerated().compactMap { index, chart in
      figure(chart.keys).map { figure in
        var figure = figure
        if index == shown.count - 1, charts.count > shown.count {
          figure.caption = "\(charts.count - shown.count) charts of metrics more are left out."
        }
        return figure
      }
    }
  }

  private func changes(_ key: MetricKey) -> Bool {
    let values = segment.metrics[key]?.raw.whole ?? []
    return Set(values.flatMap { [$0.entry.minimum, $0.entry.maximum] }).count > 1
  }

  /// The header's metric has a chart of its own.
  private func isShownAbove(_ key: MetricKey) -> Bool {
    key.isEvaluated && key.name == segment.header.criterion.metric
  }

  private func figure(_ keys: [MetricKey]) -> Figure? {
    guard let first = keys.first else { return nil }
    let curves = keys.enumerated().compactMap { index, key in
      segment.metrics[key].map { history in
        Chart.Curve(
          name: keys.count > 1 ? words(key) : "", pen: .series(index + 1),
          values: Self.means(history.raw))
      }
    }
    let title = keys.count > 1 ? first.chart : words(first)
    let names = keys.map(words).joined(separator: ", ")
    return chart(title, "\(names) over the steps.", y: "", curves: curves).map {
      Figure(drawing: $0, isWide: false, height: 250, isMain: false)
    }
  }

  private func words(_ key: MetricKey) -> String {
    key.isEvaluated && segment.metrics.isAmbiguous(key) ? key.name + " (evaluated)" : key.name
  }
}
