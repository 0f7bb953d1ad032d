// What the user does, as values: keys, mouse events, pastes.

/// A key, after the terminal's escape sequences have been understood.
package enum Key: Hashable, Sendable {
  /// A printable character, the space bar included.
  case character(Character)
  /// Control and a letter, in lower case: control("c").
  case control(Character)
  case up, down, left, right
  case home, end, pageUp, pageDown
  case enter, escape, tab, backTab, backspace, insert, delete
  /// F1 is function(1).
  case function(Int)
  /// Any of these held together with keys that change its meaning: alt and c, control and an arrow.
  ///
  /// What has its own case above never comes as this: control and a letter, shift and tab.
  indirect case modified(Modifiers, Key)

  /// Keys that are held down with another one.
  package struct Modifiers: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let shift = Modifiers(rawValue: 1)
    /// Alt, Option or Meta.
    package static let alt = Modifiers(rawValue: 2)
    package static let control = Modifiers(rawValue: 4)
    /// Super or Command.
    package static let command = Modifiers(rawValue: 8)
    package static let hyper = Modifiers(rawValue: 16)
  }
}

/// A button pressed, moved or let go, or a turn of the wheel.
package struct MouseEvent: Hashable, Sendable {
  package enum Action: Hashable, Sendable {
    case press, release
    /// A movement with the button held down.
    case drag
    case wheelUp, wheelDown
  }

  package var action: Action
  package var position: Point

  package init(_ action: Action, at position: Point) {
    self.action = action
    self.position = position
  }
}

/// One thing that came in from the terminal.
package enum Input: Hashable, Sendable {
  case key(Key)
  case mouse(MouseEvent)
  /// Text that was pasted as a whole, without its control characters.
  case paste(String)
  /// Whether the terminal's window has the keyboard.
  case focus(Bool)
}

/// What came in, and when it was read.
package struct DecodedInput: Hashable, Sendable {
  package var input: Input
  /// The numbers of the reads that its first and its last byte came with.
  ///
  /// Whoever typed a byte that came with an earlier one, or together with it, had not seen what the
  /// program made of that.
  package var reads: ClosedRange<Int>

  package init(_ input: Input, reads: ClosedRange<Int>) {
    self.input = input
    self.reads = reads
  }
}
