// What a paste does: in a field that is typed in it is text, elsewhere nothing.
import TerminalUI

extension Notice {
  /// The answer to a paste where no text can be typed.
  static let pasteDoesNothing = "a paste does nothing here"
}

extension DashboardModel {
  /// Takes pasted text; never a key, whatever is in it.
  mutating func take(paste text: String) {
    hasTakenKey = true
    hintEnd = nil
    switch topLayer {
    case .filter: append(toFilter: text)
    case .entry: append(toEntry: text)
    case .main, .detail, .settings, .help, .dialog: say(Notice.pasteDoesNothing, .refusal)
    }
  }
}
