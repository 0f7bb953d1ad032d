// Text that stands in XML and HTML.

/// The one escaping for elements and attributes.
package enum MarkupText {
  /// The text, such that nothing in it can be taken for markup.
  package static func escaped(_ text: String) -> String {
    // By scalars: an accent behind a quote makes another character of it, and no less a quote.
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;".unicodeScalars
      case "<": result += "&lt;".unicodeScalars
      case ">": result += "&gt;".unicodeScalars
      case "\"": result += "&quot;".unicodeScalars
      case "'": result += "&#39;".unicodeScalars
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
