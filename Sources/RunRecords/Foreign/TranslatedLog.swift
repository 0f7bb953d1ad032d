// Logs that are packed or of another format, as records in a file that has no name: what reads records,
// goes about in them and back, then reads these too.
import Basics
import Foundation

/// A log as a file of records, whatever it is.
struct TranslatedLog {
  /// Its records, from the start on; whoever has it closes it.
  let descriptor: Int32
  /// What is still filling the file; nil if all of it is there.
  var unpacking: Unpacking?

  /// The records of a log that is packed or of another format; nil if it is neither, and is read as it
  /// is.
  ///
  /// - Throws: `ProgramError` if nothing of it can be read.
  init?(of path: String, _ senses: FigureSenses) throws(ProgramError) {
    guard let log = LogHead(path: path) else { return nil }
    guard log.bytes.starts(with: Unpacking.magic) else {
      guard let descriptor = try Self.translated(log, senses, note: nil) else { return nil }
      self.descriptor = descriptor
      return
    }
    let unpacking = try Unpacking(path)
    // What it is shows its beginning; records are read while the rest is still unpacked.
    try unpacking.wait(beyond: LogHead.length)
    let unpacked = unpacking.reader
    // The same bytes once more by a path, for whoever wants to open it.
    let inner = "/dev/fd/\(unpacked)"
    let name = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
    guard let head = LogHead(path: inner, name: name), ForeignLogs.formatName(of: head) != nil
    else {
      descriptor = unpacked
      self.unpacking = unpacking
      return
    }
    defer { close(unpacked) }
    try unpacking.waitForEnd()
    guard let whole = LogHead(path: inner, name: name),
      let descriptor = try Self.translated(whole, senses, note: unpacking.damage)
    else { return nil }
    self.descriptor = descriptor
  }

  private static func translated(
    _ log: LogHead, _ senses: FigureSenses, note: String?
  ) throws(ProgramError) -> Int32? {
    guard var run = try ForeignLogs.run(in: log) else { return nil }
    if let note { run.note(note) }
    var file = try NamelessFile(for: log.name)
    for record in run.records(senses) { try file.append(record.line, for: log.name) }
    try file.flush(for: log.name)
    return file.reader()
  }
}
