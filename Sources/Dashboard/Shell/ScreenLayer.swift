// What covers what on a screen.

/// A layer of the screen: keys go to the uppermost that is open.
package enum ScreenLayer: Sendable, Equatable, CaseIterable {
  case main, detail, filter, settings, entry, help, dialog
}
