// The name of an experiment as a name of files and folders.

extension Experiment {
  /// Its name with `_` for what a file's name may not or should not have.
  package var fileName: String {
    let allowed = name.unicodeScalars.prefix(100).map { scalar in
      scalar.isASCII
        && (scalar.properties.isAlphabetic || "0"..."9" ~= scalar || scalar == "_" || scalar == "-")
        ? Character(scalar) : "_"
    }
    return allowed.isEmpty ? "run" : String(allowed)
  }
}
