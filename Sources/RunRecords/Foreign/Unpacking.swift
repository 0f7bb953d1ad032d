// A log that gzip has packed, unpacked on another thread while its beginning is read already.
import Basics
import CZlib
import Dispatch
import Foundation
import Synchronization

/// Fills a file without a name with what a packed file holds, up to where that is damaged or cut.
///
/// Memory does not grow with the log. Whoever reads waits only for what is not there yet; nobody reads
/// any more after `cancel`.
final class Unpacking: Sendable {
  static let magic: [UInt8] = [0x1f, 0x8b]

  /// The unpacked bytes so far, from the start on; whoever has it closes it.
  let reader: Int32
  private let packedSize: Int
  private let state = Mutex(State())
  /// Signalled with every piece, and at the end.
  private let progress = DispatchSemaphore(value: 0)

  private struct State {
    var isWanted = true
    var isOver = false
    /// Bytes that were unpacked, and of how many packed ones.
    var unpacked = 0
    var packed = 0
    var damage: String?
    var failure: ProgramError?
  }

  private static let piece = 1 << 18
  /// A log that unpacks to more is none: a few kilobytes can unpack to anything.
  private static let mostBytes = 16 << 30

  /// - Throws: `ProgramError` if the file cannot be read, or no other can be written.
  init(_ path: String) throws(ProgramError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .cannotOpen(path: path, reason: systemMessage())
    }
    var status = stat()
    packedSize = fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    let writer: Int32
    do throws(ProgramError) {
      let file = try NamelessFile(for: path)
      (reader, writer) = (file.reader(), file.reader())
    } catch {
      close(descriptor)
      throw error
    }
    DispatchQueue.global(qos: .userInitiated).async { [self] in
      unpack(descriptor, into: NamelessFile(descriptor: writer), for: path)
      close(descriptor)
    }
  }

  // MARK: Reading

  /// Waits until more bytes are there than `count`, or no more will be; whether there are more.
  ///
  /// - Throws: `ProgramError` if they cannot be written, or there is nothing but damage.
  @discardableResult
  func wait(beyond count: Int) throws(ProgramError) -> Bool {
    while true {
      let (known, isOver, failure) = state.withLock { ($0.unpacked, $0.isOver, $0.failure) }
      if let failure { throw failure }
      if known > count { return true }
      if isOver { return false }
      progress.wait()
    }
  }

  /// Waits until all is unpacked.
  ///
  /// - Throws: `ProgramError` if it cannot be written, or there is nothing but damage.
  func waitForEnd() throws(ProgramError) { try wait(beyond: .max) }

  /// Why what was unpacked is not all of the log, in a sentence without a full stop; nil if it is, or
  /// as long as that is not known.
  var damage: String? { state.withLock { $0.damage } }

  /// Bytes of the unpacked log: those there are, or as long as that is unknown about so many as there
  /// will be.
  var size: Int {
    state.withLock { state in
      guard !state.isOver, state.packed > 0 else { return state.unpacked }
      let share = Double(packedSize) / Double(state.packed)
      return max(state.unpacked, Int(min(Double(state.unpacked) * share, 1e15)))
    }
  }

  /// Nobody wants the rest.
  func cancel() { state.withLock { $0.isWanted = false } }

  // MARK: Unpacking

  private func unpack(
    _ descriptor: Int32, into file: consuming NamelessFile, for path: String
  ) {
    var file = file
    var damage: String?
    var failure: ProgramError?
    do throws(ProgramError) {
      damage = try inflate(descriptor, into: &file, for: path)
      if file.count == 0, damage != nil {
        throw .bad(path: path, line: 1, problem: "expected a gzip file, found damaged bytes")
      }
    } catch {
      failure = error
    }
    state.withLock { ($0.damage, $0.failure, $0.isOver) = (damage, failure, true) }
    progress.signal()
  }

  /// Returns why it ended before the end of the file; nil if it did not.
  private func inflate(
    _ descriptor: Int32, into file: inout NamelessFile, for path: String
  ) throws(ProgramError) -> String? {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    guard maxnorm_inflate_gzip(stream) == Z_OK else {
      throw .cannotOpen(path: path, reason: "no memory to unpack it")
    }
    defer { inflateEnd(stream) }
    var input = [UInt8](repeating: 0, count: Self.piece)
    var output = [UInt8](repeating: 0, count: Self.piece)
    var packed = 0
    // Nothing at all is a member that was cut.
    var isInMember = true
    while true {
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
            status = CZlib.inflate(stream, Z_NO_FLUSH)
            used = count - Int(stream.pointee.avail_in)
            produced = target.count - Int(stream.pointee.avail_out)
          }
        }
        try file.append(output[..<produced], for: path)
        try file.flush(for: path)
        isInMember = true
        switch status {
        case Z_OK: break
        case Z_STREAM_END:
          // A file may have several members, as from `cat a.gz b.gz`.
          inflateReset(stream)
          isInMember = false
        case Z_BUF_ERROR where used == count: break
        default: return Self.notWhole("damaged", packed + used)
        }
        guard file.count <= Self.mostBytes else {
          return "the packed file holds more than 16 GB: the rest was left out"
        }
        guard told(file.count, packed + used) else { return nil }
      }
      packed += count
    }
    return isInMember ? Self.notWhole("cut", packed) : nil
  }

  private static func notWhole(_ word: String, _ place: Int) -> String {
    "the packed file is \(word) at byte \(place): what stands before was read"
  }

  /// Says how far it is; whether anybody still wants more.
  private func told(_ unpacked: Int, _ packed: Int) -> Bool {
    let isWanted = state.withLock { state in
      (state.unpacked, state.packed) = (unpacked, packed)
      return state.isWanted
    }
    progress.signal()
    return isWanted
  }
}
