// The words of the footer for the keys of a run.

extension DashboardModel {
  /// Arrows are named where they do what no mark on the screen shows.
  package func label(of binding: KeyBinding) -> String {
    switch binding.action {
    case .up, .down:
      picturePage != nil
        ? "pictures"
        : consolePage != nil ? "lines" : movesOverMetrics ? "metric" : binding.label
    case .details where movesOverMetrics: isMetricPinned ? "unpin" : "pin"
    case .details where isOnBlock: selectedBlock.map(isOpen) == true ? "close" : "open"
    case .slower, .faster: source.isRun ? binding.label : "speed"
    case .left, .right: movesCursor ? binding.label : ""
    case .back where hasCursorToTakeAway: "cursor off"
    case .back where isMaximized: "all panels"
    case .back where leavesToList: "all runs"
    case .back where topLayer == .main: "all layers"
    default: binding.label
    }
  }

  package func isOpposite(_ action: KeyAction) -> Bool {
    switch action {
    case .pause: wantsPause
    case .fullSpeed: !pace.isOn
    case .twin: wantsTwin
    case .logScale: isLogarithmic(focus)
    case .window: charts.window == .recent || charts.zoom != nil
    case .outliers: charts.isRobust
    case .maximize: isMaximized
    case .mouse: !shell.isMouseOn
    default: false
    }
  }
}
