// Keeps two programs from writing one file that is replaced again and again.
import Foundation
import Synchronization

/// Held as long as a run may write a file.
///
/// The file itself cannot be locked, since each version of it is another file: the lock lies beside it,
/// under a short hidden name. The system lets go of it when its program ends, however that happens; what
/// a killed program leaves behind is an empty file that the next one takes over and removes.
package final class FileLock: Sendable {
  /// Another program holds it.
  package struct Taken: Error, Equatable {
    package var problem: String { "expected a file that nobody writes to, found another run at it" }
    package var hint: String { "wait for its end or choose another name" }
  }

  private let path: String
  /// Negative where it was let go, or the file system has no locks.
  private let descriptor: Mutex<Int32>

  /// Takes the lock of a file, which need not be there yet.
  package init(of file: String) throws(Taken) {
    let place = Self.place(of: file)
    var sum = Checksum()
    sum.add(place.name)
    path = "\(place.folder)/.maxnorm-\(String(sum.value, radix: 36)).lock"
    descriptor = Mutex(try Self.take(path))
  }

  deinit { release() }

  /// Lets go of it and removes what stood for it.
  package func release() {
    descriptor.withLock { descriptor in
      guard descriptor >= 0 else { return }
      // While it is locked: others that have it open find out that it is no longer there.
      unlink(path)
      close(descriptor)
      descriptor = -1
    }
  }

  private static func take(_ path: String) throws(Taken) -> Int32 {
    while true {
      // For reading, because another user's may not be written.
      let descriptor = open(path, O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
      guard descriptor >= 0 else { return -1 }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let code = errno
        close(descriptor)
        if code == EWOULDBLOCK { throw Taken() }
        if code == EINTR { continue }
        return -1
      }
      // The one before may have removed it between the two calls.
      var (held, named) = (stat(), stat())
      if fstat(descriptor, &held) == 0, stat(path, &named) == 0, held.st_ino == named.st_ino,
        held.st_dev == named.st_dev
      {
        return descriptor
      }
      close(descriptor)
    }
  }

  /// The folder and the name that a file really has, however it is written.
  private static func place(of file: String) -> (folder: String, name: String) {
    let url = URL(fileURLWithPath: file)
    if let resolved = resolved(url.path) {
      let url = URL(fileURLWithPath: resolved)
      return (url.deletingLastPathComponent().path, url.lastPathComponent)
    }
    let folder = url.deletingLastPathComponent().path
    return (resolved(folder) ?? folder, url.lastPathComponent)
  }

  private static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
