// Where a user's own files lie, as the XDG base directory specification has it.
import Foundation

/// The program's folders in the user's home; nil without a home.
enum UserFolders {
  /// `config.yaml` and `themes`.
  static var configuration: URL? { folder("XDG_CONFIG_HOME", ".config") }
  /// What can be made again: the wheel of the Python package.
  static var cache: URL? { folder("XDG_CACHE_HOME", ".cache") }
  /// `state.yaml`.
  static var state: URL? { folder("XDG_STATE_HOME", ".local/state") }

  /// A relative path in the variable counts as none.
  private static func folder(_ variable: String, _ usual: String) -> URL? {
    let environment = ProcessInfo.processInfo.environment
    if let path = environment[variable], path.hasPrefix("/") {
      return URL(fileURLWithPath: path).appendingPathComponent("maxnorm")
    }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return URL(fileURLWithPath: home).appendingPathComponent("\(usual)/maxnorm")
  }
}
