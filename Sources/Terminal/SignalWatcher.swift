// The signals that ask the program to end: a flag, a call, and an emergency exit.

import CNcurses
import Glibc
import Synchronization

/// A signal that ends a run in good order.
package enum StopSignal: Int32, Sendable, CaseIterable {
  case hangUp = 1
  case interrupt = 2
  /// ctrl-backslash.
  case quit = 3
  case terminate = 15

  /// What the program exits with after this signal: 129, 130, 131 or 143.
  package var exitStatus: Int32 { 128 + rawValue }
}

/// Remembers which stop signal came first; with a screen or headless.
///
/// The first asks for an orderly end. A further SIGINT or SIGQUIT, two seconds later or more, means
/// that this takes too long: the terminal is restored and the process ends at once, even if the
/// main thread hangs. Sooner it means no more than the first: many press ctrl-c twice.
package final class SignalWatcher: Sendable {
  private let sources: SignalSources
  private let state: State

  private final class State: Sendable {
    let first = Atomic<Int32>(0)
    let since = Mutex<ContinuousClock.Instant?>(nil)
  }

  private static let patience = Duration.seconds(2)

  /// Starts to watch; to be called on the main thread before other threads run.
  ///
  /// `onStop` is called once, on a private queue: wake the main thread, or tell the trainer.
  package init(onStop: @escaping @Sendable (StopSignal) -> Void) {
    let state = State()
    self.state = state
    let mainThread = pthread_self()
    sources = SignalSources(
      StopSignal.allCases.map(\.rawValue), label: "maxnorm.signals"
    ) { number in
      guard let signal = StopSignal(rawValue: number) else { return }
      let (isFirst, _) = state.first.compareExchange(
        expected: 0, desired: number, ordering: .sequentiallyConsistent)
      if isFirst {
        state.since.withLock { $0 = .now }
        onStop(signal)
        StalledTerminal.watch(whileWaiting: mainThread)
      } else if let since = state.since.withLock({ $0 }), .now - since >= Self.patience {
        switch signal {
        case .interrupt, .quit:
          restoration_perform()
          _exit(signal.exitStatus)
        case .hangUp, .terminate: break
        }
      }
    }
  }

  /// The first stop signal that came, if any.
  package var received: StopSignal? {
    StopSignal(rawValue: state.first.load(ordering: .sequentiallyConsistent))
  }

  /// Stops watching: a signal that comes now, while a summary is written, ends the program at once with
  /// its documented status.
  package func cancel() {
    sources.cancel(leaving: signal_set_exit)
  }
}
