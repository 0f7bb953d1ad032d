// Reads bytes from front to back, through gzip where they are compressed, never more than asked for.
import Basics
import CZlib
import Foundation

/// The bytes of a file, decompressed on the way where the file starts like gzip.
///
/// What is read is as long as what was asked for and there; nothing is allocated for what a header
/// merely claims. So neither a damaged size nor a file that unpacks to billions of zeros costs memory.
final class ByteReader {
  /// What messages call the file.
  let name: String
  private let bytes: [UInt8]
  private var position = 0
  private var inflater: Inflater?

  /// No more than this is ever unpacked or declared, in values: no such data set fits a machine.
  static let limit = 1 << 30

  init(_ bytes: [UInt8], name: String) throws(ProgramError) {
    self.bytes = bytes
    self.name = name
    if bytes.starts(with: [0x1f, 0x8b]) { inflater = try Inflater(.gzip, name: name) }
  }

  /// Bytes that are packed without a header, as a file in a zip archive is.
  init(deflated bytes: [UInt8], name: String) throws(ProgramError) {
    self.bytes = bytes
    self.name = name
    inflater = try Inflater(.raw, name: name)
  }

  /// The most bytes that can still come: deflate makes at most 1,032 from one.
  var remainingAtMost: Int {
    inflater == nil ? bytes.count - position : 1032 * (bytes.count - position) + Inflater.chunkSize
  }

  /// The next `count` bytes, fewer where the file ends.
  func read(_ count: Int) throws(ProgramError) -> [UInt8] {
    guard let inflater else {
      let end = position + min(count, bytes.count - position)
      defer { position = end }
      return Array(bytes[position..<end])
    }
    return try inflater.read(count, from: bytes, at: &position)
  }
}

/// zlib's state, which may not move in memory.
private final class Inflater {
  static let chunkSize = 1 << 18
  private let stream: UnsafeMutablePointer<z_stream>
  private let name: String
  private let format: Format
  private var hasEnded = false

  /// What stands around the packed data.
  enum Format: String {
    case gzip
    /// Nothing.
    case raw = "packed"
  }

  init(_ format: Format, name: String) throws(ProgramError) {
    self.name = name
    self.format = format
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let status = format == .gzip ? maxnorm_inflate_gzip(stream) : maxnorm_inflate_raw(stream)
    guard status == Z_OK else {
      throw .bad(
        place: name, problem: "expected memory to unpack it, found none", hint: "free some")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  func read(
    _ count: Int, from bytes: [UInt8], at position: inout Int
  ) throws(ProgramError) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(min(count, 4 * bytes.count))
    while output.count < count, !hasEnded {
      let wanted = min(count - output.count, Self.chunkSize)
      var status = Z_OK
      let available = min(bytes.count - position, Int(UInt32.max))
      let chunk = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, produced in
        bytes.withUnsafeBufferPointer { input in
          stream.pointee.next_in = input.baseAddress.map { $0 + position }
          stream.pointee.avail_in = UInt32(available)
          stream.pointee.next_out = buffer.baseAddress
          stream.pointee.avail_out = UInt32(wanted)
          status = inflate(stream, Z_NO_FLUSH)
        }
        produced = wanted - Int(stream.pointee.avail_out)
      }
      position += available - Int(stream.pointee.avail_in)
      output += chunk
      switch status {
      case Z_OK: break
      case Z_STREAM_END:
        // A gzip file may have several members; anything else behind the last is damage.
        hasEnded = position == bytes.count || format == .raw
        if !hasEnded { inflateReset(stream) }
      case Z_BUF_ERROR where position == bytes.count:
        throw bad("expected the end of the \(format.rawValue) data, found the file's end")
      default: throw bad("expected \(format.rawValue) data, found damaged bytes")
      }
    }
    return output
  }

  private func bad(_ problem: String) -> ProgramError {
    .bad(place: name, problem: problem, hint: "get the file again")
  }
}
