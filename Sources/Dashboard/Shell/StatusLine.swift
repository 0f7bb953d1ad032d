// The status line: what was asked for, answered or goes wrong, and what is left to do before the end.
import PlainText
import TerminalUI

/// The answer to a key, or a trouble.
package struct Notice: Sendable, Equatable {
  package var text: String
  package var kind: Kind
  /// When it has been shown long enough; nil: until the next key.
  package var until: Double?

  package enum Kind: Sendable, Equatable {
    /// An answer to a key that changed something here.
    case answer
    /// The key had nothing to act on.
    case refusal
    /// Something went wrong.
    case trouble
  }

  package init(_ text: String, kind: Kind, until: Double?) {
    self.text = text
    self.kind = kind
    self.until = until
  }
}

/// What the program still has to do before it ends.
package struct Stopping: Sendable, Equatable {
  /// The file that is being written; nil: none, or not yet.
  package var writing: String?
}

extension Notice {
  /// The answer to a paste where no text can be typed.
  static let pasteDoesNothing = "a paste does nothing here"

  var pieces: [TextLine.Piece] {
    let text = ScreenText.printable(text)
    switch kind {
    case .answer: return [.init(text, .text, isBold: true)]
    case .refusal: return [.init(text, .warning)]
    case .trouble: return [.init(" \(text) ", .error, isBold: true)]
    }
  }
}

extension Stopping {
  func pieces(_ look: Appearance) -> [TextLine.Piece] {
    let file = writing.map { " writing " + ScreenText.printable($0) } ?? ""
    return [.init("stopping" + look.ellipsis + file, .accent, isBold: true)]
  }
}

/// As much as there is room for, the most important first.
struct StatusLine {
  let items: [[TextLine.Piece]]

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    var line = rect.inset(left: 1, right: 1)
    for (index, pieces) in items.enumerated() {
      let width = TextLine(pieces).width
      // Only the first may be cut: half a sentence about the past helps nobody.
      guard index == 0 || width <= line.columns else { continue }
      let used = TextLine(pieces).draw(in: line, into: &buffer, look)
      line = line.inset(left: used + 3)
    }
  }
}
