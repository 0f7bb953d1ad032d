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
}
