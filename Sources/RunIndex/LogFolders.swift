// Which files below a folder may be logs, and which version of each is there.
import Foundation
import RunRecords

/// Goes through folders for logs, by names alone: what a file is its first bytes say.
struct LogFolders {
  /// A folder or a log.
  let roots: [String]

  struct Found {
    var path: String
    /// Its path below its root, without its ending.
    var name: String
    var mark: FileMark
  }

  private static let deepest = 12
  private static let mostEntries = 500_000
  static let mostLogs = 50_000
  private static let endings = [".jsonl", ".ndjson", ".jsonl.gz", ".csv", ".wandb", ".db"]
  /// What holds files without end that are never logs.
  private static let ignoredNames: Set<String> = ["node_modules", "__pycache__", "site-packages"]

  /// All of them, in the order of their names; `r-2` before `r-10`.
  func logs() -> [Found] {
    var found: [Found] = []
    var seen: Set<String> = []
    var entries = 0
    for root in roots {
      guard let kind = Self.kind(root) else { continue }
      if kind.isFolder {
        Self.collect(root, below: "", 0, &found, &entries)
      } else {
        let name = (root as NSString).lastPathComponent
        found += Self.logs(at: root, name: name, kind.mark)
      }
    }
    return found.filter { seen.insert($0.path).inserted }
  }

  private static func collect(
    _ folder: String, below: String, _ depth: Int, _ found: inout [Found], _ entries: inout Int
  ) {
    guard depth < deepest, found.count < mostLogs,
      let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
    else { return }
    var events: [FileMark] = []
    let ownName = below.split(separator: "/").last.map(String.init) ?? ""
    // Keras parts a run's event files by what they were measured on; PyTorch puts hyperparameters aside.
    let isRun = names.contains(where: ForeignLogs.isEventFile)
    let aside = isRun ? names.filter(ForeignLogs.isHyperparameterFolder) : []
    for part in ForeignLogs.partFolders.sorted() + aside {
      let path = "\(folder)/\(part)"
      guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else { continue }
      events += names.filter(ForeignLogs.isEventFile).compactMap { kind("\(path)/\($0)")?.mark }
    }
    for name in names.sorted(by: NaturalOrder.isBefore) {
      entries += 1
      guard entries < mostEntries else { return }
      guard !name.hasPrefix("."), !ignoredNames.contains(name), !aside.contains(name) else {
        continue
      }
      let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
      let inner = below.isEmpty ? name : "\(below)/\(name)"
      let mayBeLog = endings.contains { name.hasSuffix($0) }
      let isEvents = ForeignLogs.isEventFile(name) && !ForeignLogs.partFolders.contains(ownName)
      if !mayBeLog, !isEvents, name.contains(".") {
        // Most files have an ending, and most folders none: that spares asking for each.
        guard isFolder(path) else { continue }
      }
      // Links to folders could go in a circle.
      guard let entry = Self.kind(path, followsLinks: mayBeLog || isEvents) else { continue }
      if entry.isFolder {
        collect(path, below: inner, depth + 1, &found, &entries)
      } else if isEvents {
        events.append(entry.mark)
      } else if mayBeLog {
        found += logs(at: path, name: inner, entry.mark)
      }
    }
    // A folder of event files is one run, however many of them it was written to.
    if let first = events.first {
      let mark = FileMark(
        device: first.device, inode: first.inode, size: events.reduce(0) { $0 + $1.size },
        modified: events.map(\.modified).max() ?? 0)
      let name = below.isEmpty ? (folder as NSString).lastPathComponent : below
      found.append(Found(path: folder, name: name, mark: mark))
    }
  }

  /// A file as a log, or as the runs of a database.
  private static func logs(at path: String, name: String, _ mark: FileMark) -> [Found] {
    guard path.hasSuffix(ForeignLogs.databaseEnding) else {
      return [Found(path: path, name: withoutEnding(name), mark: mark)]
    }
    var mark = mark
    // What is written last stands beside it for a while.
    if let journal = kind(path + "-wal") {
      mark.size += journal.mark.size
      mark.modified = max(mark.modified, journal.mark.modified)
    }
    return ForeignLogs.runs(inDatabase: path).map {
      Found(path: "\(path)#\($0)", name: "\(withoutEnding(name))/\($0)", mark: mark)
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// What stands at a path; nil for all that is neither folder nor file.
  private static func kind(
    _ path: String, followsLinks: Bool = true
  ) -> (isFolder: Bool, mark: FileMark)? {
    var status = stat()
    guard (followsLinks ? stat(path, &status) : lstat(path, &status)) == 0 else { return nil }
    let kind = status.st_mode & S_IFMT
    guard kind == S_IFDIR || kind == S_IFREG else { return nil }
    let time = status.st_mtim
    return (
      kind == S_IFDIR,
      FileMark(
        device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int(status.st_size),
        modified: Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec))
    )
  }

  private static func withoutEnding(_ name: String) -> String {
    for ending in endings.sorted(by: { $0.count > $1.count }) where name.hasSuffix(ending) {
      return name.count > ending.count ? String(name.dropLast(ending.count)) : name
    }
    return name
  }
}
