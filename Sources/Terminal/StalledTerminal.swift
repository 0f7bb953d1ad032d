// Ends waiting for a terminal that takes nothing more, so that a run can still end in good order.

import CNcurses
import Dispatch
import Glibc

/// A terminal whose other side no longer reads, such as a connection that has died, blocks any
/// writer: the main thread would never learn that it has been asked to end.
enum StalledTerminal {
  /// Longer than any terminal that lives takes for a frame.
  private static let patience = Duration.seconds(2)

  /// From now on gives the terminal up where it takes nothing for two seconds.
  ///
  /// To be called when the program is asked to end, from any thread; ends when the screen has been left.
  static func watch(whileWaiting thread: pthread_t) {
    DispatchQueue.global(qos: .userInitiated).async {
      var stalledSince: ContinuousClock.Instant?
      while restoration_is_armed() {
        if !restoration_is_stalled() {
          stalledSince = nil
        } else if let since = stalledSince {
          guard .now - since < patience else { return restoration_abandon(thread) }
        } else {
          stalledSince = .now
        }
        usleep(100_000)
      }
    }
  }
}
