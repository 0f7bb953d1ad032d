// Where data sets are looked for that do not ship with the program.
import Basics
import Foundation

/// The folders that hold data sets, one folder each.
package enum DataSearchPath {
  /// The user's folder (`$XDG_DATA_HOME/maxnorm`), then Debian's; `first` goes before them.
  package static func standard(
    first: URL? = nil,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> [URL] {
    var folders = first.map { [$0] } ?? []
    if let home = environment["XDG_DATA_HOME"], home.hasPrefix("/") {
      folders.append(URL(fileURLWithPath: home).appendingPathComponent("maxnorm"))
    } else if let home = environment["HOME"], !home.isEmpty {
      folders.append(URL(fileURLWithPath: home).appendingPathComponent(".local/share/maxnorm"))
    }
    return folders + [URL(fileURLWithPath: "/usr/share/datasets")]
  }

  /// The first folder on a path with one of these names.
  ///
  /// - Throws: `ProgramError` that says where it was looked for, and how to get the set.
  static func find(
    _ names: [String], on path: [URL], what: String, hint: String
  ) throws(ProgramError) -> URL {
    for folder in path {
      for name in names {
        let url = folder.appendingPathComponent(name)
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder),
          isFolder.boolValue
        {
          return url
        }
      }
    }
    throw .unreadable(
      path: what,
      reason: "no folder \(names[0]) in \(path.map(\.path).joined(separator: ", "))", hint: hint)
  }
}
