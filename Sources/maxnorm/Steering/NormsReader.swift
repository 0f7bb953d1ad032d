// The norms that a run writes beside its log while it is watched.
import Foundation
import RunRecords

/// Reads the file again whenever another one has its name.
struct NormsReader {
  private let path: String
  private var seen: (inode: UInt64, seconds: Int, nanoseconds: Int)?
  private var lookTime = 0.0

  private static let interval = 0.1
  /// A million norms are a tenth of that.
  private static let mostBytes = 1 << 27

  init(log: String) { path = log + ".norms" }

  /// The latest norms; nil if they are those of the last call, or none are there.
  mutating func next(at time: Double) -> Record? {
    guard time >= lookTime else { return nil }
    lookTime = time + Self.interval
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_uid == geteuid(), Int(status.st_size) <= Self.mostBytes
    else { return nil }
    let version = (
      UInt64(status.st_ino), Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec)
    )
    if let seen, seen == version { return nil }
    seen = version
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
    guard let data = try? handle.readToEnd(),
      let record = try? RecordLineReader(.lenient).record(on: data), case .norms = record
    else { return nil }
    return record
  }
}
