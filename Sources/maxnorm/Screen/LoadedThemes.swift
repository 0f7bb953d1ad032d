// The themes to go through, in the terminal's colours; a file that is edited is read again.
import Basics
import Foundation
import TerminalUI

/// Themes by index, each brought to the terminal's colours when it is first shown.
struct LoadedThemes {
  private var entries: [ThemeEntry]
  private let depth: ColorDepth
  private var reduced: [Int: Theme] = [:]
  private var stamps: [Int: Stamp] = [:]
  private var lookedAt = 0.0

  /// What shows that a file has been saved.
  private struct Stamp: Equatable {
    var seconds: Int
    var nanoseconds: Int
    var size: Int
    var inode: UInt64

    init?(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      seconds = status.st_mtim.tv_sec
      nanoseconds = status.st_mtim.tv_nsec
      size = Int(status.st_size)
      inode = UInt64(status.st_ino)
    }
  }

  /// What became of a file that was saved.
  enum Reload {
    case read(name: String)
    /// The last good one is kept.
    case broken(String)
  }

  init(_ entries: [ThemeEntry], depth: ColorDepth) {
    self.entries = entries
    self.depth = depth
    for (index, entry) in entries.enumerated() where !entry.isShipped {
      stamps[index] = Stamp(entry.path)
    }
  }

  var names: [String] { entries.map(\.name) }

  /// In the terminal's colours.
  mutating func theme(_ index: Int) -> Theme {
    if let known = reduced[index] { return known }
    let theme = full(index).reduced(to: depth)
    reduced[index] = theme
    return theme
  }

  /// In all its colours, unless the terminal is to have none.
  func full(_ index: Int) -> Theme {
    let theme = entries.indices.contains(index) ? entries[index].theme : .terminal
    return depth == .monochrome ? theme.reduced(to: .monochrome) : theme
  }

  /// When to check the file of a theme again, at most once a second; nil if it is not a file that
  /// anybody edits.
  func nextLook(_ index: Int) -> Double? {
    entries.indices.contains(index) && !entries[index].isShipped ? lookedAt + 1 : nil
  }

  /// Reads a theme again if its file has been saved since; nil: it has not.
  mutating func reload(_ index: Int, at time: Double) -> Reload? {
    guard let due = nextLook(index), time >= due else { return nil }
    lookedAt = time
    // Editors replace a file: for a moment there may be none.
    guard let stamp = Stamp(entries[index].path), stamp != stamps[index] else { return nil }
    stamps[index] = stamp
    do throws(ProgramError) {
      entries[index].theme = try ThemeCatalog.theme(at: entries[index].path)
      reduced[index] = nil
      return .read(name: entries[index].name)
    } catch {
      return .broken(error.description)
    }
  }
}
