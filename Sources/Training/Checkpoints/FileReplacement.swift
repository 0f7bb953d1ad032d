// A file that is written beside the old one and takes its place when it is whole and on the disk.
import Basics
import Foundation

/// Collects a file's new content under a temporary name in the same folder.
///
/// Unless `commit` succeeds, the old file stays as it was and the temporary one is removed.
package struct FileReplacement: ~Copyable {
  /// What was expected, what was found, and what to try.
  package struct Failure: Error, Equatable {
    package var problem: String
    package var hint: String
  }

  private let target: String
  private let folder: String
  private let temporary: String
  private let descriptor: Int32
  private var isInPlace = false

  /// Creates the temporary file.
  ///
  /// A link keeps pointing to the file, which is the one replaced. Anything else than a file is
  /// left alone: a rename would put a file in the place of `/dev/null`.
  package init(of path: String) throws(Failure) {
    var status = stat()
    let exists = stat(path, &status) == 0
    let isFile = status.st_mode & S_IFMT == S_IFREG
    if exists, let resolved = realpath(path, nil) {
      target = String(cString: resolved)
      free(resolved)
    } else {
      target = path
    }
    folder = Self.folder(of: target)
    // A short name, because the file's own may be as long as the system allows.
    let prefix = Self.temporaryPrefix(of: target)
    guard !exists || isFile, !path.isEmpty, !path.hasSuffix("/") else {
      (temporary, descriptor) = ("", -1)
      let found = path.isEmpty ? "none" : "a folder, pipe or device"
      throw Failure(
        problem: "expected a file or a new name, found \(found)", hint: "give the name of a file")
    }
    (temporary, descriptor) = Self.create(in: folder, prefix: prefix)
    guard descriptor >= 0 else { throw Self.failure("expected to write", errno) }
    Self.sweep(folder, prefix: prefix, except: temporary)
    // Who may read the old file may read the new one.
    if exists { _ = fchmod(descriptor, status.st_mode & 0o777) }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    if !isInPlace { unlink(temporary) }
  }

  /// Adds the bytes of an array to the new content.
  package mutating func append<Value: BitwiseCopyable>(_ values: [Value]) throws(Failure) {
    let code = values.withUnsafeBytes { bytes -> Int32 in
      var written = 0
      while written < bytes.count {
        let count = write(
          descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
        if count >= 0 {
          written += count
        } else if errno != EINTR {
          return errno
        }
      }
      return 0
    }
    guard code == 0 else { throw Self.failure("expected to write", code) }
  }

  /// Puts the new file in the place of the old one, safe from a loss of power.
  package consuming func commit() throws(Failure) {
    while fsync(descriptor) < 0 {
      guard errno == EINTR else { throw Self.failure("expected to write to the disk", errno) }
    }
    guard rename(temporary, target) == 0 else { throw Self.failure("expected to rename", errno) }
    isInPlace = true
    // The name is safe once its folder is on the disk; not every file system can do that, and the
    // file is in place all the same.
    let folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    _ = fsync(folder)
    close(folder)
  }

  /// A name that no file has: `NAME.ENDING`, or with a number between.
  package static func unusedName(_ name: String, ending: String) -> String {
    var path = "\(name).\(ending)"
    var number = 2
    while access(path, F_OK) == 0 {
      path = "\(name).\(number).\(ending)"
      number += 1
    }
    return path
  }

  /// Makes a temporary file and locks it: as long as it is open no clean-up removes it.
  ///
  /// A negative descriptor if it cannot be made; `errno` says why.
  private static func create(in folder: String, prefix: String) -> (path: String, descriptor: Int32)
  {
    while true {
      let path = "\(folder)/\(prefix)\(String(UInt64.random(in: 0 ... .max), radix: 36))"
      let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else {
        if errno == EEXIST { continue }
        return (path, descriptor)
      }
      // Somebody who sweeps may have found it before it was locked, and holds it for a moment.
      while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
      var status = stat()
      if fstat(descriptor, &status) != 0 || status.st_nlink > 0 { return (path, descriptor) }
      close(descriptor)
    }
  }

  private static func temporaryPrefix(of target: String) -> String {
    var sum = Checksum()
    sum.add(target)
    return ".maxnorm-\(String(sum.value, radix: 36))-"
  }

  /// Removes what programs that were killed have left half-written of the same file.
  private static func sweep(_ folder: String, prefix: String, except own: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where name.hasPrefix(prefix) && "\(folder)/\(name)" != own {
      let path = "\(folder)/\(name)"
      let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
      guard descriptor >= 0 else { continue }
      // Whoever is still writing it holds its lock.
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
      close(descriptor)
    }
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func failure(_ expected: String, _ code: Int32) -> Failure {
    Failure(
      problem: "\(expected), found: \(systemMessage(code))",
      hint: code == ENOSPC || code == EDQUOT ? "free some space" : "check the path and its folder")
  }
}
