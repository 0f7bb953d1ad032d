// What lies under the mouse: a function of model and point, from the same layouts that views draw.
import TerminalUI

/// Something on the screen that a click or the wheel acts on.
package enum Target: Sendable, Equatable {
  case panel(DashboardModel.PanelKind)
  /// A layer in the list of a panel, by its index in the segment.
  case layer(Int, in: DashboardModel.PanelKind)
  /// A panel of a layer's page.
  case pagePanel(PagePanel)
  /// What a key does: in the footer, or in a question.
  case key(Key)
  /// The border between left and right.
  case border
  case setting(SettingRow)
  /// Elsewhere in the settings or the help, and what lies beside them.
  case box, outside
}

extension DashboardModel {
  /// What is at a point of the screen; nil where a click means nothing.
  package func target(at point: Point) -> Target? {
    guard ScreenLayout.isLargeEnough(size) else { return nil }
    let layout = ScreenLayout(size)
    if layout.footer.contains(point) {
      let footer = FooterLine(model: self, takesNotices: layout.status.isEmpty)
      return footer.key(at: point, in: layout.footer).map(Target.key)
    }
    switch topLayer {
    case .dialog:
      guard let dialog else { return nil }
      return DialogBox(dialog: dialog, nextSeed: nextSeed).key(at: point, in: layout.body)
        .map(Target.key)
    case .help:
      let screen = Rect(size).inset(top: 1, bottom: 1)
      return HelpOverlay(model: self).box(in: screen).contains(point) ? .box : .outside
    case .settings, .entry:
      guard let panel = settingsPanel else { return nil }
      let view = SettingsView(model: self, panel: panel)
      guard view.box(in: layout.body).contains(point) else { return .outside }
      return view.row(at: point, in: layout.body).map(Target.setting) ?? .box
    case .main, .detail, .filter: return panel(at: point, in: layout.body)
    }
  }

  private func panel(at point: Point, in body: Rect) -> Target? {
    guard body.contains(point) else { return nil }
    // Its two columns: the right edge of what lies left, and the left one of what lies right.
    if let border, point.column == border || point.column == border - 1, isOnBorder(point, body) {
      return .border
    }
    if isDetailOpen, let layer {
      let places = LayerPage(model: self, layer: layer).places(in: body).panels
      return places.first { $0.rect.contains(point) }.map { .pagePanel($0.panel) }
    }
    let places = PanelLayout(model: self).places(in: body)
    guard let place = places.first(where: { $0.rect.contains(point) }) else { return nil }
    let index = place.panel.description.layer(self, point, place.rect)
    return index.map { .layer($0, in: place.panel) } ?? .panel(place.panel)
  }

  /// Large figures lie above the border, not at it.
  private func isOnBorder(_ point: Point, _ body: Rect) -> Bool {
    isDetailOpen || !PanelLayout(model: self).figures(in: body).contains(point)
  }
}
