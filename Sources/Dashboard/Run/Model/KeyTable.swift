// The one key table, from which keys are understood and both footer and help are made; see KeyMap
// for those of the user.
import TerminalUI

/// All keys of the dashboard.
package enum KeyTable {
  private static let everywhere = Set(ScreenLayer.allCases)
  /// Where letters are commands.
  private static let untyped = everywhere.subtracting([.filter])
  private static let whileSetting: Set<ScreenLayer> = [.main, .detail, .settings]

  private static let own: [KeyBinding] = [
    KeyBinding(
      .pause, keys(" "), "pause", opposite: "go on", in: .run, on: whileSetting,
      "pause; again to go on"),
    KeyBinding(
      .singleStep, keys("n"), "step", in: .run, on: whileSetting,
      "make one step while paused"),
    KeyBinding(
      .constraint, keys("c"), "constraint", in: .constraint,
      "switch max-norm off and on; off still measures and counts"),
    KeyBinding(
      .lowerCeiling, keys("-"), "r", in: .constraint,
      "lower the ceiling r at once; on a layer's page its own"),
    KeyBinding(
      .raiseCeiling, keys("+="), "r", in: .constraint,
      "raise the ceiling r; on a layer's page its own"),
    KeyBinding(
      .lowerRate, keys("<"), "rate", in: .constraint, only: [.live, .attached],
      "lower the learning rate"),
    KeyBinding(
      .raiseRate, keys(">"), "rate", in: .constraint, only: [.live, .attached],
      "raise the learning rate"),
    KeyBinding(
      .replayBack, keys("<"), "seek", in: .run, only: [.replay],
      "back by 5 % of the log"),
    KeyBinding(
      .replayForward, keys(">"), "seek", in: .run, only: [.replay],
      "ahead by 5 % of the log"),
    KeyBinding(
      .replayStart, keys("r"), "beginning", in: .run, only: [.replay],
      "to the beginning of the log"),
    KeyBinding(
      .replayEnd, keys("E"), "end", in: .run, only: [.replay],
      "to the end of the log"),
    KeyBinding(
      .undo, keys("u"), "undo", in: .constraint, on: whileSetting,
      "take back the last change of a setting; weights stay"),
    KeyBinding(
      .settings, keys("v"), "settings", in: .constraint,
      "all settings: momentum, weight decay, dropout, batch norm"),
    KeyBinding(
      .twin, keys("x"), "twin", opposite: "no twin", in: .run,
      "train the same seed without r beside it; again: no more"),
    KeyBinding(
      .fullSpeed, keys("f"), "full speed", opposite: "paced", in: .run,
      "as fast as it goes; again for the pace"),
    KeyBinding(
      .slower, keys(","), "pace", in: .run,
      "halve the pace"),
    KeyBinding(
      .faster, keys("."), "pace", in: .run,
      "double the pace"),
    KeyBinding(
      .up, [.up] + keys("k"), "", in: .moving,
      "the layer before; in focus pictures, lines or a metric"),
    KeyBinding(
      .down, [.down] + keys("j"), "", in: .moving,
      "the layer after; in focus pictures, lines or a metric"),
    KeyBinding(
      .nextPanel, [.tab], "panel", in: .moving,
      "focus the next panel"),
    KeyBinding(
      .previousPanel, [.backTab], "", in: .moving,
      "focus the previous panel"),
    KeyBinding(
      .panel, keys("123456789"), "", in: .moving,
      "focus the panel with this number"),
    KeyBinding(
      .details, [.enter], "layer", in: .moving, on: [.main],
      "open the layer's own page; with metrics in focus, pin one"),
    KeyBinding(
      .maximize, keys("z"), "large", opposite: "all panels", in: .layout,
      "the panel in focus has the whole screen; again for all"),
    KeyBinding(
      .preset, keys("p"), "layout", in: .layout, on: [.main],
      "next layout: loss, norms, everything, presentation"),
    KeyBinding(
      .hide, keys("d"), "", in: .layout, on: [.main], yields: true,
      "hide the panel in focus; its number brings it back"),
    KeyBinding(
      .showHidden, keys("D"), "unhide", in: .layout, on: [.main], yields: true,
      "show all hidden panels again"),
    KeyBinding(
      .splitLeft, keys("("), "", in: .layout,
      "move the border between left and right to the left"),
    KeyBinding(
      .splitRight, keys(")"), "", in: .layout,
      "move it to the right"),
    KeyBinding(
      .usualSplit, keys("0"), "", in: .layout,
      "the border where it usually is"),
    KeyBinding(
      .fork, keys("X"), "fork", in: .run,
      "let the twin go on from here: what if r were off now?"),
    KeyBinding(
      .left, keys("h") + [.left], "cursor", in: .moving,
      "a cursor on the charts, and to the left; elsewhere as up"),
    KeyBinding(
      .right, keys("l") + [.right], "cursor", in: .moving,
      "the cursor to the right; elsewhere as down"),
    KeyBinding(
      .back, [.escape, .backspace], "back", in: .moving,
      "cursor off; close the layer's page; show all layers again"),
    KeyBinding(
      .suggestion, keys("a"), "suggested r", in: .constraint,
      "take the suggested r; on a layer's page for it alone"),
    KeyBinding(
      .filter, keys("/"), "filter", in: .moving, on: [.main],
      "show only the layers whose names hold what is typed"),
    KeyBinding(
      .block, keys("b"), "fold", in: .moving, on: [.main], yields: true,
      "open or close the block of layers that is chosen"),
    KeyBinding(
      .allBlocks, keys("B"), "fold", in: .moving, on: [.main], yields: true,
      "open all blocks of layers, or close them"),
    KeyBinding(
      .keepFilter, [.enter], "keep", in: .filtering, on: [.filter],
      "keep the filter"),
    KeyBinding(
      .clearFilter, [.escape], "all layers", in: .filtering, on: [.filter],
      "show all layers again"),
    KeyBinding(
      .eraseFilter, [.backspace], "", in: .filtering, on: [.filter],
      "take back the last letter"),
    KeyBinding(
      .first, [.home], "", in: .moving,
      "the first layer, pictures or lines"),
    KeyBinding(
      .last, [.end], "", in: .moving,
      "the last layer, pictures or lines"),
    KeyBinding(
      .zoomOut, keys("["), "zoom", in: .charts,
      "zoom out, around the cursor or up to the newest step"),
    KeyBinding(
      .zoomIn, keys("]"), "zoom", in: .charts,
      "zoom in"),
    KeyBinding(
      .panBack, keys("{"), "pan", in: .charts,
      "show earlier steps"),
    KeyBinding(
      .panForward, keys("}"), "pan", in: .charts,
      "show later steps; at the newest, charts follow the run"),
    KeyBinding(
      .logScale, keys("y"), "log", opposite: "linear", in: .charts,
      "the chart in focus on a logarithmic or a linear scale"),
    KeyBinding(
      .smoothing, keys("s"), "smooth", in: .charts,
      "smooth the curves: not at all, 0.6 or 0.9"),
    KeyBinding(
      .window, keys("w"), "recent", opposite: "whole run", in: .charts,
      "show the whole run or its recent part"),
    KeyBinding(
      .axisUnit, keys("i"), "axis", in: .charts,
      "count along the charts in steps, epochs or time"),
    KeyBinding(
      .outliers, keys("o"), "outliers", opposite: "all values", in: .charts,
      "scale charts without outliers, which arrows then mark"),
    KeyBinding(
      .reset, keys("r"), "restart", in: .run, only: [.live, .attached],
      "start again from the same seed; asks first"),
    KeyBinding(
      .reseed, keys("R"), "", in: .run,
      "start again from a new seed; asks first"),
    KeyBinding(
      .extend, keys("E"), "train on", in: .run, only: [.live],
      "after the end: train as many steps again"),
    KeyBinding(
      .stop, keys("Q"), "", in: .run, only: [.attached], yields: true,
      "end the run; asks first"),
    KeyBinding(
      .checkpoint, keys("W"), "keep", in: .run,
      "write a checkpoint, from which --resume goes on"),
    KeyBinding(
      .theme, keys("t"), "theme", in: .program,
      "next theme"),
    KeyBinding(
      .export, keys("e"), "export", in: .program,
      "write this view: text, text with colours, and SVG"),
    KeyBinding(
      .copyFriendly, keys("M"), "", in: .program,
      "frames and mouse away and back, for copying text"),
    KeyBinding(
      .yes, keys("y") + [.enter], "yes", in: .asking, on: [.dialog],
      "yes"),
    KeyBinding(
      .no, keys("n") + [.escape], "no", in: .asking, on: [.dialog],
      "no"),
    KeyBinding(
      .settingBefore, [.up] + keys("k"), "choose", in: .settings, on: [.settings],
      "the setting before"),
    KeyBinding(
      .settingAfter, [.down] + keys("j"), "choose", in: .settings, on: [.settings],
      "the setting after"),
    KeyBinding(
      .lowerSetting, [.left] + keys("-h"), "change", in: .settings, on: [.settings],
      "lower it, or turn the switch"),
    KeyBinding(
      .raiseSetting, [.right] + keys("+=l"), "change", in: .settings, on: [.settings],
      "raise it, or turn the switch"),
    KeyBinding(
      .enterSetting, [.enter], "type", in: .settings, on: [.settings],
      "type a number, or turn the switch"),
    KeyBinding(
      .typed, keys("0123456789.e-"), "", in: .settings, on: [.entry],
      "a digit of the number"),
    KeyBinding(
      .erase, [.backspace], "erase", in: .settings, on: [.entry],
      "take the last digit away"),
    KeyBinding(
      .takeEntry, [.enter], "take", in: .settings, on: [.entry],
      "take the number"),
    KeyBinding(
      .back, [.escape], "cancel", in: .settings, on: [.entry],
      "leave the setting as it is"),
    KeyBinding(
      .back, [.escape, .backspace] + keys("v"), "close", in: .settings, on: [.settings],
      "close the settings"),
  ]

  /// By importance: a narrow footer leaves out the last.
  package static let bindings =
    own
    + ShellBindings.all(
      unasked: [.main, .detail, .settings, .help], everywhere: everywhere, untyped: untyped,
      interrupt: "complete the log and quit at once",
      quit: "close all that is open, then quit; asks during a run",
      leave: "close all that is open, then leave; the run goes on")

  private static func keys(_ characters: String) -> [Key] { characters.map(Key.character) }
}
