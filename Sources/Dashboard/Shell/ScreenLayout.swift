// How the rows of the screen are shared out: header, panels, status line, footer.
import TerminalUI

/// The horizontal bands of the screen.
package struct ScreenLayout {
  let header, body, status, footer: Rect

  /// Below this nothing could be read: the screen says so instead.
  static let leastSize = Size(columns: 40, rows: 12)

  static func isLargeEnough(_ size: Size) -> Bool {
    size.columns >= leastSize.columns && size.rows >= leastSize.rows
  }

  init(_ size: Size) {
    let isLow = size.rows < 16
    var rest = Rect(size)
    (header, rest) = rest.splitTop(isLow ? 1 : 2)
    (rest, footer) = rest.splitBottom(1)
    (body, status) = rest.splitBottom(isLow ? 0 : 1)
  }
}
