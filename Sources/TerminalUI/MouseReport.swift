// What terminals report of the mouse, in all the forms that they have for it.

/// A report: which button did what, and where, from 1.
struct MouseReport {
  /// The button's number with bits for keys held down, movements and the wheel, as xterm has them.
  var button: Int
  var column: Int
  var row: Int
  /// Nil if the button's number says whether it was let go, as in the old forms.
  var isRelease: Bool?

  /// What it means here: the left button and the wheel; nil for the rest.
  var event: MouseEvent? {
    guard column >= 1, row >= 1, button >= 0, let action else { return nil }
    return MouseEvent(action, at: Point(column: column - 1, row: row - 1))
  }

  private var action: MouseEvent.Action? {
    let isMovement = button & 32 != 0
    let number = button & 3
    // Further buttons.
    if button >= 128 { return nil }
    if button & 64 != 0 {
      guard !isMovement, isRelease != true else { return nil }
      return number == 0 ? .wheelUp : number == 1 ? .wheelDown : nil
    }
    if isMovement { return number == 0 && isRelease != true ? .drag : nil }
    if let isRelease { return number == 0 ? isRelease ? .release : .press : nil }
    return number == 0 ? .press : number == 3 ? .release : nil
  }
}

/// The three numbers behind `ESC [ M`, each a byte, or as in UTF-8 two where they are large.
struct OldMouseReport: Sendable {
  private var values: [Int] = []
  /// The first byte of a number that may be of two.
  private var lead: UInt8?

  enum Outcome {
    case more
    case whole(MouseReport)
    /// The report was whole before this byte.
    case wholeBefore(MouseReport)
  }

  init() { values.reserveCapacity(3) }

  mutating func begin() {
    values.removeAll(keepingCapacity: true)
    lead = nil
  }

  mutating func take(_ byte: UInt8) -> Outcome {
    if let first = lead {
      lead = nil
      if 0x80...0xBF ~= byte {
        values.append(Int(first & 0x1F) << 6 | Int(byte & 0x3F))
        return outcome ?? .more
      }
      values.append(Int(first))
      if case .whole(let report) = outcome { return .wholeBefore(report) }
    }
    if 0xC2...0xDF ~= byte {
      lead = byte
      return .more
    }
    values.append(Int(byte))
    return outcome ?? .more
  }

  private var outcome: Outcome? {
    guard values.count == 3 else { return nil }
    return .whole(
      MouseReport(button: values[0] - 32, column: values[1] - 32, row: values[2] - 32))
  }
}
