// Where the training queue and the rest of the program meet: orders in, records out.
import Dispatch
import RunRecords
import Synchronization

/// How a run ended.
package enum RunOutcome: Sendable {
  case ended(EndRecord.Reason)
  /// It could not start or go on.
  case failed(any Error)
}

/// What the training queue is told.
enum Order: Sendable {
  case command(Command)
  /// A signal ends the run.
  case interrupt
}

/// The mailbox of a run: no lock is held while computing or drawing.
final class RunExchange: Sendable {
  private struct State {
    var orders: ArraySlice<Order> = []
    var news: [Record] = []
    var outcome: RunOutcome?
    var troubles: (count: Int, last: (any Error)?) = (0, nil)
    var unappliedEvents = 0
    var notes: [String] = []
  }

  private let state = Mutex(State())
  private let hasOrders = Atomic<Bool>(false)
  private let newsIsWanted = Atomic<Bool>(false)
  private let orderSignal = DispatchSemaphore(value: 0)
  private let onNews: @Sendable () -> Void

  /// Past this many waiting records the older evaluations are thinned: a screen that is not read
  /// must not fill the memory.
  private static let mostNews = 4096

  /// Calls `onNews` from the training queue when there is something new to show.
  init(onNews: @escaping @Sendable () -> Void) { self.onNews = onNews }

  // MARK: The side of the screen

  func send(_ order: Order) {
    state.withLock { state in
      state.orders.append(order)
      hasOrders.store(true, ordering: .releasing)
    }
    orderSignal.signal()
  }

  /// Asks for what the next step brings; `onNews` tells when it is there.
  func requestNews() { newsIsWanted.store(true, ordering: .releasing) }

  /// The records since the last call.
  func takeNews() -> [Record] {
    state.withLock { state in
      defer { state.news.removeAll(keepingCapacity: true) }
      return state.news
    }
  }

  /// The notes since the last call.
  func takeNotes() -> [String] {
    state.withLock { state in
      defer { state.notes = [] }
      return state.notes
    }
  }

  var outcome: RunOutcome? { state.withLock { $0.outcome } }
  var troubles: (count: Int, last: (any Error)?) { state.withLock { $0.troubles } }
  var unappliedEvents: Int { state.withLock { $0.unappliedEvents } }

  // MARK: The side of the training queue

  /// The oldest order that came in; nil at the cost of one atomic load where there is none.
  ///
  /// One at a time: what an order leaves behind, such as a new segment, takes the next.
  func takeOrder() -> Order? {
    guard hasOrders.load(ordering: .acquiring) else { return nil }
    return state.withLock { state in
      let order = state.orders.popFirst()
      hasOrders.store(!state.orders.isEmpty, ordering: .releasing)
      return order
    }
  }

  /// Waits for an order, at most so many seconds; nil: as long as it takes.
  func waitForOrder(seconds: Double?) {
    guard !hasOrders.load(ordering: .acquiring) else { return }
    if let seconds {
      _ = orderSignal.wait(timeout: .now() + seconds)
    } else {
      orderSignal.wait()
    }
  }

  /// True where the screen has asked for what the next step brings.
  var isNewsWanted: Bool { newsIsWanted.load(ordering: .acquiring) }

  /// Puts records before the screen, without ever waiting for it.
  ///
  /// The screen is woken where it has asked for news, or where they are urgent: what a key has done
  /// shows in the next frame.
  func publish(_ records: [Record], isUrgent: Bool) {
    state.withLock { state in
      state.news += records
      if state.news.count > Self.mostNews { Self.thin(&state.news) }
    }
    if newsIsWanted.exchange(false, ordering: .acquiringAndReleasing) || isUrgent { onNews() }
  }

  func finish(_ outcome: RunOutcome, unappliedEvents: Int) {
    state.withLock { state in
      state.outcome = outcome
      state.unappliedEvents = unappliedEvents
    }
    onNews()
  }

  /// Tells what a user should know of how a segment's data and experiment were read.
  func note(_ notes: [String]) {
    guard !notes.isEmpty else { return }
    state.withLock { $0.notes += notes }
  }

  func report(_ failure: any Error) {
    state.withLock { $0.troubles = ($0.troubles.count + 1, failure) }
    onNews()
  }

  /// Drops every second evaluation, all norms but the latest, and all samples but the latest of each
  /// kind and title.
  private static func thin(_ news: inout [Record]) {
    let lastNorms = news.lastIndex { if case .norms = $0 { true } else { false } }
    var lastSamples: [SampleKey: Int] = [:]
    for (index, record) in news.enumerated() {
      if case .sample(let sample) = record { lastSamples[SampleKey(sample)] = index }
    }
    var keepsNext = false
    var keepsNextOfTwin = false
    news = news.enumerated().filter { index, record in
      switch record {
      case .evaluation:
        keepsNext.toggle()
        return keepsNext
      case .twin(.evaluation):
        keepsNextOfTwin.toggle()
        return keepsNextOfTwin
      case .norms: return index == lastNorms
      case .sample(let sample): return index == lastSamples[SampleKey(sample)]
      default: return true
      }
    }.map(\.element)
  }

  /// What a later sample takes the place of an earlier one by: titles are told apart by kind.
  private struct SampleKey: Hashable {
    let kind: SampleRecord.Content.Kind
    let title: String

    init(_ sample: SampleRecord) {
      kind = sample.content.kind
      title = sample.title
    }
  }
}
