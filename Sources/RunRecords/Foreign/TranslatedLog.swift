// Logs that are packed or of another format, as records in a file that has no name: what reads records,
// goes about in them and back, then reads these too.
import Basics
import CZlib
import Foundation

/// A file that is gone when nobody reads it any more.
struct NamelessFile: ~Copyable {
  private let descriptor: Int32
  private var buffer: [UInt8] = []

  private static let piece = 1 << 20

  /// - Throws: `ProgramError` if the folder of temporary files cannot be written.
  init(for path: String) throws(ProgramError) {
    let folder = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    var template = Array("\(folder)/maxnorm-XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw Self.failure(path) }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  private static func failure(_ path: String) -> ProgramError {
    ProgramError(
      .log, .unwritable, path,
      "cannot write a temporary file: \(systemMessage())",
      "set TMPDIR to a folder with room")
  }

  mutating func append(_ bytes: some Sequence<UInt8>, for path: String) throws(ProgramError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.piece { try flush(for: path) }
  }

  private mutating func flush(for path: String) throws(ProgramError) {
    var rest = buffer[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 || errno == EINTR else { throw Self.failure(path) }
      rest = rest.dropFirst(max(0, count))
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Its descriptor, from the start on; whoever has it closes it.
  mutating func finish(for path: String) throws(ProgramError) -> Int32 {
    try flush(for: path)
    lseek(descriptor, 0, SEEK_SET)
    let result = dup(descriptor)
    _ = fcntl(result, F_SETFD, FD_CLOEXEC)
    return result
  }

  deinit { close(descriptor) }
}

/// A log as a file of records, whatever it is.
enum TranslatedLog {
  /// The records of a log that are packed or of another format; nil if it is neither, and is read
  /// as it is.
  ///
  /// - Throws: `ProgramError` if nothing of it can be read.
  static func records(of path: String, _ senses: FigureSenses) throws(ProgramError) -> Int32? {
    guard let log = LogHead(path: path) else { return nil }
    guard log.bytes.starts(with: GzipFile.magic) else { return try translated(log, senses) }
    let unpacked = try GzipFile.unpack(path)
    // The same bytes once more by a path, for whoever wants to open it.
    guard let inner = LogHead(path: "/dev/fd/\(unpacked)", name: packedName(path)) else {
      return unpacked
    }
    do throws(ProgramError) {
      guard let other = try translated(inner, senses) else {
        lseek(unpacked, 0, SEEK_SET)
        return unpacked
      }
      close(unpacked)
      return other
    } catch {
      close(unpacked)
      throw error
    }
  }

  private static func packedName(_ path: String) -> String {
    path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
  }

  private static func translated(
    _ log: LogHead, _ senses: FigureSenses
  ) throws(ProgramError) -> Int32? {
    guard let run = try ForeignLogs.run(in: log) else { return nil }
    var file = try NamelessFile(for: log.name)
    for record in run.records(senses) { try file.append(record.line, for: log.name) }
    return try file.finish(for: log.name)
  }
}

/// Files that gzip has packed.
enum GzipFile {
  static let magic: [UInt8] = [0x1f, 0x8b]
  private static let piece = 1 << 18
  /// A log that unpacks to more is none: a few kilobytes can unpack to anything.
  private static let mostBytes = 16 << 30

  /// What a file holds, in one without a name, up to where it is damaged or cut.
  ///
  /// - Throws: `ProgramError` if it cannot be read, or holds nothing.
  static func unpack(_ path: String) throws(ProgramError) -> Int32 {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .cannotOpen(path: path, reason: systemMessage())
    }
    defer { close(descriptor) }
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    guard maxnorm_inflate_gzip(stream) == Z_OK else {
      throw .cannotOpen(path: path, reason: "no memory to unpack it")
    }
    defer { inflateEnd(stream) }
    var file = try NamelessFile(for: path)
    var input = [UInt8](repeating: 0, count: piece)
    var output = [UInt8](repeating: 0, count: piece)
    var total = 0
    var isWhole = true
    reading: while true {
      let count = read(descriptor, &input, input.count)
      guard count > 0 else { break }
      var used = 0
      while used < count {
        var status = Z_OK
        var produced = 0
        input.withUnsafeBufferPointer { source in
          output.withUnsafeMutableBufferPointer { target in
            stream.pointee.next_in = source.baseAddress.map { $0 + used }
            stream.pointee.avail_in = UInt32(count - used)
            stream.pointee.next_out = target.baseAddress
            stream.pointee.avail_out = UInt32(target.count)
            status = inflate(stream, Z_NO_FLUSH)
            used = count - Int(stream.pointee.avail_in)
            produced = target.count - Int(stream.pointee.avail_out)
          }
        }
        total += produced
        try file.append(output[..<produced], for: path)
        switch status {
        case Z_OK: break
        // A file may have several members, as from `cat a.gz b.gz`.
        case Z_STREAM_END: inflateReset(stream)
        case Z_BUF_ERROR where used == count: break
        default:
          isWhole = false
          break reading
        }
        guard total <= mostBytes else {
          isWhole = false
          break reading
        }
      }
    }
    // Damage ends it, as a torn last line ends a log: what stands before is read.
    guard total > 0 || isWhole else {
      throw .bad(path: path, line: 1, problem: "expected a gzip file, found damaged bytes")
    }
    return try file.finish(for: path)
  }
}
