// Where the training queue and the rest of the program meet: orders in, records out.
import Dispatch
import RunRecords
import Synchronization

/// The mailbox of a run: no lock is held while computing or drawing.
final class RunMailbox: Sendable {
  private struct State {
    var orders: ArraySlice<Order> = []
    var news = WaitingRecords()
    /// What the log is still to report of lines that were not carried out.
    var refusals: [RefusedRecord] = []
    /// Every unit's norm, for a viewer of another process.
    var unitNorms: Record?
    var outcome: RunOutcome?
    var troubles: (count: Int, last: (any Error)?) = (0, nil)
    var unappliedEvents = 0
    var notes: [String] = []
    var stage = Stage.waiting
    /// What the run is to end with, and since when.
    var end: (reason: EndRecord.Reason, since: ContinuousClock.Instant)?
    var writing: String?
  }

  /// Where the training queue is.
  private enum Stage {
    /// It has not started.
    case waiting
    /// It loads data and builds a network, writes nothing and takes no orders.
    case preparing
    case training
    /// It has ended, or was left alone in its preparations.
    case over
  }

  private let state = Mutex(State())
  private let hasOrders = Atomic<Bool>(false)
  private let isToEnd = Atomic<Bool>(false)
  private let newsIsWanted = Atomic<Bool>(false)
  private let hasRefusals = Atomic<Bool>(false)
  private let unitNormsAreWanted = Atomic<Bool>(false)
  private let orderSignal = DispatchSemaphore(value: 0)
  private let onNews: @Sendable () -> Void

  /// How long a measurement may take once the user wants to leave.
  private static let patience = Duration.milliseconds(500)

  /// Calls `onNews` from the training queue when there is something new to show.
  init(onNews: @escaping @Sendable () -> Void) { self.onNews = onNews }

  // MARK: The side of the screen

  /// Sends an order; true if it ends the run at once, because that has still to be prepared: nobody
  /// waits for that.
  func send(_ order: Order) -> Bool {
    let isOver = state.withLock { state in
      state.orders.append(order)
      hasOrders.store(true, ordering: .releasing)
      guard let reason = order.end, state.stage != .waiting else { return false }
      // A signal has no patience, and counts for more than a key.
      if state.end == nil || reason == .interrupted { state.end = (reason, .now) }
      isToEnd.store(true, ordering: .releasing)
      guard state.stage == .preparing else { return false }
      state.stage = .over
      state.outcome = .ended(reason)
      return true
    }
    orderSignal.signal()
    if isOver { onNews() }
    return isOver
  }

  /// Asks for the results of the next step; `onNews` is called when they are there.
  func requestNews() { newsIsWanted.store(true, ordering: .releasing) }

  /// The records since the last call.
  func takeNews() -> [Record] {
    state.withLock { $0.news.take() }
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
  /// The file that is being written.
  var writing: String? { state.withLock { $0.writing } }

  // MARK: The side of the file of commands

  /// Whether orders are taken, and not too many wait already.
  func takesOrders(waiting most: Int) -> Bool {
    state.withLock { $0.stage == .training && $0.orders.count < most }
  }

  /// Has the log report a line that is not carried out.
  func refuse(_ record: RefusedRecord) {
    state.withLock { $0.refusals.append(record) }
    hasRefusals.store(true, ordering: .releasing)
    orderSignal.signal()
  }

  /// Asks for the norms of the next step, or of a run that is paused.
  func requestUnitNorms(wakes: Bool) {
    unitNormsAreWanted.store(true, ordering: .releasing)
    if wakes { orderSignal.signal() }
  }

  /// The norms that were asked for, once they are there.
  func takeUnitNorms() -> Record? {
    state.withLock { state in
      defer { state.unitNorms = nil }
      return state.unitNorms
    }
  }

  // MARK: The side of the training queue

  /// An order waits that does not end the run; at the cost of an atomic load where none waits.
  var hasOrder: Bool { hasOrders.load(ordering: .acquiring) && endWanted == nil }

  /// What the log is to report; if there is nothing, at the cost of one atomic load.
  func takeRefusals() -> [RefusedRecord] {
    guard hasRefusals.load(ordering: .acquiring) else { return [] }
    return state.withLock { state in
      defer { state.refusals = [] }
      hasRefusals.store(false, ordering: .releasing)
      return state.refusals
    }
  }

  /// Leaves norms for their writer, if they are wanted; later ones must be asked for anew.
  func leaveUnitNorms(_ norms: () -> Record) {
    guard unitNormsAreWanted.load(ordering: .acquiring) else { return }
    unitNormsAreWanted.store(false, ordering: .releasing)
    let record = norms()
    state.withLock { $0.unitNorms = record }
  }

  /// Begins or continues to load data and to build a network; false if the run is to end instead.
  func prepare() -> Bool {
    state.withLock { state in
      guard state.stage != .over, state.end == nil else { return false }
      state.stage = .preparing
      return true
    }
  }

  /// All is there to train with; false if nobody has waited for it.
  func begin() -> Bool {
    state.withLock { state in
      guard state.stage == .preparing else { return false }
      state.stage = .training
      return true
    }
  }

  /// What the run is to end with; nil: it continues.
  var endWanted: EndRecord.Reason? {
    guard isToEnd.load(ordering: .acquiring) else { return nil }
    return state.withLock { $0.end?.reason }
  }

  /// Whether what takes long is to be broken off, because the run is to end.
  ///
  /// After a signal at once, after a key when it has had half a second. As long as nobody wants the run
  /// to end it costs one atomic load.
  var givesUp: Bool {
    guard isToEnd.load(ordering: .acquiring) else { return false }
    return state.withLock { state in
      guard let end = state.end else { return false }
      return end.reason == .interrupted || .now - end.since >= Self.patience
    }
  }

  /// Tells which file is written while `body` writes it.
  func writing<Failure: Error>(
    _ path: String, _ body: () throws(Failure) -> Void
  ) throws(Failure) {
    state.withLock { $0.writing = path }
    if isToEnd.load(ordering: .acquiring) { onNews() }
    defer { state.withLock { $0.writing = nil } }
    try body()
  }

  /// The oldest order that came in; nil, at the cost of one atomic load, if there is none.
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

  /// Waits for an order, at most `seconds`; nil: without a limit.
  func waitForOrder(seconds: Double?) {
    guard !hasOrders.load(ordering: .acquiring) else { return }
    if let seconds {
      _ = orderSignal.wait(timeout: .now() + seconds)
    } else {
      orderSignal.wait()
    }
  }

  /// True if the screen has asked for what the next step brings.
  var isNewsWanted: Bool { newsIsWanted.load(ordering: .acquiring) }

  /// Puts records before the screen, without ever waiting for it.
  ///
  /// The screen is woken where it has asked for news, or where they are urgent: what a key has done
  /// shows in the next frame.
  func publish(_ records: [Record], isUrgent: Bool) {
    state.withLock { $0.news.append(records) }
    if newsIsWanted.exchange(false, ordering: .acquiringAndReleasing) || isUrgent { onNews() }
  }

  /// The training queue is done; false if nobody has waited for it.
  func finish(_ outcome: RunOutcome, unappliedEvents: Int) -> Bool {
    let isAwaited = state.withLock { state in
      guard state.stage != .over else { return false }
      state.stage = .over
      state.outcome = outcome
      state.unappliedEvents = unappliedEvents
      return true
    }
    if isAwaited { onNews() }
    return isAwaited
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
}
