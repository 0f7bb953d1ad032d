// The README and the articles of the manual as they stand in the repository.
import Foundation

package enum Documentation {
  /// A text in Markdown.
  package struct Article: Sendable, CustomStringConvertible {
    /// The file's name without its ending.
    package var name: String
    package var text: String
    package var description: String { name }

    /// What stands between fences, each without its last line break.
    package var codeBlocks: [String] {
      let parts = text.components(separatedBy: "\n```")
      return stride(from: 1, to: parts.count, by: 2).map { String(parts[$0].dropFirst()) }
    }
  }

  /// The top of the repository.
  package static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static let folder = root.appendingPathComponent("Sources/maxnorm/Documentation.docc")

  package static func article(_ name: String) throws -> Article {
    try read(folder.appendingPathComponent("\(name).md"))
  }

  /// Every article, the catalog's own page included, in the order of their names.
  package static func articles() throws -> [Article] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "md" }.sorted { $0.path < $1.path }.map(read)
  }

  package static func readme() throws -> Article {
    try read(root.appendingPathComponent("README.md"))
  }

  private static func read(_ file: URL) throws -> Article {
    Article(
      name: file.deletingPathExtension().lastPathComponent,
      text: try String(contentsOf: file, encoding: .utf8))
  }
}
