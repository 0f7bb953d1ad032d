// Waking the main thread out of its wait, from any thread.

import Basics
import Glibc
import Synchronization

/// Ends the wait of a thread that polls its descriptor; cheap to call, however often.
package final class Waker: Sendable {
  private let readEnd: Int32
  private let writeEnd: Int32
  private let isPending = Atomic<Bool>(false)

  package init() throws(ProgramError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .system(call: "pipe", error: errno) }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  /// Ends the current wait, or the next one when nobody is waiting.
  ///
  /// Until that has happened, further calls cost one atomic exchange and no system call.
  package func wake() {
    guard !isPending.exchange(true, ordering: .acquiringAndReleasing) else { return }
    var byte: UInt8 = 0
    _ = write(writeEnd, &byte, 1)
  }

  /// What to poll for reading.
  package var descriptor: Int32 { readEnd }

  /// Takes the wake-ups that have come; to be called before looking at what they announce.
  package func reset() {
    var bytes: (UInt64, UInt64) = (0, 0)
    while read(readEnd, &bytes, 16) > 0 {}
    // An exchange, since it sees what came before the last `wake` that found it pending: a store would
    // promise that on no processor.
    _ = isPending.exchange(false, ordering: .acquiringAndReleasing)
  }
}
