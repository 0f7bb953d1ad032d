// What the user does, as values: keys, mouse events, a change of the screen's size.

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
  /// The screen has this size from now on.
  case resize(Size)
}
