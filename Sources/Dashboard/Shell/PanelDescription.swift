// A panel's description: everything that help, keys, mouse, layout and drawing need to know.
import RunHistory
import TerminalUI

/// A panel of the main screen, described in the file of its view.
///
/// What has no default must be said of each.
struct PanelDescription: Sendable {
  /// Its name, for sentences and, where nothing more special is shown, for its frame.
  let title: String
  let explanation: Explanation
  /// Whether it shows what the constraint does; while that is off, this is what is explained.
  var showsConstraint = false
  /// The rows, frame included, below which it gives way to others on a narrow screen.
  let leastRows: Int

  /// Whether it is a chart over time, with a cursor that keys move.
  var isChart = false
  /// Nil: its scale is always linear.
  var logarithmicScale: LogarithmicScale?
  /// What up and down go through in it; nil: nothing.
  var list: List?
  /// Whether it shows samples of the task, and is there only where there are any.
  var showsSamples = false
  /// The keys to which it gives a meaning, beyond those that follow from the properties above.
  let ownKeys: Set<KeyAction>

  /// Whether a run has anything to show in it.
  var isPresent: @Sendable (DashboardModel) -> Bool = { _ in true }
  /// What of its list stands at a point of it; nil if nothing does.
  var target: @Sendable (DashboardModel, Point, _ panel: Rect) -> Target? = { _, _, _ in nil }
  /// Where its charts stand, axes included.
  var charts: @Sendable (DashboardModel, _ panel: Rect) -> [Rect] = { [Panel.interior(of: $1)] }
  let draw: @Sendable (DashboardModel, Rect, inout CellBuffer, Appearance) -> Void

  /// What a panel can list.
  enum List: Sendable {
    case layers, pictures, lines, metrics
  }

  /// The keys to which it gives a meaning: the help shows them first while it is in focus.
  var keys: Set<KeyAction> {
    var keys = ownKeys
    if isChart {
      keys.formUnion([
        .left, .right, .zoomOut, .zoomIn, .panBack, .panForward, .window, .axisUnit,
      ])
    }
    if logarithmicScale != nil { keys.insert(.logScale) }
    switch list {
    case .layers: keys.formUnion([.up, .down, .first, .last, .details, .filter, .suggestion])
    case .pictures: keys.formUnion([.up, .down, .first, .last])
    case .lines: keys.formUnion([.up, .down, .left, .right, .first, .last])
    case .metrics: keys.formUnion([.up, .down, .first, .last, .details])
    case nil: break
    }
    return keys
  }
}

/// The logarithmic scale that a key gives a chart.
struct LogarithmicScale: Sendable {
  /// What is drawn on it: "losses".
  let values: String
  /// What it takes, where not all that the chart can show can be on it.
  var condition: Condition?
  /// Whether the chart uses it by default.
  var isUsual: @Sendable (DashboardModel) -> Bool = { _ in false }

  struct Condition: Sendable {
    /// What can be on it, with what it takes: "metrics other than shares".
    let words: String
    let holds: @Sendable (DashboardModel) -> Bool
  }
}

/// A panel of a layer's page, described in the file of its view.
struct PagePanelDescription: Sendable {
  let explanation: Explanation
  /// Whether it shows what the constraint does; while that is off, this is what is explained.
  var showsConstraint = false
  /// Whether it is a chart over time.
  var isChart = false
  /// Whether the page of a layer has it.
  var isPresent: @Sendable (LayerState) -> Bool = { _ in true }
  let draw: @Sendable (DashboardModel, LayerState, Rect, inout CellBuffer, Appearance) -> Void
}
