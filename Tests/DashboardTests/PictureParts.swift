// The parts of a screen that a picture can show: bands, panels, and what lies over them.
import TerminalUI

@testable import Dashboard

/// Rectangles of a model's screen, found by its layout.
struct PicturePart<Model: ScreenModel>: Sendable {
  let rects: @Sendable (Model, ScreenLayout) -> [Rect]
}

extension PicturePart {
  static var header: Self { Self { _, layout in [layout.header] } }
  static var status: Self { Self { _, layout in [layout.status] } }
  static var footer: Self { Self { _, layout in [layout.footer] } }
  /// All panels as they lie beside each other, for tests of layouts and of pages.
  static var body: Self { Self { _, layout in [layout.body] } }

  static var help: Self {
    Self { model, _ in [model.help.box(in: Rect(model.shell.size).inset(top: 1, bottom: 1))] }
  }

  static var dialog: Self {
    Self { model, layout in model.question.map { [DialogBox($0).box(in: layout.body)] } ?? [] }
  }
}

extension PicturePart where Model == DashboardModel {
  private static func panels(
    _ isShown: @escaping @Sendable (DashboardModel, DashboardModel.PanelKind) -> Bool
  ) -> Self {
    Self { model, layout in
      PanelLayout(model: model).places(in: layout.body).filter { isShown(model, $0.panel) }
        .map(\.rect)
    }
  }

  /// Those of the panels that the layout has.
  static func panels(_ kinds: DashboardModel.PanelKind...) -> Self {
    panels { _, panel in kinds.contains(panel) }
  }

  /// The charts over time.
  static var charts: Self { panels { _, panel in panel.isChart } }
  /// What the task shows.
  static var samples: Self { panels { _, panel in panel.showsSamples } }
  /// The panel in focus on the main screen.
  static var focus: Self { panels { model, panel in panel == model.focus } }

  /// The panel in focus on a layer's page.
  static var pageFocus: Self {
    Self { model, layout in
      guard let layer = model.layer else { return [] }
      return LayerPage(model: model, layer: layer).places(in: layout.body).panels
        .filter { $0.panel == model.pageFocus(of: layer) }.map(\.rect)
    }
  }

  static var settings: Self {
    Self { model, layout in
      model.settingsPanel.map { [SettingsView(model: model, panel: $0).box(in: layout.body)] } ?? []
    }
  }
}

extension PicturePart where Model == ComparisonModel {
  /// Those of the panels that the layout has.
  static func panels(_ kinds: ComparisonModel.Panel...) -> Self {
    Self { model, layout in
      ComparisonLayout(model: model).places(in: layout.body).filter { kinds.contains($0.panel) }
        .map(\.rect)
    }
  }
}

extension CellBuffer {
  /// The cells of a rectangle.
  func part(_ rect: Rect) -> CellBuffer {
    var part = CellBuffer(size: Size(columns: rect.columns, rows: rect.rows))
    for row in 0..<rect.rows {
      for column in 0..<rect.columns {
        let cell = self[rect.left + column, rect.top + row]
        part.put(cell.glyph, at: Point(column: column, row: row), style: cell.style)
      }
    }
    return part
  }
}
