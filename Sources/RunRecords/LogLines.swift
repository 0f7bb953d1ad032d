// The whole lines of a log: of a file, of one that is still written, of a pipe.
import Basics
import Foundation

/// Bytes that are open for reading, line by line; holds a line or two in memory.
struct LogLines: ~Copyable {
  let path: String
  let growth: LogGrowth
  /// Negative while the file is not there.
  private var descriptor: Int32
  private var buffer: [UInt8] = []
  /// Where the next line starts in the buffer, and up to where no line end stands.
  private var start = 0
  private var searched = 0
  /// Where the next line starts in the log.
  private(set) var position = LogPosition()
  /// Whether nothing will ever come any more.
  private(set) var isAtEnd = false
  /// How often a file that is followed was another one, or shorter than before.
  private(set) var restarts = 0
  /// The first bytes of the file and the last that were read, by which another one is known.
  private var head = KnownBytes()
  private var tail = KnownBytes()
  /// Bytes of the file that are still to be read.
  private var bytesLeft: Int
  private let mostBytes: Int
  /// The line that a pipe's log stands behind; nil once it has come.
  private var marker: [UInt8]?
  /// What still fills the file; nil if its end is its end.
  private let unpacking: Unpacking?
  /// What comes next is the rest of a line that began before.
  private var isInLine = false

  /// A record of a million norms is a tenth of that: a file with longer lines is not a log.
  private static let longestLine = 1 << 28
  private static let piece = 1 << 18

