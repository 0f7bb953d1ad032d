// Curves of several arms or runs in one chart: what comparisons, the pages of their arms, and the list of
// runs scale alike.
import TerminalUI

/// A chart that lays curves over one another.
struct OverlayChart {
  /// The last lies on top; those without points are left out.
  var series: [LineSeries]
  /// The part of the x axis to show; nil: all there is.
  var horizontal: ClosedRange<Double>?
  var isLogarithmic = false
  /// Whether a linear scale begins at 0, as one of losses.
  var startsAtZero = false
  /// Whether the scale goes by all values rather than by those after the curves' start.
  var showsAll = false

  init(series: [LineSeries]) { self.series = series }

  var chart: LineChart {
    var chart = LineChart(series: series.filter { !$0.points.isEmpty })
    chart.horizontal = horizontal
    chart.isLogarithmic = isLogarithmic
    chart.startsAtZero = startsAtZero && !isLogarithmic
    if !showsAll, !isLogarithmic, let end = Self.end(chart) {
      chart.vertical = end
      chart.isRobust = true
    }
    chart.leastLabelWidth = DashboardModel.labelWidth
    return chart
  }

  /// What the curves need after their first part, where that is much less than they need in all: a
  /// comparison is decided at the end, and the rise from nothing is the same for all.
  private static func end(_ chart: LineChart) -> ClosedRange<Double>? {
    let points = chart.series.flatMap { series in
      series.points.map { series.showsBand ? $0 : LinePoint(x: $0.x, value: $0.mean) }
    }
    guard let last = points.map(\.x).max() else { return nil }
    func range(from first: Double) -> ClosedRange<Double>? {
      let shown = points.filter { $0.x >= first }
      guard let low = shown.map(\.minimum).min(), let high = shown.map(\.maximum).max(), low < high
      else { return nil }
      return low...high
    }
    guard let whole = range(from: 0), let end = range(from: last / 3) else { return nil }
    let room = (end.upperBound - end.lowerBound) * 0.06
    let isMuch = whole.upperBound - whole.lowerBound > 1.3 * (end.upperBound - end.lowerBound)
    return isMuch ? (end.lowerBound - room)...(end.upperBound + room) : nil
  }
}
