// Words as a POSIX shell takes them.

/// A word of a command, whatever stands in it, with quotes only where it needs them.
func shellWord(_ word: String) -> String {
  let isPlain = word.utf8.allSatisfy {
    (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
      || "-_./=+,:@%".utf8.contains($0)
  }
  return isPlain && !word.isEmpty ? word : quotedShellWord(word)
}

/// A word in quotes.
func quotedShellWord(_ word: String) -> String {
  // By scalars: an accent behind a quote makes another character of it, and no less a quote.
  "'" + word.unicodeScalars.map { $0 == "'" ? "'\\''" : String($0) }.joined() + "'"
}
