// What a colour means on the dashboard. A colour has one meaning; a theme gives the meaning a colour.

/// A meaning that a theme gives a colour, and a monochrome terminal an attribute.
package enum Role: String, CaseIterable, Hashable, Sendable {
  case background
  case text
  /// Labels, units, axes: what is read second.
  case mutedText = "muted_text"
  case title
  case border
  case focusedBorder = "focused_border"
  /// The row or panel that keys act on.
  case selection
  /// The name of the program, and what is decorative.
  case accent
  case train
  case validation
  /// The same-seed run without the constraint.
  case twin
  /// The limit r, wherever it is drawn.
  case ceiling
  /// Units that were scaled back.
  case clipped
  /// Units that would have been scaled back while the constraint was off.
  case observed
  /// On, running, better than before.
  case good
  /// Off, paused, changed by hand.
  case warning
  case error
  case keyHint = "key_hint"
  /// What lies far from the ceiling.
  case safe

  /// The place in `allCases`, which is looked up for every word of a frame.
  var ordinal: Int {
    switch self {
    case .background: 0
    case .text: 1
    case .mutedText: 2
    case .title: 3
    case .border: 4
    case .focusedBorder: 5
    case .selection: 6
    case .accent: 7
    case .train: 8
    case .validation: 9
    case .twin: 10
    case .ceiling: 11
    case .clipped: 12
    case .observed: 13
    case .good: 14
    case .warning: 15
    case .error: 16
    case .keyHint: 17
    case .safe: 18
    }
  }

  /// Entry of a base16 palette that has this role unless the theme says otherwise.
  var defaultEntry: Int {
    switch self {
    case .background: 0x0
    case .text, .title: 0x5
    case .mutedText: 0x4
    case .twin: 0xC
    case .border: 0x3
    case .selection: 0x2
    case .focusedBorder, .train: 0xD
    case .accent: 0xE
    case .validation: 0x9
    case .ceiling, .clipped, .error: 0x8
    case .observed, .warning: 0xA
    case .good, .safe: 0xB
    case .keyHint: 0x6
    }
  }

  /// Least WCAG contrast against the background; a scheme's colour is moved until it has it.
  var leastContrast: Double {
    switch self {
    case .text, .title, .keyHint: 4.5
    case .background, .selection: 1
    case .border: 1.4
    default: 3
    }
  }

  /// What the role always carries, in colour too.
  var attributes: Attributes {
    switch self {
    case .title, .focusedBorder, .accent, .keyHint: .bold
    default: []
    }
  }

  /// What distinguishes the role without colour.
  var monochromeAttributes: Attributes {
    switch self {
    case .mutedText, .border, .twin: .dim
    case .title, .focusedBorder, .accent, .keyHint, .ceiling, .warning: .bold
    case .selection, .error: .reverse
    case .clipped: [.bold, .underline]
    case .observed: .underline
    case .background, .text, .train, .validation, .good, .safe: []
    }
  }
}
