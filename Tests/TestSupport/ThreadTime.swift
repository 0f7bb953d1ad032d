// How long a thread has computed, whatever else the machine does.
import Glibc

/// The processor's time that `body` takes on this thread: what waits for a busy machine costs none.
package func threadTime(_ body: () throws -> Void) rethrows -> Duration {
  func now() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
  let start = now()
  try body()
  return now() - start
}
