// The keys that mean the same on every screen, at the end of each screen's own table.
import TerminalUI

enum ShellBindings {
  /// By importance; `unasked`: without a question; `untyped`: where `q` is not text; `leave`: what
  /// `q` does if the run is another process'.
  static func all(
    unasked: Set<ScreenLayer>, everywhere: Set<ScreenLayer>, untyped: Set<ScreenLayer>,
    interrupt: String, quit: String, leave: String? = nil
  ) -> [KeyBinding] {
    [
      KeyBinding(
        .scrollUp, [.up, .character("k")], "scroll", in: .reading, on: [.help], "one line up"),
      KeyBinding(
        .scrollDown, [.down, .character("j")], "scroll", in: .reading, on: [.help],
        "one line down"),
      KeyBinding(.pageUp, [.pageUp], "", in: .reading, on: [.help], "one page up"),
      KeyBinding(
        .pageDown, [.pageDown, .character(" ")], "", in: .reading, on: [.help], "one page down"),
      KeyBinding(.scrollToStart, [.home], "", in: .reading, on: [.help], "to the start"),
      KeyBinding(.scrollToEnd, [.end], "", in: .reading, on: [.help], "to the end"),
      KeyBinding(
        .back, [.escape, .enter], "close", in: .reading, on: [.help], "close the help"),
      KeyBinding(
        .grid, [.character("g")], "", in: .charts, on: unasked.intersection([.main, .detail]),
        yields: true, "grid lines at the values on the axes; again: none"),
      KeyBinding(
        .mouse, [.character("m")], "mouse off", opposite: "mouse on", in: .program, on: unasked,
        "mouse off: the terminal selects text; again for clicks"),
      KeyBinding(
        .help, [.character("?")], "help", in: .program, on: unasked, "show or close this help"),
      KeyBinding(
        .redraw, [.control("l"), Key.control("l").with(.alt)], "", in: .program, on: everywhere,
        "draw the screen anew"),
      KeyBinding(
        .suspend, [.control("z")], "", in: .program, on: everywhere,
        "back to the shell; fg continues"),
      KeyBinding(.interrupt, [.control("c")], "", in: .program, on: everywhere, interrupt),
      KeyBinding(
        .quit, [.character("q")], "quit", in: .program, on: untyped,
        only: leave == nil ? Set(DashboardModel.Source.allCases) : [.live, .replay], quit),
    ]
      + (leave.map {
        [
          KeyBinding(
            .quit, [.character("q")], "leave", in: .program, on: untyped, only: [.attached], $0)
        ]
      } ?? [])
  }

  // MARK: Screens of several runs

  /// Going from panel to panel.
  static func panels(_ count: Int) -> [KeyBinding] {
    [
      KeyBinding(.nextPanel, [.tab], "panel", in: .moving, on: [.main], "focus the next panel"),
      KeyBinding(
        .previousPanel, [.backTab], "", in: .moving, on: [.main], "focus the previous panel"),
      KeyBinding(
        .panel, "123456789".prefix(count).map(Key.character), "", in: .moving, on: [.main],
        "focus the panel with this number"),
      KeyBinding(
        .maximize, [.character("z")], "large", opposite: "all panels", in: .layout, on: [.main],
        "the panel in focus has the whole screen; again for all"),
    ]
  }

  /// How curves over time are scaled; the words are those of the help.
  static func scales(logarithmic: String, axis: String) -> [KeyBinding] {
    [
      KeyBinding(
        .logScale, [.character("y")], "log", opposite: "linear", in: .charts, logarithmic),
      KeyBinding(
        .outliers, [.character("o")], "all values", opposite: "without start", in: .charts,
        "scale curves by all values, or without their start"),
      KeyBinding(.axisUnit, [.character("i")], "axis", in: .charts, axis),
    ]
  }

  /// The picture as a whole.
  static let views: [KeyBinding] = [
    KeyBinding(.theme, [.character("t")], "theme", in: .charts, "next theme"),
    KeyBinding(
      .export, [.character("e")], "export", in: .program,
      "write this view: text, text with colours, and SVG"),
    KeyBinding(
      .copyFriendly, [.character("M")], "", in: .program,
      "frames and mouse away and back, for copying text"),
  ]
}
