// The formats of other programs' logs: which there are, and which of them a file is.
import Basics
import Foundation

/// A format in which other programs leave what a run measured; each in a file of its own here.
///
/// Its files are anybody's: whatever is in them, reading ends, holds no more than `ForeignRun` takes, and
/// gives what could be read with a note on what could not.
protocol ForeignFormat: Sendable {
  /// What sentences call such a log: "a TensorBoard event file".
  var name: String { get }
  /// Whether a log is of it.
  func recognizes(_ log: LogHead) -> Bool
  /// Hands on what the log holds.
  ///
  /// - Throws: `ProgramError` if nothing of it can be read.
  func read(_ log: LogHead, into run: inout ForeignRun) throws(ProgramError)
}

/// The path of a log, and how it begins.
package struct LogHead {
  /// What to open.
  package let path: String
  /// What to call it.
  package let name: String
  /// Which of several runs in the file is meant; nil where that is not said.
  package let member: String?
  package let isFolder: Bool
  /// The first bytes of a file; empty for a folder.
  package let bytes: [UInt8]

  /// So many bytes of a file at most.
  static let length = 1 << 16

  /// Nil where nothing is there that can be read; a pipe is not read from.
  package init?(path: String, name: String? = nil) {
    var status = stat()
    var (file, member) = (path, String?.none)
    if stat(file, &status) != 0 {
      guard let parts = Self.parts(of: path), stat(parts.file, &status) == 0 else { return nil }
      (file, member) = (parts.file, parts.run)
    }
    let kind = status.st_mode & S_IFMT
    self.path = file
    self.name = name ?? path
    self.member = member
    isFolder = kind == S_IFDIR
    guard kind == S_IFREG else {
      guard isFolder else { return nil }
      bytes = []
      return
    }
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: Self.length)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    self.bytes = Array(bytes.prefix(max(0, count)))
  }

  /// The file and the run that `PROJECT.db#RUN` names; nil if it names none.
  private static func parts(of path: String) -> (file: String, run: String)? {
    guard let mark = path.range(of: TrackioFile.ending + "#") else { return nil }
    let run = path[mark.upperBound...]
    return run.isEmpty ? nil : (String(path[..<mark.upperBound].dropLast()), String(run))
  }

  /// The first line that is not empty.
  var firstLine: ArraySlice<UInt8> {
    bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 8).first {
      !$0.allSatisfy { $0 <= 0x20 }
    } ?? []
  }

  /// What a run in it is called: the file's name, or where all are called alike the folder's.
  var runName: String {
    if let member { return member }
    var url = URL(fileURLWithPath: name)
    if isFolder { return url.lastPathComponent }
    if ["metrics", "log", "logs", "history", "training", "scalars"]
      .contains(url.deletingPathExtension().lastPathComponent)
    {
      url.deleteLastPathComponent()
      return url.lastPathComponent
    }
    return url.lastPathComponent
  }
}

/// Logs that are no records.
package enum ForeignLogs {
  private static let formats: [any ForeignFormat] = [
    EventFile(), WandbFile(), TrackioFile(), MetricTable(), MetricLines(),
  ]

  /// Subfolders whose event files belong to the run of the folder above.
  package static let partFolders = EventFile.parts

  package static func isEventFile(_ name: String) -> Bool { EventFile.isEventFile(name) }

  /// How files end that may hold several runs.
  package static let databaseEnding = TrackioFile.ending

  /// The names of the runs in such a file, as they stand behind `#` in a path; empty for other files.
  package static func runs(inDatabase path: String) -> [String] { TrackioFile.runs(in: path) }

  /// Whether a folder within that of a run's event files belongs to the run.
  package static func isHyperparameterFolder(_ name: String) -> Bool {
    EventFile.isHyperparameterFolder(name)
  }

  private static func format(of log: LogHead) -> (any ForeignFormat)? {
    formats.first { $0.recognizes(log) }
  }

  /// What a log is called that is of another format; nil for records and for what nobody knows.
  package static func formatName(of log: LogHead) -> String? { format(of: log)?.name }

  /// The run in a log of another format; nil if it is none.
  ///
  /// - Throws: `ProgramError` if nothing of it can be read.
  package static func run(in log: LogHead) throws(ProgramError) -> ForeignRun? {
    guard let format = format(of: log) else { return nil }
    var run = ForeignRun(name: log.runName)
    try format.read(log, into: &run)
    guard !run.isEmpty else {
      throw ProgramError(
        .log, .bad, log.name,
        "expected figures in \(format.name), found none"
          + (run.header.notes.first.map { ": \($0)" } ?? ""), "check the file")
    }
    return run
  }
}
