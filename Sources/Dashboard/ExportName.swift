// What a written view is called.
import RunRecords

extension DashboardModel {
  /// "maxnorm-digits-3101": the experiment's name in what every file system takes, and the step.
  package var exportName: String {
    let name = (segment?.header.name ?? "").unicodeScalars.prefix(60).map { scalar in
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9") ~= scalar)
      return isPlain || scalar == "_" ? String(scalar) : "-"
    }.joined()
    return "maxnorm-\(name.isEmpty ? "run" : name)-\(segment?.step ?? 0)"
  }
}
