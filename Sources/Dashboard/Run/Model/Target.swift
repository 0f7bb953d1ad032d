// What lies under the mouse: a function of model and point, from the same layouts that views draw.
import RunHistory
import TerminalUI

/// Something on the screen that a click or the wheel acts on.
package enum Target: Sendable, Equatable {
  case panel(DashboardModel.PanelKind)
  /// A layer in the list of a panel, by its index in the segment.
  case layer(Int, in: DashboardModel.PanelKind)
  /// A block of layers in such a list, by its index in the segment.
  case block(Int, in: DashboardModel.PanelKind)
  /// A figure in the list of the panel of metrics.
  case metric(MetricKey)
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
  /// What is at a point of the screen; nil if a click means nothing.
  package func target(at point: Point) -> Target? {
    switch shellTarget(at: point) {
    case .nothing: nil
    case .key(let key): .key(key)
    case .box: .box
    case .outside: .outside
    case .body(let body): target(at: point, in: body)
    }
  }

  private func target(at point: Point, in body: Rect) -> Target? {
    guard let settingsPanel else { return panel(at: point, in: body) }
    let view = SettingsView(model: self, panel: settingsPanel)
    guard view.box(in: body).contains(point) else { return .outside }
    return view.row(at: point, in: body).map(Target.setting) ?? .box
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
    return place.panel.description.target(self, point, place.rect) ?? .panel(place.panel)
  }

  /// Large figures lie above the border, not at it.
  private func isOnBorder(_ point: Point, _ body: Rect) -> Bool {
    isDetailOpen || !PanelLayout(model: self).figures(in: body).contains(point)
  }
}
