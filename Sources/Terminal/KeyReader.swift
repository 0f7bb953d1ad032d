// Keys and mouse events as curses reports them, made into values.

import CNcurses
import TerminalUI

/// Reads what curses has understood of the terminal's input.
struct KeyReader {
  /// A pad of its own: reading from the visible window would draw it.
  private let window: UnsafeMutablePointer<WINDOW>

  /// Fails only when there is no memory.
  init?() {
    guard let pad = newpad(1, 1) else { return nil }
    window = pad
    keypad(pad, true)
    nodelay(pad, true)
  }

  func close() {
    delwin(window)
  }

  /// Everything that is there, without waiting; at most so many events, a paste has more.
  func read(atMost limit: Int = 256) -> [Input] {
    var inputs: [Input] = []
    var failures = 0
    while inputs.count < limit {
      var code: wint_t = 0
      let kind = wget_wch(window, &code)
      if kind == KEY_CODE_YES {
        inputs += keyCode(Int32(bitPattern: code))
      } else if kind == OK {
        if let key = character(code) { inputs.append(.key(key)) }
      } else {
        // Bytes that are no UTF-8 also end up here, with more behind them.
        failures += 1
        if failures > 8 { break }
        continue
      }
      failures = 0
    }
    return inputs
  }

  private func character(_ code: wint_t) -> Key? {
    switch code {
    case 0: return .control(" ")
    case 8, 127: return .backspace
    case 9: return .tab
    case 10, 13: return .enter
    case 27: return .escape
    case 1...26:
      return Unicode.Scalar(code + 96).map { .control(Character($0)) }
    case 28..<32, 0x80..<0xA0: return nil
    default: return Unicode.Scalar(code).map { .character(Character($0)) }
    }
  }

  private func keyCode(_ code: Int32) -> [Input] {
    if code == KEY_MOUSE { return mouse() }
    let key = Self.keys[code] ?? functionKey(code)
    return key.map { [.key($0)] } ?? []
  }

  private func functionKey(_ code: Int32) -> Key? {
    curses_is_function_key(code) ? .function(Int(code - KEY_F0)) : nil
  }

  /// Keys held together with shift count as the plain ones.
  private static let keys: [Int32: Key] = [
    KEY_UP: .up, KEY_DOWN: .down, KEY_LEFT: .left, KEY_RIGHT: .right,
    KEY_SR: .up, KEY_SF: .down, KEY_SLEFT: .left, KEY_SRIGHT: .right,
    KEY_HOME: .home, KEY_END: .end, KEY_SHOME: .home, KEY_SEND: .end,
    KEY_A1: .home, KEY_C1: .end, KEY_A3: .pageUp, KEY_C3: .pageDown,
    KEY_PPAGE: .pageUp, KEY_NPAGE: .pageDown, KEY_ENTER: .enter,
    KEY_BTAB: .backTab, KEY_BACKSPACE: .backspace, KEY_IC: .insert, KEY_DC: .delete,
  ]

  /// What the mouse did; a press and a release that came together are told together, the newest
  /// first.
  private func mouse() -> [Input] {
    var inputs: [Input] = []
    var event = MEVENT()
    while getmouse(&event) == OK {
      if let action = Self.action(event.bstate) {
        let position = Point(column: Int(event.x), row: Int(event.y))
        inputs.append(.mouse(MouseEvent(action, at: position)))
      }
    }
    return inputs.reversed()
  }

  private static func action(_ state: mmask_t) -> MouseEvent.Action? {
    // A movement with the button held down may come as that and as the button.
    let actions: [(mask: mmask_t, action: MouseEvent.Action)] = [
      (curses_mouse_moved(), .drag), (curses_mouse_press(), .press),
      (curses_mouse_release(), .release), (curses_mouse_wheel_up(), .wheelUp),
      (curses_mouse_wheel_down(), .wheelDown),
    ]
    return actions.first { state & $0.mask != 0 }?.action
  }

  /// Which buttons the terminal shall report; none switches the mouse off.
  static func setMouse(_ isOn: Bool) {
    mouseinterval(0)
    mousemask(
      isOn
        ? curses_mouse_press() | curses_mouse_release() | curses_mouse_moved()
          | curses_mouse_wheel_up() | curses_mouse_wheel_down()
        : 0, nil)
  }
}
