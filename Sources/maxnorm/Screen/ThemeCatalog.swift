// The themes there are: the user's own, then the shipped ones, or one file by its path.
import Basics
import Foundation
import Resources
import TerminalUI

/// A theme, and where it comes from.
struct ThemeEntry {
  /// The file's name without its ending.
  var name: String
  var path: String
  var theme: Theme
  var isShipped: Bool
}

enum ThemeCatalog {
  /// What the dashboard starts with where no theme is named.
  static let defaultName = "maxnorm-dark"

  /// All themes, the user's own first; a name of the user's hides the shipped one.
  ///
  /// A user's file that is not a theme is reported on standard error and left out.
  static func load() throws -> [ThemeEntry] {
    var entries: [ThemeEntry] = []
    for (folder, isShipped) in [
      (UserFolders.configuration?.appendingPathComponent("themes"), false),
      (try ShippedFiles.url(of: .themes), true),
    ] {
      guard let folder else { continue }
      let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
      for file in files.sorted() where file.hasSuffix(".yaml") || file.hasSuffix(".yml") {
        let path = folder.appendingPathComponent(file).path
        let name = String(file.prefix(upTo: file.lastIndex(of: ".") ?? file.endIndex))
        guard !entries.contains(where: { $0.name == name }) else { continue }
        do throws(ProgramError) {
          entries.append(try entry(at: path, name: name, isShipped: isShipped))
        } catch {
          report(error.description)
        }
      }
    }
    return entries
  }

  /// The themes to cycle through with `t`, and the place of the one that is asked for, or else of
  /// the last session's, which may be gone.
  ///
  /// - Throws: `ProgramError` if there is no such theme.
  static func select(
    _ nameOrPath: String?, _ lastName: String? = nil
  ) throws -> (entries: [ThemeEntry], index: Int) {
    var entries = try load()
    if nameOrPath == nil, let index = entries.firstIndex(where: { $0.name == lastName }) {
      return (entries, index)
    }
    let wanted = nameOrPath ?? defaultName
    if let index = entries.firstIndex(where: { $0.name == wanted }) { return (entries, index) }
    guard let nameOrPath else {
      entries.insert(
        ThemeEntry(name: "built-in", path: "", theme: .terminal, isShipped: true), at: 0)
      return (entries, 0)
    }
    guard nameOrPath.contains("/") || nameOrPath.hasSuffix(".yaml") else {
      throw ProgramError(
        "theme: \(nameOrPath): expected one of \(entries.map(\.name).joined(separator: ", ")), "
          + "or a file: see 'maxnorm themes'", status: ProgramError.Status.usage)
    }
    let name = URL(fileURLWithPath: nameOrPath).deletingPathExtension().lastPathComponent
    entries.insert(try entry(at: nameOrPath, name: name, isShipped: false), at: 0)
    return (entries, 0)
  }

  private static func entry(
    at path: String, name: String, isShipped: Bool
  ) throws(ProgramError) -> ThemeEntry {
    ThemeEntry(name: name, path: path, theme: try theme(at: path), isShipped: isShipped)
  }

  /// Reads a theme file.
  static func theme(at path: String) throws(ProgramError) -> Theme {
    let bytes: [UInt8]
    do {
      bytes = try fileContents(path, within: .settings)
    } catch {
      throw ProgramError(
        "theme: \(path): expected a readable file: \(error.reason): check the path",
        status: error.isUnsuitable ? ProgramError.Status.usage : ProgramError.Status.notFound)
    }
    do {
      return try ThemeFile.theme(from: String(decoding: bytes, as: UTF8.self))
    } catch {
      throw ProgramError(
        "theme: \(path): \(error): see themes/ for examples", status: ProgramError.Status.usage)
    }
  }
}
