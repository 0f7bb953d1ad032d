// What all panels share: the frame with its number, the look of words, scales that do not tremble.
import PlainText
import RunHistory
import RunRecords
import TerminalUI

extension DashboardModel {
  /// Draws a panel's frame; the number in its title is the key that focuses it.
  func drawFrame(
    _ kind: PanelKind?, _ title: String, note: String = "", noteRole: Role = .mutedText,
    position: String = "", in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance
  ) -> Rect {
    var number = ""
    if let kind, let index = panels.firstIndex(of: kind) { number = PanelNumber.text(index, look) }
    var panel = Panel(
      title: number + title, note: note, noteRole: noteRole,
      isFocused: kind == focus && [.main, .filter].contains(topLayer))
    panel.position = position
    if panel.isFocused, let kind { panel.captions = explanation(of: kind).brief }
    return panel.draw(in: rect, into: &buffer, look)
  }

  /// A title with what the layers are filtered by: "norms /enc".
  func filtered(_ title: String) -> String {
    if filter.text.isEmpty, !filter.isTyping { return title }
    return "\(title) /\(ScreenText.printable(filter.text))"
  }

  /// Which rows of the lists of layers are in sight, the selected one among them.
  func listWindow(room: Int) -> ListWindow {
    ListWindow(selected: selectedRow, room: room, of: layerRows.rows.count)
  }

  /// Draws the frame of a panel on a layer's page.
  func drawFrame(
    _ panel: PagePanel, of layer: LayerState, _ title: String, note: String = "",
    noteRole: Role = .mutedText, in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance
  ) -> Rect {
    var frame = Panel(
      title: title, note: note, noteRole: noteRole,
      isFocused: panel == pageFocus(of: layer) && topLayer == .detail)
    if frame.isFocused { frame.captions = explanation(of: panel).brief }
    return frame.draw(in: rect, into: &buffer, look)
  }

  /// The same for all charts over time, so that their columns stand one below the other.
  static let labelWidth = 4

  /// The marks of changed settings as charts take them.
  func eventMarks(on axis: StepAxis) -> [EventMark] {
    (segment?.marks ?? []).filter { axis.steps.contains($0.step) }.map { mark in
      let isOfTwin = mark.action == .twin || mark.action == .fork
      return EventMark(
        x: axis.x(mark.step), label: mark.label,
        role: isOfTwin ? .twin : mark.label == "on" ? .good : .warning)
    }
  }
}

/// The number in a panel's title: the key that focuses it.
enum PanelNumber {
  private static let superscripts = ["¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]

  /// Of the panel in a place from 0; empty if no key has the number.
  static func text(_ index: Int, _ look: Appearance) -> String {
    guard superscripts.indices.contains(index) else { return "" }
    return look.glyphs.isUnicode ? superscripts[index] : "\(index + 1) "
  }
}

extension Appearance {
  var ellipsis: String { String(Character(glyphs.ellipsis)) }

  /// A name in at most `columns` columns, cut in the middle: names mostly differ at their ends.
  package func shortened(_ name: String, to columns: Int) -> String {
    let name = ScreenText.printable(name)
    guard DisplayWidth.of(name) > columns, columns > 4 else {
      return NumberText.prefix(name, columns: columns)
    }
    let end = (columns - 1) / 2
    var tail = ""
    var used = 0
    for character in name.reversed() {
      used += DisplayWidth.of(character)
      if used > end { break }
      tail = String(character) + tail
    }
    let head = NumberText.prefix(name, columns: columns - 1 - DisplayWidth.of(tail))
    return head + ellipsis + tail
  }

  /// A word in at most `columns` columns, cut at its end.
  func cut(_ word: String, to columns: Int) -> String {
    let word = ScreenText.printable(word)
    guard DisplayWidth.of(word) > columns, columns > 1 else {
      return NumberText.prefix(word, columns: columns)
    }
    return NumberText.prefix(word, columns: columns - 1) + ellipsis
  }

  /// From what is to what it was taken for.
  var arrow: String { glyphs.isUnicode ? "→" : "->" }

  /// " · " between two statements.
  var separator: String { glyphs.isUnicode ? " · " : ", " }
}

/// Ends of axes on which the next value seldom changes anything.
enum RoundEnd {
  /// The next of 1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8 and their multiples by ten.
  static func above(_ value: Double) -> Double {
    guard value > 1e-12, value < 1e12 else { return value > 0 ? min(value, 1e300) : 1 }
    // Powers of ten on one side of the fraction alone, so that 0.8 is 0.8.
    var up = 1.0
    var down = 1.0
    while up * 10 <= value { up *= 10 }
    while value * down < 1 { down *= 10 }
    for rung in [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8] where rung * up / down >= value {
      return rung * up / down
    }
    return 10 * up / down
  }
}

extension Rect {
  /// The left and the right part of one line, for a word at each end.
  func write(
    left: [TextLine.Piece], right: [TextLine.Piece] = [], into buffer: inout CellBuffer,
    _ look: Appearance
  ) {
    let width = TextLine(right).width
    let fits = !right.isEmpty && TextLine(left).width + width < columns
    let (rest, end) = splitRight(fits ? width : 0)
    TextLine(left).draw(in: fits ? rest : self, into: &buffer, look)
    if fits { TextLine(right).draw(in: end, into: &buffer, look) }
  }
}
