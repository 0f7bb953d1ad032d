// What an examination has found: that something is right, or the cure.

/// A line of `maxnorm doctor`.
struct Finding: Equatable {
  var mark: Mark
  /// What was looked at.
  var subject: String
  var text: String
  /// What to do; empty where it is right.
  var cure = ""

  /// How it stands.
  enum Mark: String {
    /// As it should be.
    case right = "ok"
    /// It works; there is more to be had.
    case note = "note"
    /// It does not work.
    case wrong = "wrong"
  }

  static func right(_ subject: String, _ text: String) -> Finding {
    Finding(mark: .right, subject: subject, text: text)
  }

  static func note(_ subject: String, _ text: String, cure: String) -> Finding {
    Finding(mark: .note, subject: subject, text: text, cure: cure)
  }

  static func wrong(_ subject: String, _ text: String, cure: String) -> Finding {
    Finding(mark: .wrong, subject: subject, text: text, cure: cure)
  }

  /// The finding in lines of 80 columns, the cure below it.
  var lines: [String] {
    let head = "\(mark.rawValue.padding(to: 7))\(subject.padding(to: 10))"
    let indent = String(repeating: " ", count: 17)
    let found = Self.wrapped(text, width: 63)
    let cures = Self.wrapped(cure.isEmpty ? "" : "-> \(cure)", width: 63)
    return [head + (found.first ?? "")] + (found.dropFirst() + cures).map { indent + $0 }
  }

  private static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + word.count < width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}

extension String {
  fileprivate func padding(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(1, width - count))
  }
}
