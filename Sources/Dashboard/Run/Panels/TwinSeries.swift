// The twin's curves, as the charts of losses and metrics take them in.
import RunHistory
import TerminalUI

extension ChartPanel {
  /// The curve of one of the twin's figures; empty without a twin.
  ///
  /// Dotted in colour too: with a line each for training and validation, colour alone would not
  /// suffice.
  func twin(
    _ figure: KeyPath<TwinState, SmoothedHistory>, columns: Int, scale: Double = 1
  ) -> [LineSeries] {
    guard let history = model.segment?.twin?[keyPath: figure], !history.isEmpty else { return [] }
    var series = curve(
      "no ceiling (twin)", .twin, history, columns: columns, scale: scale, mark: .dotted)
    series.isMarkedInColor = true
    return [series]
  }
}
