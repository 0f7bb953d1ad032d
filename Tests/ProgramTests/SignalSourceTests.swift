// Signals as events: none is lost, whichever thread receives it.
import Foundation
import Testing

@testable import Terminal

@Suite struct SignalSourceTests {
  /// As one does that Dispatch has just made, before it blocks signals.
  @Test func `a signal that comes to a thread which does not block it is heard all the same`() {
    let heard = DispatchSemaphore(value: 0)
    let sources = SignalSources([SIGUSR2], label: "test") { _ in heard.signal() }
    let thread = Thread {
      setMask(SIG_UNBLOCK, SIGUSR2)
      raise(SIGUSR2)
    }
    thread.start()
    #expect(heard.wait(timeout: .now() + 120) == .success)
    sources.cancel()
  }
}
