// HOST:PATH: a log on another host, as a person types it.
import Basics

/// A host that ssh knows, and a path there.
struct RemoteAddress: Equatable {
  /// `[user@]name`.
  let host: String
  /// From the user's home there, unless it begins with a slash.
  let path: String

  /// Nil for text of another form.
  ///
  /// - Throws: `ProgramError` for a host that ssh is not to see.
  init?(_ text: String) throws(ProgramError) {
    let scalars = text.unicodeScalars
    guard let colon = Self.colon(in: scalars) else { return nil }
    var host = String(scalars[..<colon])
    let path = String(scalars[scalars.index(after: colon)...])
    guard !host.isEmpty, !host.contains("/"), !path.isEmpty else { return nil }
    // Brackets are for the colons in an address, and none of ssh's.
    if host.hasSuffix("]") { host.removeAll { $0 == "[" || $0 == "]" } }
    guard Self.isHost(host) else {
      throw ProgramError(
        .none, .usage, "'\(host)'",
        "expected a host as [user@]name, of letters, digits and . _ - not at the beginning, found "
          + "another",
        "call it by a Host of ~/.ssh/config")
    }
    self.host = host
    // Quoted, ~ is a folder's name; and an option is not what a path is to be.
    let below = path.hasPrefix("~/") ? String(path.dropFirst(2)) : path
    self.path = below.hasPrefix("-") ? "./" + below : below
  }

  /// The colon between host and path: the one behind brackets where the host has some.
  private static func colon(
    in text: String.UnicodeScalarView
  ) -> String.UnicodeScalarView.Index? {
    guard let first = text.firstIndex(of: ":") else { return nil }
    guard let bracket = text[..<first].firstIndex(of: "[") else { return first }
    let before = text[..<bracket]
    guard before.isEmpty || before.last == "@", let end = text[bracket...].firstIndex(of: "]")
    else { return first }
    let next = text.index(after: end)
    return next < text.endIndex && text[next] == ":" ? next : nil
  }

  private static func isHost(_ host: String) -> Bool {
    let parts = host.split(separator: "@", omittingEmptySubsequences: false)
    return (1...2).contains(parts.count)
      && parts.allSatisfy { part in
        !part.isEmpty && part.first != "-" && part.first != "."
          && part.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-", ":": true
            default: false
            }
          }
      }
  }

  /// As it is told.
  var text: String { "\(host):\(path)" }
}
