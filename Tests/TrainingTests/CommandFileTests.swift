// The file of commands: who may have it, where it is read from, and whose it is at the end.
import Foundation
import RunRecords
import TestSupport
import Testing

@testable import Training

@Suite struct CommandFileTests {
  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
  }

  private func text(_ file: CommandFile, _ offset: inout Int) -> String {
    String(decoding: file.read(from: &offset, atMost: 1 << 20), as: UTF8.self)
  }

  private func append(_ text: String, to path: String) throws {
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
  }

  @Test func `a run makes the file for its user alone, and takes it away`() throws {
    try inTemporaryFolder { folder in
      let log = folder.appendingPathComponent("run.jsonl").path
      let file = try CommandFile(besideLog: log)
      #expect(file.path == log + ".commands" && mode(file.path) == 0o600)
      var offset = file.start
      #expect(offset == 0 && !file.beginsInLine && text(file, &offset).isEmpty)
      try append("one\n", to: file.path)
      #expect(text(file, &offset) == "one\n" && text(file, &offset).isEmpty)
      // Cut short, as no one should: later lines count all the same.
      #expect(truncate(file.path, 0) == 0)
      #expect(text(file, &offset).isEmpty)
      try append("two\n", to: file.path)
      #expect(text(file, &offset) == "two\n")
      file.remove()
      #expect(access(file.path, F_OK) != 0)
      // Once more is nothing, whatever has the name by then.
      try Data().write(to: URL(fileURLWithPath: file.path))
      file.remove()
      #expect(access(file.path, F_OK) == 0 && text(file, &offset).isEmpty)
    }
  }

  @Test func `one that is there already is read from its end`() throws {
    try inTemporaryFolder(["run.jsonl.commands": Array("old\nto".utf8)]) { folder in
      let log = folder.appendingPathComponent("run.jsonl").path
      #expect(chmod(log + ".commands", 0o644) == 0)
      let file = try CommandFile(besideLog: log)
      #expect(file.start == 6 && file.beginsInLine)
      var offset = file.start
      try append("rn\nnew\n", to: file.path)
      #expect(text(file, &offset) == "rn\nnew\n")
      file.remove()
      #expect(access(file.path, F_OK) != 0)
    }
  }

  @Test(arguments: [
    "a link", "a link to nothing", "a second name", "a folder", "a pipe",
    "a file that all may write",
    "a file that the group may write",
  ])
  func `what is not this user's plain file is left alone`(kind: String) throws {
    try inTemporaryFolder(["other": [0x0A]]) { folder in
      let log = folder.appendingPathComponent("run.jsonl").path
      let (path, other) = (log + ".commands", folder.appendingPathComponent("other").path)
      switch kind {
      case "a link": #expect(symlink(other, path) == 0)
      case "a link to nothing": #expect(symlink(other + "2", path) == 0)
      case "a second name": #expect(link(other, path) == 0)
      case "a folder": #expect(mkdir(path, 0o700) == 0)
      case "a pipe": #expect(mkfifo(path, 0o600) == 0)
      default:
        try Data().write(to: URL(fileURLWithPath: path))
        #expect(chmod(path, kind.contains("all") ? 0o602 : 0o620) == 0)
      }
      let error = #expect(throws: CommandFile.Unusable.self) {
        try CommandFile(besideLog: log)
      }
      #expect(error?.description.hasSuffix("the run goes on and takes no commands") == true)
      var status = stat()
      #expect(lstat(path, &status) == 0 && access(other + "2", F_OK) != 0)
    }
  }

  @Test func `a file of another owner is left alone`() throws {
    // Only root can make one; for everybody else there is one to be found.
    let isRoot = geteuid() == 0
    try inTemporaryFolder(["run.jsonl.commands": []]) { folder in
      let log = folder.appendingPathComponent("run.jsonl").path
      guard isRoot, chown(log + ".commands", 65_534, 65_534) == 0 else { return }
      #expect(throws: CommandFile.Unusable.self) { try CommandFile(besideLog: log) }
    }
  }

  @Test func `a file that took its place is not removed`() throws {
    try inTemporaryFolder { folder in
      let log = folder.appendingPathComponent("run.jsonl").path
      let file = try CommandFile(besideLog: log)
      unlink(file.path)
      try Data("mine\n".utf8).write(to: URL(fileURLWithPath: file.path))
      var offset = file.start
      // What another file of the name holds is nobody's command.
      #expect(text(file, &offset).isEmpty)
      file.remove()
      #expect(access(file.path, F_OK) == 0)
    }
  }

  @Test func `norms are replaced as a whole, and never another user's file`() throws {
    try inTemporaryFolder(["b.jsonl.norms": Array("mine".utf8)]) { folder in
      let path = folder.appendingPathComponent("a.jsonl").path
      let file = NormsFile(besideLog: path)
      let record = try RunFixture.segment(try RunFixture.experiment()).main.norms()
      file.write(record)
      file.finish()
      let written = FileManager.default.contents(atPath: path + ".norms").map(Array.init)
      #expect(written == record.line && mode(path + ".norms") == 0o600)
      file.remove()
      #expect(access(path + ".norms", F_OK) != 0)
      let other = folder.appendingPathComponent("c.jsonl").path
      #expect(symlink(path, other + ".norms") == 0)
      let linked = NormsFile(besideLog: other)
      linked.write(record)
      linked.finish()
      linked.remove()
      var status = stat()
      #expect(lstat(other + ".norms", &status) == 0 && access(path, F_OK) != 0)
    }
  }
}
