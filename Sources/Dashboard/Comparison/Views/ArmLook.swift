// How an arm is distinguished wherever it is drawn: by its letter first, then by its colour.
import Comparisons
import PlainText
import RunHistory
import TerminalUI

/// Letters and colours of arms, by their place.
enum ArmLook {
  private static let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
  private static let roles: [Role] = [.train, .validation, .good, .accent, .warning]

  /// After fifty-two they come again.
  static func letter(_ index: Int) -> String {
    String(letters[max(0, index) % letters.count])
  }

  static func role(_ index: Int) -> Role { roles[max(0, index) % roles.count] }
}

extension ComparisonModel {
  var baseline: String? {
    if case .arms(let baseline) = state.kind { return baseline }
    return figures.sweep?.best?.candidate.arm
  }

  /// The colour of an arm: the baseline has that of runs without a ceiling; where there are many arms,
  /// all but the chosen one and the best are grey.
  func role(of index: Int) -> Role {
    guard state.arms.indices.contains(index) else { return .text }
    let isBaseline = state.arms[index] == baseline
    if isSweep || state.arms.count > 6 {
      if index == selectedArm { return .train }
      return isBaseline ? (isSweep ? .good : .twin) : .mutedText
    }
    if isBaseline { return .twin }
    let place = baseline.flatMap { state.arms.firstIndex(of: $0) } ?? state.arms.count
    return ArmLook.role(index - (index > place ? 1 : 0))
  }

  /// An arm's name as it is shown: a sweep's are long, and say in front what all have in common.
  func name(of index: Int) -> String {
    guard state.arms.indices.contains(index) else { return "" }
    guard case .sweep(let keys, let candidates) = state.kind,
      let candidate =
        candidates.indices.contains(index) && candidates[index].arm == state.arms[index]
        ? candidates[index] : candidates.first(where: { $0.arm == state.arms[index] })
    else { return ScreenText.printable(state.arms[index]) }
    let names = Self.shortNames(keys)
    return ScreenText.printable(
      zip(names, candidate.values).map { "\($0)=\(SweepTable.text($1))" }.joined(separator: " "))
  }

  /// The last parts of keys, where they differ: "max_norm".
  static func shortNames(_ keys: [String]) -> [String] {
    let lasts = keys.map { $0.split(separator: ".").last.map(String.init) ?? $0 }
    return Set(lasts).count == lasts.count ? lasts : keys
  }

  /// Which arms are in sight in a list, the selected one among them.
  func window(room: Int) -> ListWindow {
    ListWindow(selected: selectedArm, room: room, of: state.arms.count)
  }

  /// Draws a panel's frame; the number in its title is the key that focuses it.
  func drawFrame(
    _ kind: Panel, note: String = "", position: String = "", in rect: Rect,
    into buffer: inout CellBuffer, _ look: Appearance
  ) -> Rect {
    let index = panels.firstIndex(of: kind) ?? 0
    var panel = TerminalUI.Panel(
      title: PanelNumber.text(index, look) + title(of: kind), note: note,
      isFocused: kind == focus && topLayer == .main)
    panel.position = position
    if panel.isFocused { panel.captions = explanation(of: kind).brief }
    return panel.draw(in: rect, into: &buffer, look)
  }
}
