// Notes and pins of runs, in the user's state folder.
import Dashboard
import Foundation
import Resources
import RunRecords
import Training

/// The file `notes.jsonl`: a line for each log that has a note or is pinned, by its absolute path.
enum SavedNotes {
  private static var url: URL? { UserFolders.state?.appendingPathComponent("notes.jsonl") }
  private static let mostLines = 100_000

  private struct Line: Codable {
    var log: String
    var note: String?
    var pinned: Bool?
  }

  /// What was saved, with paths as the list has them; nothing if the file is missing.
  static func load() -> RunNotes {
    var notes = RunNotes()
    guard let path = url?.path, let bytes = try? fileContents(path, within: .settings) else {
      return notes
    }
    for line in bytes.split(separator: UInt8(ascii: "\n")).prefix(mostLines) {
      guard let line = try? JSONDecoder().decode(Line.self, from: Data(line)) else { continue }
      if let note = line.note { notes.notes[line.log] = note }
      if line.pinned == true { notes.pinned.insert(line.log) }
    }
    return notes
  }

  /// Writes the file, as a whole or not at all; if that fails, nothing is remembered.
  static func save(_ notes: RunNotes) {
    guard let url else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var bytes: [UInt8] = []
    for log in Set(notes.notes.keys).union(notes.pinned).sorted() {
      let line = Line(
        log: log, note: notes.notes[log], pinned: notes.pinned.contains(log) ? true : nil)
      guard let data = try? encoder.encode(line) else { continue }
      bytes += data
      bytes.append(UInt8(ascii: "\n"))
    }
    try? FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    do throws(FileReplacement.Failure) {
      var file = try FileReplacement(of: url.path)
      try file.append(bytes)
      try file.commit()
    } catch {}
  }
}
