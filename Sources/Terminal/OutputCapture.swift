// Keeping what is printed while the screen is up from reaching it.

import Basics
import CNcurses
import Glibc

/// Standard output and error, redirected into a file in memory until they are restored.
struct OutputCapture {
  /// Where descriptors 1 and 2 pointed before.
  let standardOutput: Int32
  let standardError: Int32
  let file: Int32

  /// Once the file has grown past the limit, only its last part is kept.
  private static let limit = 256 * 1024
  private static let kept = 64 * 1024
  /// What a person gets to read of it in the end.
  private static let printed = 4 * 1024

  init() throws(ProgramError) {
    fflush(nil)
    file = restoration_capture_file()
    standardOutput = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10)
    standardError = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 10)
    guard file >= 0, standardOutput >= 0, standardError >= 0 else {
      let error = errno
      closeAll()
      throw .system(call: "redirecting the output", error: error)
    }
    dup2(file, STDOUT_FILENO)
    // An error stream that goes to a file anyway need not be kept by us.
    if isatty(STDERR_FILENO) == 1 { dup2(file, STDERR_FILENO) }
  }

  /// Keeps the file bounded; called from time to time.
  func trim() {
    guard size > Self.limit else { return }
    let tail = tail(Self.kept)
    ftruncate(file, 0)
    write(tail, to: file)
  }

  /// Gives the two descriptors back and prints the end of what was kept on the standard error.
  func end() {
    fflush(nil)
    dup2(standardOutput, STDOUT_FILENO)
    dup2(standardError, STDERR_FILENO)
    write(tail(Self.printed), to: STDERR_FILENO)
    closeAll()
  }

  private var size: Int {
    var status = stat()
    return fstat(file, &status) == 0 ? Int(status.st_size) : 0
  }

  /// The last bytes, from the start of a line.
  private func tail(_ limit: Int) -> [UInt8] {
    let size = size
    let count = min(size, limit)
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { bytes, filled in
      filled = max(0, pread(file, bytes.baseAddress, count, size - count))
    }
    guard count < size, let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return bytes }
    return Array(bytes[(end + 1)...])
  }

  private func write(_ bytes: [UInt8], to descriptor: Int32) {
    bytes.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
        let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { return }
        done += written
      }
    }
  }

  private func closeAll() {
    for descriptor in [file, standardOutput, standardError] where descriptor >= 0 {
      close(descriptor)
    }
  }
}
