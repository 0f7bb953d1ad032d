// The twin's curves, as the charts of losses and metrics take them in.
import TerminalUI

extension DashboardModel {
  /// The curve of one of the twin's figures; empty where there is no twin.
  ///
  /// Dotted in colour too: with a line each for training and validation, colour alone would not tell.
  func twinSeries(
    _ figure: KeyPath<TwinState, SmoothedHistory>, over steps: ClosedRange<Int>, count: Int,
    scale: Double = 1
  ) -> [LineSeries] {
    guard let history = segment?.twin?[keyPath: figure], !history.isEmpty else { return [] }
    let points = history.curve(smoothing).points(over: steps, count: count).map { point in
      LinePoint(
        x: point.x, minimum: point.minimum * scale, maximum: point.maximum * scale,
        mean: point.mean * scale)
    }
    var series = LineSeries(
      name: "no ceiling (twin)", role: .twin, points: points, mark: .dotted, showsBand: false)
    series.isMarkedInColor = true
    series.latest = history.last.map { Double($0) * scale }
    return [series]
  }
}
