// A line of the key table: which keys do what, and how footer and help say so.
import TerminalUI

/// What a key asks for.
package enum KeyAction: Sendable, Equatable, CaseIterable {
  case pause, singleStep, constraint, lowerCeiling, raiseCeiling, lowerRate, raiseRate
  case suggestion, undo, stop, reset, reseed, extend, checkpoint, twin, fork, fullSpeed, slower,
    faster
  case replayBack, replayForward, replayStart, replayEnd
  case settings, settingBefore, settingAfter, lowerSetting, raiseSetting, enterSetting
  case typed, erase, takeEntry
  case logScale, smoothing, window, zoomOut, zoomIn, panBack, panForward, outliers, axisUnit
  case block, allBlocks
  case nextPanel, previousPanel, panel, up, down, left, right, first, last, details, back, theme
  case scrollUp, scrollDown, pageUp, pageDown, scrollToStart, scrollToEnd
  case filter, keepFilter, eraseFilter, clearFilter
  case mark, markAll, unmarkAll, pin, note, sortAfter, sortBefore, reverseSort, presetBefore,
    statistics
  case preset, maximize, hide, showHidden, splitLeft, splitRight, usualSplit, mouse
  case yes, no
  case export, copyFriendly, grid
  case help, redraw, suspend, interrupt, quit
}

/// Keys and the words about them.
package struct KeyBinding: Sendable, Equatable {
  package let action: KeyAction
  /// The first stands in the footer, all of them in the help.
  package internal(set) var keys: [Key]
  /// For the footer; empty: only in the help.
  ///
  /// Neighbours with the same label share it.
  package let label: String
  /// The label while the key would do the opposite: "go on" while paused.
  package let oppositeLabel: String?
  package let help: String
  package let group: Group
  /// Where the keys mean this.
  package let layers: Set<ScreenLayer>
  /// Whether they mean it in a run, in one of another process, in a replay.
  private let sources: Set<DashboardModel.Source>
  /// Whether it leaves its keys to a user who had given them to something else before there was this.
  let yields: Bool

  init(
    _ action: KeyAction, _ keys: [Key], _ label: String, opposite: String? = nil,
    in group: Group, on layers: Set<ScreenLayer> = [.main, .detail],
    only sources: Set<DashboardModel.Source> = Set(DashboardModel.Source.allCases),
    yields: Bool = false, _ help: String
  ) {
    self.yields = yields
    self.sources = sources
    self.action = action
    self.keys = keys
    self.label = label
    self.oppositeLabel = opposite
    self.help = help
    self.group = group
    self.layers = layers
  }

  package func holds(in source: DashboardModel.Source) -> Bool {
    sources.contains(source)
  }

  /// Whether both are keys of the same kind of screen.
  func meets(_ other: KeyBinding) -> Bool {
    !sources.isDisjoint(with: other.sources)
  }

  /// The keys' names as the help shows them: "+ =", "1-9".
  package var names: String {
    if action == .panel { return "1-\(keys.count)" }
    if action == .typed { return "0-9 . e -" }
    // With alt it is the one that came right behind an Esc.
    if action == .redraw { return keys.prefix(1).map(\.name).joined() }
    return keys.map(\.name).joined(separator: " ")
  }

  /// The heading that the help puts a key under.
  package enum Group: String, Sendable, CaseIterable {
    case run = "The run"
    case constraint = "Constraint and learning rate"
    case charts = "Charts"
    case layout = "The layout"
    case moving = "Moving about"
    case program = "The program"
    case filtering = "While a filter is typed"
    case settings = "In the settings"
    case reading = "In this help"
    case asking = "In a question"
  }
}

extension Key {
  /// The key's name in footer and help; plain ASCII.
  package var name: String {
    switch self {
    case .character(" "): "space"
    case .character(let character): String(character)
    case .control(let character): "ctrl-\(character)"
    case .up: "up"
    case .down: "down"
    case .left: "left"
    case .right: "right"
    case .home: "home"
    case .end: "end"
    case .pageUp: "page-up"
    case .pageDown: "page-down"
    case .enter: "enter"
    case .escape: "esc"
    case .tab: "tab"
    case .backTab: "shift-tab"
    case .backspace: "backspace"
    case .insert: "insert"
    case .delete: "delete"
    case .function(let number): "F\(number)"
    case .modified(let modifiers, let key): modifiers.names + key.name
    }
  }
}

extension Key.Modifiers {
  /// Their names before that of the key: "alt-".
  fileprivate var names: String {
    let all: [(Key.Modifiers, String)] = [
      (.hyper, "hyper"), (.command, "super"), (.alt, "alt"), (.shift, "shift"), (.control, "ctrl"),
    ]
    return all.filter { contains($0.0) }.map { $0.1 + "-" }.joined()
  }
}
