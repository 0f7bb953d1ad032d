// What is remembered from one run of the program to the next, but the theme, which is a file.
import RunHistory

/// The user's choices for the dashboard.
package struct Preferences: Sendable, Equatable {
  package var preset = LayoutState.Preset.standard
  /// The part of the width left of the border; nil: the usual one.
  package var split: Double?
  package var smoothing = Smoothing.light
  package var isMouseOn = true
  /// Whether charts have grid lines.
  package var hasGrid = false
  /// Whether the hint for who is here for the first time was on the screen.
  package var hasSeenHint = false

  package init() {}
}

extension DashboardModel {
  /// As it is now; set before the first record.
  package var preferences: Preferences {
    get {
      var preferences = Preferences()
      preferences.preset = layout.preset
      preferences.split = layout.split
      preferences.smoothing = charts.smoothing
      shell.leave(&preferences)
      preferences.hasSeenHint = hasSeenHint
      return preferences
    }
    set {
      layout.preset = newValue.preset
      layout.split = newValue.split
      charts.smoothing = newValue.smoothing
      shell.take(newValue)
      hasSeenHint = newValue.hasSeenHint
      if !arrangedPanels.contains(focus), let first = arrangedPanels.first { focus = first }
    }
  }
}

extension Shell {
  /// What of the choices is every screen's.
  package mutating func take(_ preferences: Preferences) {
    (isMouseOn, hasGrid) = (preferences.isMouseOn, preferences.hasGrid)
  }

  func leave(_ preferences: inout Preferences) {
    (preferences.isMouseOn, preferences.hasGrid) = (isMouseOn, hasGrid)
  }
}
