// Arrays in an NPZ file: a zip archive of NPY files, stored or deflated.
//
// Our own reader of the format's few fields: of an archive of gigabytes only the array that is asked
// for is read, and zlib, which is here for gzip, unpacks it.
import Basics
import CZlib
import Foundation

/// The directory of an archive.
struct NPYArchive {
  fileprivate struct Entry {
    var name: String
    var method: Int
    var checksum: UInt32
    var packedSize, size: Int
    /// Where its own header starts.
    var offset: Int
  }

  private let path: String
  private let file: ArchiveFile
  private let entries: [Entry]

  /// A path, and the array that is asked for behind it: `FILE.npz:NAME`; nil if it is not an
  /// archive.
  ///
  /// Without a name it is empty: the only one.
  static func parts(of path: String) -> (path: String, array: String?) {
    if let end = path.range(of: ".npz:", options: [.caseInsensitive, .backwards]) {
      return (String(path[..<path.index(before: end.upperBound)]), String(path[end.upperBound...]))
    }
    return (path, path.lowercased().hasSuffix(".npz") ? "" : nil)
  }

  /// Reads the directory.
  ///
  /// - Throws: `ProgramError` if the file is missing or no zip archive.
  init(_ path: String) throws(ProgramError) {
    self.path = path
    file = try ArchiveFile(path)
    entries = try Self.directory(of: file)
  }

  /// The names of the arrays, as numpy.load has them.
  var names: [String] {
    entries.map(\.name).filter { $0.hasSuffix(".npy") }.map { String($0.dropLast(4)) }
  }

  /// The bytes of an array's NPY file; an empty name is the only one.
  ///
  /// - Throws: `ProgramError` that lists the names there are, or says what is damaged.
  func array(_ name: String) throws(ProgramError) -> [UInt8] {
    let names = names
    let wanted = name.isEmpty && names.count == 1 ? names[0] : name
    guard let entry = entries.first(where: { $0.name == wanted + ".npy" }) else {
      let list =
        names.prefix(8).joined(separator: ", ")
        + (names.count > 8 ? " and \(names.count - 8) more" : "")
      throw .bad(
        place: path,
        problem: names.isEmpty
          ? "expected arrays, found none"
          : name.isEmpty
            ? "expected the name of one array behind the file's, found \(names.count) arrays: \(list)"
            : "expected an array '\(name)', found \(list)",
        hint: names.first.map {
          "write \(URL(fileURLWithPath: path).lastPathComponent):\($0)"
        } ?? "give a file that numpy.savez wrote")
    }
    func bad(_ problem: String) -> ProgramError {
      .bad(
        place: "\(path):\(wanted)", problem: problem,
        hint: "the archive is cut or damaged: save it again")
    }
    let header = try file.bytes(at: entry.offset, count: 30)
    guard header.starts(with: [0x50, 0x4b, 3, 4]), [0, 8].contains(entry.method) else {
      throw bad("expected a stored or deflated array, found method \(entry.method)")
    }
    let start = entry.offset + 30 + header.number(26, 2) + header.number(28, 2)
    guard entry.size < MachineMemory.available else {
      throw bad("expected an array that fits memory")
    }
    let packed = try file.bytes(at: start, count: entry.packedSize)
    var bytes = packed
    if entry.method == 8 {
      let reader = try ByteReader(deflated: packed, name: "\(path):\(wanted)")
      guard entry.size <= reader.remainingAtMost else {
        throw bad("expected \(entry.size) bytes, found at most \(reader.remainingAtMost)")
      }
      bytes = try reader.read(entry.size)
    }
    guard bytes.count == entry.size else {
      throw bad("expected \(entry.size) bytes, found \(bytes.count)")
    }
    guard Self.checksum(bytes) == entry.checksum else {
      throw bad("expected the checksum of the directory, found another")
    }
    return bytes
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return 0 }
      return UInt32(truncatingIfNeeded: crc32_z(0, base, bytes.count))
    }
  }

  /// The entries, from the end of the file on; of zip64 too, as NumPy writes arrays beyond 4 GB.
  private static func directory(of file: ArchiveFile) throws(ProgramError) -> [Entry] {
    let end = try file.bytes(
      at: max(0, file.size - 65_557), count: min(file.size, 65_557))
    let mark: [UInt8] = [0x50, 0x4b, 5, 6]
    guard let last = end.indices.dropLast(21).last(where: { end[$0...].starts(with: mark) }) else {
      throw file.bad("expected the directory of a zip archive at its end, found none")
    }
    var (size, start) = (end.number(last + 12, 4), end.number(last + 16, 4))
    if start == 0xffff_ffff || size == 0xffff_ffff, last >= 20,
      end[(last - 20)...].starts(with: [0x50, 0x4b, 6, 7])
    {
      let place = end.number(last - 20 + 8, 8)
      let wide = try file.bytes(at: place, count: 56)
      (size, start) = (wide.number(40, 8), wide.number(48, 8))
    }
    guard size <= 1 << 26 else {
      throw file.bad("expected a directory of at most 64 MB, found more")
    }
    let directory = try file.bytes(at: start, count: size)
    var entries: [Entry] = []
    var place = 0
    while place + 46 <= directory.count, directory[place...].starts(with: [0x50, 0x4b, 1, 2]) {
      let (nameSize, extraSize) = (directory.number(place + 28, 2), directory.number(place + 30, 2))
      let name = place + 46
      let next = name + nameSize + extraSize + directory.number(place + 32, 2)
      guard next <= directory.count else { break }
      var entry = Entry(
        name: String(decoding: directory[name..<name + nameSize], as: UTF8.self),
        method: directory.number(place + 10, 2),
        checksum: UInt32(directory.number(place + 16, 4)),
        packedSize: directory.number(place + 20, 4), size: directory.number(place + 24, 4),
        offset: directory.number(place + 42, 4))
      entry.widen(Array(directory[name + nameSize..<name + nameSize + extraSize]))
      entries.append(entry)
      place = next
    }
    return entries
  }
}

