// The files of a folder, and how a message lists them.
import Basics
import Foundation

/// The entries of a folder, sorted by name.
struct FolderListing {
  let folder: URL
  let names: [String]

  init(_ folder: URL) throws(ProgramError) {
    self.folder = folder
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    } catch {
      throw .unreadable(
        path: folder.path, reason: "no folder that can be read", hint: "check the path")
    }
  }

  func url(_ name: String) -> URL { folder.appendingPathComponent(name) }

  /// The subfolders, without hidden ones and links, which may lead in circles.
  var folders: [URL] {
    names.filter { !$0.hasPrefix(".") }.map(url).filter { url in
      let type = try? FileManager.default.attributesOfItem(atPath: url.path)[.type]
      return type as? FileAttributeType == .typeDirectory
    }
  }

  /// What lies there, in a few words.
  var content: String {
    guard !names.isEmpty else { return "an empty folder" }
    let most = 6
    let shown = names.prefix(most).map { folders.contains(url($0)) ? "\($0)/" : $0 }
    return shown.joined(separator: ", ")
      + (names.count > most ? " and \(names.count - most) more" : "")
  }
}
