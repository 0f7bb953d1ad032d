// Logs as text, without what two runs of the same experiment differ in.

package enum LogText {
  /// The lines of a log without times, without who wrote it, and without what was refused.
  package static func comparable(_ log: String) -> [String] {
    log.split(separator: "\n").filter { !$0.hasPrefix(#"{"type":"refused""#) }.map { line in
      String(line)
        .replacing(/,"(examples_per_second|elapsed)":[0-9.e+-]+/, with: "")
        .replacing(/,"origin":\{[^}]*\}/, with: "")
        .replacing(/,"(id|time)":"[^"]*"/, with: "")
    }
  }
}
