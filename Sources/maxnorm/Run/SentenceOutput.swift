// Sentences on standard output, until nobody reads them any more.
import Basics
import PlainText
import Terminal
import TerminalUI

/// Where the sentences about runs and comparisons go.
struct SentenceOutput {
  private let isUnicode = TerminalLocale.selectsUnicode()
  /// The source of the sentences writes files too: it continues when their reader goes away.
  private let hasOtherSinks: Bool
  /// The reader of standard output went away, or it cannot be written: nobody can be reached.
  private(set) var isClosed = false
  /// Why it cannot be written.
  private(set) var failure: ProgramError?

  init(hasOtherSinks: Bool) { self.hasOtherSinks = hasOtherSinks }

  /// Whether there is no reason left to continue.
  var isOver: Bool { isClosed && !hasOtherSinks || failure != nil }

  /// Prints lines at once, in ASCII where the terminal has nothing else.
  mutating func say(_ lines: [String]) {
    guard !isClosed, !lines.isEmpty else { return }
    let text = lines.map {
      (isUnicode ? ScreenText.printable($0) : ScreenText.ascii($0)) + "\n"
    }
    do throws(ProgramError) {
      isClosed = try !writeToStandardOutput(text.joined())
      if isClosed, hasOtherSinks { reportLostOutput("standard output") }
    } catch {
      (isClosed, failure) = (true, error)
    }
  }
}

/// Says that nobody reads an output any more, where that does not end the program.
func reportLostOutput(_ name: String) {
  report("\(name): its reader is gone: the run goes on for its other files")
}
