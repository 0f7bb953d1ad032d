// Files that never end, never begin, are too large, or are another kind of file than expected.
import Foundation
import Resources
import Testing

@testable import Datasets

@Suite struct FileContentsTests {
  private func problem(_ path: String, _ bounds: FileBounds) -> UnreadableFile? {
    do throws(UnreadableFile) {
      _ = try fileContents(path, within: bounds)
      return nil
    } catch {
      return error
    }
  }

  @Test func `a file is read up to its bound`() throws {
    let bytes = (0..<600_000).map { UInt8(truncatingIfNeeded: $0) }
    try TestFiles.inFolder(["a": bytes, "empty": []]) { folder throws in
      let path = folder.appendingPathComponent("a").path
      let exact = FileBounds(takesPipes: false, mostBytes: bytes.count)
      let all = try fileContents(path, within: exact)
      #expect(all == bytes)
      let less = FileBounds(takesPipes: false, mostBytes: bytes.count - 1)
      #expect(
        problem(path, less)
          == UnreadableFile(reason: "it is larger than 585 kB", isUnsuitable: true))
      let nothing = try fileContents(
        folder.appendingPathComponent("empty").path, within: .settings)
      #expect(nothing.isEmpty)
      #expect(problem(folder.path, .settings)?.reason == "Is a directory")
      #expect(problem(folder.path + "/none", .settings)?.reason == "No such file or directory")
      #expect(problem(folder.path + "/none", .settings)?.isUnsuitable == false)
    }
  }

  @Test(arguments: [FileBounds.settings, .document])
  func `a device is never read`(bounds: FileBounds) {
    for device in ["/dev/zero", "/dev/null", "/dev/full"] {
      #expect(
        problem(device, bounds) == UnreadableFile(reason: "it is a device", isUnsuitable: true))
    }
  }

  @Test func `a pipe without a writer is an error, one with a writer is read to its end`() throws {
    try TestFiles.inFolder([:]) { folder throws in
      let path = folder.appendingPathComponent("pipe").path
      #expect(mkfifo(path, 0o600) == 0)
      #expect(problem(path, .settings)?.reason == "it is a pipe")
      #expect(problem(path, .document)?.reason == "nobody writes into this pipe")
      // Whoever writes holds the pipe open, and need not have written when reading starts.
      // A second reader, since a pipe without any ends who writes into it.
      let other = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
      defer { close(other) }
      let end = open(path, O_WRONLY | O_CLOEXEC)
      let bytes = (0..<50_000).map { UInt8(truncatingIfNeeded: $0) }
      #expect(write(end, bytes, bytes.count) == bytes.count)
      let writer = Thread {
        _ = write(end, [7, 7] as [UInt8], 2)
        close(end)
      }
      writer.start()
      let read = try fileContents(path, within: .document)
      #expect(read == bytes + [7, 7])
    }
  }

  // MARK: - Formats

  private static let zip = Array("PK\u{3}\u{4}".utf8) + [UInt8](repeating: 0, count: 26)
  private static let noise = (0..<5000).map { UInt8(truncatingIfNeeded: $0 * 7) }

  @Test(
    arguments: [
      ("t.parquet", Array("PAR1".utf8) + noise, "pandas.read_parquet('t.parquet').to_csv('t.csv'"),
      ("t.xlsx", zip + Array("[Content_Types].xmlxl/workbook.xml".utf8), "pandas.read_excel("),
      ("t.xls", [0xd0, 0xcf, 0x11, 0xe0] + noise, "an old Excel workbook (.xls): in Python"),
      ("t.ods", zip + Array("mimetypeapplication/vnd.oasis.opendocument.spreadsheet".utf8), ".ods"),
      ("t.feather", Array("ARROW1\0\0".utf8) + noise, "pandas.read_feather("),
      ("t.h5", [0x89] + Array("HDF\r\n\u{1a}\n".utf8) + noise, "pandas.read_hdf("),
      ("t.pkl", [0x80, 4, 0x95] + noise, "a Python pickle: in Python: pandas.read_pickle("),
      ("t.zip", zip + Array("table.csv".utf8), "a zip archive: unpack it and give the file inside"),
      (
        "t.npy", [0x93] + Array("NUMPY".utf8) + noise, "a NumPy array (.npy): give it as data: {npy"
      ),
      ("t.npz", zip + Array("inputs.npy".utf8), "NumPy arrays (.npz)"),
      ("t.csv.xz", [0xfd] + Array("7zXZ\0".utf8) + noise, "an xz file: unpack it"),
      ("t.csv", Array("version https://git-lfs.github.com/spec/v1\noid".utf8), "'git lfs pull'"),
      ("t.sqlite", Array("SQLite format 3\0".utf8) + noise, "an SQLite database"),
      ("t.csv", Array("<!DOCTYPE html>\n<html>".utf8), "a web page: download the file itself"),
      ("t.csv", [0xe9, 0x2c, 0x61], "expected UTF-8 text, found"),
    ] as [(String, [UInt8], String)])
  func `a table of another format is named, with what makes a CSV file of it`(
    name: String, bytes: [UInt8], words: String
  ) throws {
    try TestFiles.inFolder([name: bytes]) { folder in
      let problem = TestFiles.problem {
        try CSVTable(contentsOf: folder.appendingPathComponent(name))
      }
      #expect(problem.contains(words), "\(problem)")
      let text = TestFiles.problem {
        try Dataset.language(folder.appendingPathComponent(name), window: 2, validation: 0.5)
      }
      #expect(text.contains(words), "\(text)")
    }
  }

  @Test func `columns called like the marks of formats are text`() {
    for text in ["PAR1,PAR2\n1,2\n", "ORCID,x\n", "BZh9,x\n", "GGUF,y\n", "X\n1\n", "%PDF-,a\n"] {
      #expect(FileFormat(Array(text.utf8)) == nil, "\(text)")
    }
  }

  @Test func `a text in UTF-16 is read as its mark says`() throws {
    let units = [0xfeff] + Array("ąbąbąbąb".utf16)
    let bytes = units.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
    try TestFiles.inFolder(["t.txt": bytes]) { folder in
      let data = try Dataset.language(
        folder.appendingPathComponent("t.txt"), window: 2, validation: 0.4)
      #expect(data.task == .language(Alphabet("bą".unicodeScalars)))
    }
  }

  @Test func `a packed table and a packed text are read`() throws {
    let table = try TestFiles.gzip(Array("a,b\n1,2\n3,4\n".utf8))
    let text = try TestFiles.gzip(Array("abcabcabc".utf8))
    let parquet = try TestFiles.gzip(Array("PAR1".utf8) + Self.noise)
    try TestFiles.inFolder(["t.csv.gz": table, "t.txt.gz": text, "p.gz": parquet]) { folder in
      let read = try CSVTable(contentsOf: folder.appendingPathComponent("t.csv.gz"))
      #expect(read.columns == ["a", "b"] && read.rowCount == 2)
      let data = try Dataset.language(
        folder.appendingPathComponent("t.txt.gz"), window: 2, validation: 0.4)
      #expect(data.task == .language(Alphabet("abc".unicodeScalars)))
      let problem = TestFiles.problem {
        try CSVTable(contentsOf: folder.appendingPathComponent("p.gz"))
      }
      #expect(problem.contains("found a Parquet file"))
    }
  }
}
