// What a paste does: in a field that is typed in it is text, elsewhere nothing.
import TerminalUI

extension DashboardModel {
  /// Takes pasted text; never a key, whatever is in it.
  package mutating func apply(paste text: String) {
    switch topLayer {
    case .filter: append(toFilter: text)
    case .entry: append(toEntry: text)
    case .main, .detail, .settings, .help, .dialog: refusePaste()
    }
  }
}
