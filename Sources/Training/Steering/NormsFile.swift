// The latest norms of a run beside its log, for who watches it: one line, replaced again and again.
import Dispatch
import Foundation
import RunRecords
import Synchronization

/// Writes a record to a file in place of the one before, on a private queue.
final class NormsFile: Sendable {
  private let path: String
  private let queue = DispatchQueue(label: "norms", qos: .utility)
  private let busy = Atomic<Bool>(false)
  /// A file is there that this one has written.
  private let isThere = Atomic<Bool>(false)

  init(besideLog log: String) { path = log + ".norms" }

  /// The record before is still being written.
  var isBusy: Bool { busy.load(ordering: .acquiring) }

  /// Writes a record soon; nothing where the one before is still being written, or where something
  /// else has the name.
  func write(_ record: Record) {
    guard !busy.exchange(true, ordering: .acquiringAndReleasing) else { return }
    queue.async { [self] in
      replace(with: record.line)
      busy.store(false, ordering: .releasing)
    }
  }

  private func replace(with bytes: [UInt8]) {
    var status = stat()
    let isTaken =
      lstat(path, &status) == 0
      && (status.st_mode & S_IFMT != S_IFREG || status.st_uid != geteuid())
    guard !isTaken else { return }
    let temporary = path + ".new"
    unlink(temporary)
    let descriptor = open(
      temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return }
    let isWritten = (try? writeAll(bytes, to: descriptor, path: temporary)) != nil
    close(descriptor)
    if isWritten, rename(temporary, path) == 0 {
      isThere.store(true, ordering: .releasing)
    } else {
      unlink(temporary)
    }
  }

  /// Waits for what is being written.
  func finish() { queue.sync {} }

  /// Takes the file away; what is being written is waited for.
  func remove() {
    queue.sync {
      if isThere.exchange(false, ordering: .acquiringAndReleasing) { unlink(path) }
    }
  }
}
