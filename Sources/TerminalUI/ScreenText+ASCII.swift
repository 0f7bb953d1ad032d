// Text for terminals that show nothing but ASCII.
import PlainText

extension ScreenText {
  /// Printable text in ASCII: other characters become similar ones or question marks.
  package static func ascii(_ text: some StringProtocol) -> String {
    printable(text).map { $0.isASCII ? String($0) : Glyph($0).plain.text }.joined()
  }
}
