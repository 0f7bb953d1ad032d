// What is remembered from one run of the program to the next, but the theme, which is a file.
import RunHistory

/// The user's choices for the dashboard.
package struct Preferences: Sendable, Equatable {
  package var preset = LayoutState.Preset.standard
  /// The part of the width left of the border; nil: the usual one.
  package var split: Double?
  package var smoothing = Smoothing.light
  package var isMouseOn = true
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
      preferences.isMouseOn = shell.isMouseOn
      preferences.hasSeenHint = hasSeenHint
      return preferences
    }
    set {
      layout.preset = newValue.preset
      layout.split = newValue.split
      charts.smoothing = newValue.smoothing
      shell.isMouseOn = newValue.isMouseOn
      hasSeenHint = newValue.hasSeenHint
      if !arrangedPanels.contains(focus), let first = arrangedPanels.first { focus = first }
    }
  }
}
