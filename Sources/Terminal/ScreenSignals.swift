// The signals that concern the screen: suspend, continue, changed size.

import CNcurses
import Glibc
import Synchronization

/// Remembers what has come until the main thread takes it, and wakes it.
final class ScreenSignals: Sendable {
  struct Pending: OptionSet {
    let rawValue: UInt8
    static let suspend = Pending(rawValue: 1)
    static let resume = Pending(rawValue: 2)
    static let resize = Pending(rawValue: 4)
  }

  private final class Flags: Sendable {
    let bits = Atomic<UInt8>(0)
  }

  private let flags: Flags
  private let sources: SignalSources

  init(waker: Waker) {
    let flags = Flags()
    self.flags = flags
    sources = SignalSources([SIGTSTP, SIGCONT, SIGWINCH], label: "maxnorm.screen-signals") {
      let flag: Pending =
        switch $0 {
        case SIGTSTP: .suspend
        case SIGCONT: .resume
        default: .resize
        }
      flags.bits.bitwiseOr(flag.rawValue, ordering: .acquiringAndReleasing)
      waker.wake()
    }
  }

  /// What has come since the last call.
  func take() -> Pending {
    Pending(rawValue: flags.bits.exchange(0, ordering: .acquiringAndReleasing))
  }

  /// Stops the process as ctrl-z would have, and returns when it continues.
  ///
  /// SIGTSTP and not SIGSTOP: where no shell could continue the process the system ignores it.
  func stopProcess() {
    signal_set_default(SIGTSTP)
    setMask(SIG_UNBLOCK, SIGTSTP)
    raise(SIGTSTP)
    setMask(SIG_BLOCK, SIGTSTP)
    signal_set_inert(SIGTSTP)
  }

  func cancel() {
    sources.cancel()
  }
}
