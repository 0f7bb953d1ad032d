// Where the files lie that ship with the program: data, experiments, themes, the manual.
import Basics
import Foundation

/// Finds the folder of shipped files beside the executable.
///
/// `Bundle.module` traps where the bundle is missing and bakes the build's path into the binary, so
/// the folder is looked up here: beside the running executable, from whatever folder it is started.
package enum ShippedFiles {
  /// A kind of shipped file, and the folder it lies in.
  package enum Folder: String, Sendable {
    case data, experiments, python, themes
    /// The DocC catalog, which `maxnorm help` shows.
    case manual = "Documentation.docc"
  }

  private static let bundleName = "maxnorm_Resources.resources"

  /// The folder that holds the shipped files of one kind.
  package static func url(of folder: Folder) throws(ProgramError) -> URL {
    let bundle = sibling(bundleName)
    let url = bundle.appendingPathComponent(folder.rawValue, isDirectory: true)
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw ProgramError(
        .shippedFiles, .unreadable, url.path,
        "expected this folder beside the executable, found none",
        "copy it along with the binary, or run 'swift run -c release maxnorm'")
    }
    return url
  }

  /// The commit that the program was built from, where `.ci/package` has written it down.
  package static var commit: String? {
    let url = sibling(bundleName).appendingPathComponent("commit")
    guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
    let line = text.prefix { !$0.isNewline }
    return line.isEmpty ? nil : String(line)
  }

  /// A file beside the running executable, whether it is there or not.
  package static func sibling(_ name: String) -> URL {
    URL(fileURLWithPath: executablePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .appendingPathComponent(name)
  }

  /// The names, without their endings, of the shipped files of one kind that end in `.yaml`.
  package static func names(in folder: Folder) throws(ProgramError) -> [String] {
    let url = try url(of: folder)
    let files = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(".yaml".count)) }
      .sorted()
  }

  private static var executablePath: String {
    #if os(Linux)
      "/proc/self/exe"
    #else
      Bundle.main.executablePath ?? CommandLine.arguments[0]
    #endif
  }
}
