// What a written view is called.
import RunHistory
import RunRecords

/// Names for files that every file system takes.
enum ExportName {
  /// "maxnorm-digits-3101": the experiment's name and how far it was; `kind` stands between.
  static func plain(_ name: String, kind: String = "", number: Int) -> String {
    let name = name.unicodeScalars.prefix(60).map { scalar in
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9") ~= scalar)
      return isPlain || scalar == "_" ? String(scalar) : "-"
    }.joined()
    let parts = ["maxnorm", name.isEmpty ? "run" : name, kind, String(number)]
    return parts.filter { !$0.isEmpty }.joined(separator: "-")
  }
}

extension DashboardModel {
  /// "maxnorm-digits-3101": the experiment's name in what every file system takes, and the step.
  package var exportName: String {
    ExportName.plain(segment?.header.name ?? "", number: segment?.step ?? 0)
  }
}
