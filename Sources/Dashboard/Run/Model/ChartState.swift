// The view of the charts on the run: which steps, how large, how smooth, with a cursor or without.
import RunHistory

/// What the keys for charts change; one for all charts, so that they show the same steps.
package struct ChartState: Sendable, Equatable {
  package var window = Window.all
  /// The part that is zoomed to instead of the window; nil: not zoomed.
  package var zoom: Zoom?
  /// A step whose values are read out; nil: none.
  package var cursor: Int?
  package var smoothing = Smoothing.light
  /// Whether the y axes leave out the few values far from all others.
  package var isRobust = false
  package var unit = Unit.steps
  /// The kinds of charts that a key has given a logarithmic scale or taken it from.
  package var scales: [DashboardModel.PanelKind: Scale] = [:]

  package init() {}

  /// The steps the charts cover.
  package enum Window: Sendable, Equatable {
    case all, recent
  }

  /// A part of the run.
  package enum Zoom: Sendable, Equatable {
    /// This many steps up to the newest one, following the run.
    case newest(Int)
    /// These steps, whatever the run does.
    case steps(ClosedRange<Int>)
  }

  /// What stands along the x axis.
  package enum Unit: Sendable, Equatable, CaseIterable {
    case steps, epochs, time
  }

  /// How the y axis is divided.
  package enum Scale: Sendable, Equatable {
    case linear, logarithmic
  }
}

extension ChartState.Zoom {
  /// The steps 0...last of a run that are in view.
  package func range(last: Int) -> ClosedRange<Int> {
    let last = max(1, last)
    switch self {
    case .newest(let span): return max(0, last - max(1, span))...last
    case .steps(let steps):
      let upper = min(last, max(1, steps.upperBound))
      return min(max(0, steps.lowerBound), upper - 1)...upper
    }
  }

  /// The part that begins at a step, or the newest one where that would go beyond the end; nil if
  /// it is the whole run.
  package init?(from first: Int, span: Int, last: Int) {
    let span = max(1, span)
    if span >= last { return nil }
    let first = max(0, first)
    self = first >= last - span ? .newest(span) : .steps(first...first + span)
  }

  /// The visible steps scaled by `factor`, with a given step staying where it is, or else the
  /// newest end; at least `least` steps long, and nil for the whole run.
  package static func scaled(
    _ visible: ClosedRange<Int>, by factor: Double, around center: Int?, least: Int, last: Int
  ) -> Self? {
    let before = Double(max(1, visible.upperBound - visible.lowerBound))
    let span = max(Double(max(1, least)), (before * factor).rounded())
    guard span < Double(last) else { return nil }
    guard let center, visible.contains(center) else {
      return Self(from: visible.upperBound - Int(span), span: Int(span), last: last)
    }
    let part = Double(center - visible.lowerBound) / before
    let first = Double(center) - part * span
    return Self(from: Int(max(0, first.rounded())), span: Int(span), last: last)
  }

  /// What is in sight moved by a part of its length; stops at both ends.
  package static func moved(_ visible: ClosedRange<Int>, by part: Double, last: Int) -> Self? {
    let span = visible.upperBound - visible.lowerBound
    let offset = max(1, (Double(span) * part.magnitude).rounded()) * (part < 0 ? -1 : 1)
    let first = min(max(0, visible.lowerBound + Int(offset)), max(0, last - span))
    return Self(from: first, span: span, last: last)
  }
}
