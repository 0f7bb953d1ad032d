// Keys on any screen: which action they mean, what all screens do alike, and the footer that names them.
import TerminalUI

extension ScreenModel {
  /// Carries out what a key asks for, or says why there is nothing to act on.
  mutating func carryOut(_ key: Key, _ reads: ClosedRange<Int>?) -> [ScreenEffect<Wish>] {
    let wasAsked = question != nil
    defer {
      if !wasAsked, question != nil { shell.opening = QuestionOpening(key: key, reads: reads) }
    }
    noticeInput()
    guard let action = bindings.action(of: key, on: topLayer) else {
      if !type(key), [.main, .detail, .settings, .entry].contains(topLayer) {
        say("\(key.name) does nothing here: \(keyName(of: .help)) shows the keys", .refusal)
      }
      return []
    }
    if topLayer == .dialog, shell.opening?.takes(key, for: action, reads) == false { return [] }
    shell.notice = nil
    if let refusal = refusal(of: action) {
      say(refusal, .refusal)
      return []
    }
    switch action {
    case .redraw: return [.redraw]
    case .suspend: return [.suspend]
    case .interrupt: return [.interrupt]
    case .export: return [.export]
    case .theme:
      shell.themeIndex = (shell.themeIndex + 1) % shell.themeNames.count
      say("theme \(themeName)")
      return [.theme(shell.themeIndex)]
    case .mouse:
      shell.isMouseOn.toggle()
      say(
        shell.isMouseOn
          ? "mouse on: with shift the terminal selects text"
          : "mouse off: the terminal selects text with it")
      return [.mouse(shell.isMouseOn)]
    case .copyFriendly:
      shell.isCopyFriendly.toggle()
      say(
        shell.isCopyFriendly
          ? "no frames, no mouse: for copying text" : "frames and mouse as before"
      )
      return [.mouse(shell.isMouseOn && !shell.isCopyFriendly)]
    case .grid:
      shell.hasGrid.toggle()
      say(shell.hasGrid ? "charts with grid lines" : "charts without grid lines")
      return []
    case .help:
      shell.isHelpOpen.toggle()
      shell.helpScroll = 0
      return []
    default: return perform(action, key)
    }
  }

  /// What to say instead of acting; nil if there is something to act on.
  func refusal(of action: KeyAction) -> String? {
    switch action {
    case .help where isTooSmall: Self.tooSmall
    case .mouse where shell.isCopyFriendly:
      "the mouse is the terminal's while there are no frames: \(keyName(of: .copyFriendly))"
    case .theme where shell.themeNames.count <= 1: "there is no other theme"
    default: ownRefusal(of: action)
    }
  }

  /// Why nothing is opened that nobody would see.
  static var tooSmall: String { "the screen is too small for that" }

  mutating func scrollHelp(_ action: KeyAction) {
    shell.helpScroll = HelpText.scrolled(
      shell.helpScroll, by: action, rows: helpRows, end: lastHelpScroll)
  }

  /// The keys that have something to act on now, the most important first.
  package var footer: [FooterItem] {
    var items: [FooterItem] = []
    for binding in bindings {
      let name = label(of: binding)
      guard !name.isEmpty, binding.layers.contains(topLayer),
        refusal(of: binding.action) == nil, let key = binding.keys.first
      else { continue }
      let label = isOpposite(binding.action) ? binding.oppositeLabel ?? name : name
      if let last = items.last, last.label == label {
        items[items.count - 1].keys.append(key)
      } else {
        items.append(
          FooterItem(
            keys: [key], label: label,
            isEssential: [.help, .quit, .yes, .no, .extend].contains(binding.action)))
      }
    }
    return items
  }
}

extension [KeyBinding] {
  /// What a key means on a layer of the screen; nil if it means nothing.
  package func action(of key: Key, on layer: ScreenLayer) -> KeyAction? {
    first { $0.layers.contains(layer) && $0.keys.contains(key) }?.action
  }

  /// The first key of an action, as sentences name it.
  package func name(of action: KeyAction) -> String {
    first { $0.action == action }?.keys.first?.name ?? "?"
  }
}
