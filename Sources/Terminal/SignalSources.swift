// Signals as ordinary events on a queue, whichever thread they are sent to.

import CNcurses
import Dispatch
import Glibc
import Synchronization

/// Watches some signals until it is cancelled.
///
/// The signals are blocked in the calling thread, and so in all threads it starts later, and read
/// by Dispatch; nothing runs in a signal handler. To be made on the main thread before others run.
final class SignalSources: Sendable {
  private let sources = Mutex<[any DispatchSourceSignal]>([])
  let signals: [Int32]

  /// Calls the handler on a private queue.
  ///
  /// Signals that were ignored at the start (by nohup, or by a shell that starts a job in the
  /// background) stay ignored.
  init(_ signals: [Int32], label: String, handler: @escaping @Sendable (Int32) -> Void) {
    self.signals = signals.filter { !signal_is_ignored($0) }
    let queue = DispatchQueue(label: label, qos: .userInteractive)
    // All of them before the first source: the threads that it starts must block them from their
    // first moment, or one of them could receive a signal that then goes unnoticed.
    for signal in self.signals { setMask(SIG_BLOCK, signal) }
    for signal in self.signals {
      signal_set_inert(signal)
      sources.withLock { sources in
        let source = DispatchSource.makeSignalSource(signal: signal, queue: queue)
        source.setEventHandler { handler(signal) }
        source.activate()
        sources.append(source)
      }
    }
  }

  /// Gives the signals their default meaning back, or another one.
  func cancel(leaving setMeaning: (Int32) -> Void = signal_set_default) {
    sources.withLock { sources in
      for source in sources { source.cancel() }
      sources.removeAll()
    }
    for signal in signals {
      setMeaning(signal)
      setMask(SIG_UNBLOCK, signal)
    }
  }
}

/// Blocks or unblocks one signal in the calling thread.
func setMask(_ operation: Int32, _ signal: Int32) {
  var set = sigset_t()
  sigemptyset(&set)
  sigaddset(&set, signal)
  pthread_sigmask(operation, &set, nil)
}