extension NPYArchive.Entry {
  /// Takes sizes and place from a zip64 field where those of the entry are too short for them.
  fileprivate mutating func widen(_ extra: [UInt8]) {
    var place = 0
    while place + 4 <= extra.count {
      let (kind, length) = (extra.number(place, 2), extra.number(place + 2, 2))
      var value = place + 4
      place = value + length
      guard kind == 1, place <= extra.count else { continue }
      func take(_ field: inout Int) {
        guard field == 0xffff_ffff, value + 8 <= place else { return }
        field = extra.number(value, 8)
        value += 8
      }
      take(&size)
      take(&packedSize)
      take(&offset)
    }
  }
}

/// An archive that is open for reading.
private final class ArchiveFile {
  let path: String
  let size: Int
  private let descriptor: Int32

  init(_ path: String) throws(ProgramError) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else {
      throw .unreadable(
        path: path, reason: systemMessage(), hint: "check the path")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      Foundation.close(descriptor)
      throw .bad(
        place: path, problem: "expected an archive, found no regular file",
        hint: "give an .npz file")
    }
    size = Int(status.st_size)
  }

  deinit { Foundation.close(descriptor) }

  func bad(_ problem: String) -> ProgramError {
    .bad(place: path, problem: problem, hint: "the archive is cut or damaged: save it again")
  }

  /// - Throws: `ProgramError` if the file has no such bytes; places and counts are the archive's
  ///   own claims, of any size.
  func bytes(at offset: Int, count wanted: Int) throws(ProgramError) -> [UInt8] {
    guard 0...size ~= offset, 0...(size - offset) ~= wanted else {
      throw bad("expected \(wanted) bytes from byte \(offset) on, found the file's end")
    }
    let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { memory, filled in
      while filled < wanted {
        let count = pread(
          descriptor, memory.baseAddress.map { $0 + filled }, wanted - filled,
          off_t(offset + filled))
        guard count > 0 else {
          if count < 0, errno == EINTR { continue }
          break
        }
        filled += count
      }
    }
    guard bytes.count == wanted else { throw bad("expected its bytes, found an error in reading") }
    return bytes
  }
}

extension [UInt8] {
  /// A little-endian number; one beyond Int is the largest.
  fileprivate func number(_ place: Int, _ count: Int) -> Int {
    let number = self[place..<place + count].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(clamping: number)
  }
}