  /// - Throws: `ProgramError` if there is no such file, unless it is followed and yet to come.
  init(at path: String, upTo bytes: Int, growth: LogGrowth) throws(ProgramError) {
    self.path = path
    self.growth = growth
    unpacking = nil
    (mostBytes, bytesLeft) = (bytes, bytes)
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if growth == .appended, errno == ENOENT { return }
      throw .cannotOpen(path: path, reason: systemMessage())
    }
    // A device such as /dev/zero has no end, and a terminal none that its user knows of.
    var status = stat()
    guard fstat(descriptor, &status) == 0,
      ![S_IFCHR, S_IFBLK].contains(status.st_mode & S_IFMT)
    else { throw .bad(path: path, line: 1, problem: "expected a log, found a device") }
  }

  /// What a log was made into that is packed or of another format.
  init(_ log: TranslatedLog, named name: String) {
    path = name
    growth = .none
    (mostBytes, bytesLeft) = (.max, .max)
    (descriptor, unpacking) = (log.descriptor, log.unpacking)
  }

  /// What another program writes into a pipe, which is closed at the end: a log from a place on, behind
  /// a line that is the marker where one is awaited.
  init(pipe: Int32, named name: String, from start: LogStart, behind marker: [UInt8]? = nil) {
    path = name
    growth = .piped
    (mostBytes, bytesLeft) = (.max, .max)
    descriptor = pipe
    unpacking = nil
    self.marker = marker
    switch start {
    case .beginning: break
    case .line(let place): position = place
    case .middle(let offset):
      position = LogPosition(offset: offset, line: Self.unknownLine)
      isInLine = true
    }
  }

  /// Where reading is to go on that ends here.
  var place: LogStart {
    isInLine ? .middle(offset: position.offset) : position.offset > 0 ? .line(position) : .beginning
  }

  /// Waits for more, but no longer than so.
  func wait(milliseconds: Int32) {
    // A file is always readable, also at its end.
    guard growth == .piped else {
      usleep(UInt32(milliseconds) * 1000)
      return
    }
    var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    poll(&ready, 1, milliseconds)
  }

  deinit {
    unpacking?.cancel()
    if descriptor >= 0 { close(descriptor) }
  }

  /// Why the log is not whole, in a sentence without a full stop; nil if nothing says that it is not.
  var damage: String? { unpacking?.damage }

  /// What to poll for reading.
  var waitDescriptor: Int32 { descriptor }

  /// The size of the file, about that while it is still unpacked; nil if it has none, as a pipe.
  var size: Int? {
    if let unpacking { return unpacking.size }
    var status = stat()
    guard growth != .piped, descriptor >= 0, fstat(descriptor, &status) == 0 else { return nil }
    return min(Int(status.st_size), mostBytes)
  }

  /// The bytes of the next whole line; nil if there is none, now or ever.
  mutating func next() throws(ProgramError) -> ArraySlice<UInt8>? {
    while true {
      if let end = lineEnd() {
        let line = buffer[start..<end]
        if let awaited = marker {
          if line.elementsEqual(awaited) { marker = nil }
          (start, searched) = (end + 1, end + 1)
          continue
        }
        position.offset += end + 1 - start
        position.line += 1
        (start, searched) = (end + 1, end + 1)
        if isInLine {
          isInLine = false
          position.line = Self.unknownLine
          continue
        }
        return line
      }
      guard !isAtEnd else { return nil }
      guard buffer.count - start < Self.longestLine else {
        throw .bad(
          path: path, line: position.line + 1,
          problem: "expected a line end, found none in 256 MB")
      }
      guard try fill() else { return nil }
    }
  }

  /// What stands behind the last line end, once all lines are read.
  var unterminated: ArraySlice<UInt8> { isAtEnd ? buffer[start...] : [] }

  /// Goes to a place that was the position once.
  mutating func seek(to place: LogPosition) {
    guard lseek(descriptor, off_t(place.offset), SEEK_SET) >= 0 else { return }
    forgetBuffer()
    position = place
    bytesLeft = mostBytes - place.offset
    isAtEnd = false
  }

  /// Goes to the first line that begins at most `bytes` before the end; to the last one if that is
  /// longer.
  ///
  /// How many lines stand before it is unknown from there on.
  mutating func seek(backFromEnd bytes: Int) {
    // What keeps it from being unpacked is thrown where it is read.
    try? unpacking?.waitForEnd()
    guard let size else { return }
    var start = max(0, size - bytes)
    while start > 0 {
      // The line end before the line.
      let from = start - 1
      var chunk = [UInt8](repeating: 0, count: min(size - from, Self.piece))
      let count = pread(descriptor, &chunk, chunk.count, off_t(from))
      if count > 0, let end = chunk[..<count].firstIndex(of: UInt8(ascii: "\n")) {
        start = from + end + 1
        break
      }
      start = max(0, start - Self.piece)
    }
    seek(to: LogPosition(offset: start, line: start > 0 ? Self.unknownLine : 0))
  }

  private static let unknownLine = 1 << 40

  private mutating func forgetBuffer() {
    buffer.removeAll(keepingCapacity: true)
    (start, searched) = (0, 0)
  }

  private mutating func lineEnd() -> Int? {
    let from = searched
    let end = buffer.withUnsafeBytes { bytes -> Int? in
      guard from < bytes.count, let base = bytes.baseAddress else { return nil }
      guard let found = memchr(base + from, 0x0a, bytes.count - from) else { return nil }
      return UnsafeRawPointer(found) - base
    }
    searched = end ?? buffer.count
    return end
  }

  /// Reads a piece; false if there is nothing to read now.
  private mutating func fill() throws(ProgramError) -> Bool {
    guard try isReadable() else { return false }
    buffer.removeFirst(start)
    searched -= start
    start = 0
    let size = min(Self.piece, bytesLeft)
    var chunk = [UInt8](repeating: 0, count: size)
    let count = read(descriptor, &chunk, size)
    if count < 0 {
      guard errno != EINTR, errno != EAGAIN else { return errno == EINTR }
      throw .cannotOpen(path: path, reason: systemMessage())
    }
    guard count > 0 else {
      // Only the end so far.
      if let unpacking, try unpacking.wait(beyond: bytesRead) { return true }
      isAtEnd = growth != .appended
      return false
    }
    let end = bytesRead + count
    if bytesRead == 0 { head = KnownBytes(bytes: Array(chunk[..<min(count, 256)]), offset: 0) }
    tail = KnownBytes(bytes: Array(chunk[..<count].suffix(256)), offset: end - min(count, 256))
    bytesLeft -= count
    let isAtStart = position.line == 0 && buffer.isEmpty
    let zeros = isAtStart ? chunk[..<count].prefix { $0 == 0 }.count : 0
    // Who writes on at the old place in a file that was cut short leaves zeros before it.
    position.offset += zeros
    buffer += chunk[zeros..<count]
    return true
  }

  /// Whether reading neither waits nor reads what belongs to another file than what was read before.
  private mutating func isReadable() throws(ProgramError) -> Bool {
    switch growth {
    case .none: return true
    case .piped:
      var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      return poll(&ready, 1, 0) > 0
    case .appended: return try lookAgain()
    }
  }

  /// Looks whether a file that is followed is there, and still the one it was; starts again if not.
  private mutating func lookAgain() throws(ProgramError) -> Bool {
    var (named, held) = (stat(), stat())
    let isNamed = stat(path, &named) == 0
    guard descriptor < 0 || fstat(descriptor, &held) == 0 else { return true }
    if isNamed, descriptor < 0 || named.st_ino != held.st_ino || named.st_dev != held.st_dev {
      // What was written to the one before is read to its end first.
      guard descriptor < 0 || Int(held.st_size) <= bytesRead else { return true }
      let other = open(path, O_RDONLY | O_CLOEXEC)
      guard other >= 0 else {
        if errno == ENOENT { return false }
        throw .cannotOpen(path: path, reason: systemMessage())
      }
      if descriptor >= 0 {
        close(descriptor)
        restarts += 1
      }
      descriptor = other
      startAgain()
    } else if descriptor >= 0,
      Int(held.st_size) < bytesRead || !head.isUnchanged(in: descriptor)
        || !tail.isUnchanged(in: descriptor)
    {
      // Cut short; or cut short and longer again, which begins like before if it is the same run's.
      restarts += 1
      startAgain()
    }
    return descriptor >= 0
  }

  private var bytesRead: Int { position.offset + buffer.count - start }

  private mutating func startAgain() {
    seek(to: LogPosition())
    (head, tail) = (KnownBytes(), KnownBytes())
  }
}
