// The messages to a comparison's screen, and what it asks of the runs.
import Comparisons

package typealias ComparisonMessage = ScreenMessage<ComparisonNews>
package typealias ComparisonEffect = ScreenEffect<ComparisonWish>

/// News of the runs.
package enum ComparisonNews: Sendable {
  /// The runs as they are now; `isOver` if none is in progress or waiting.
  case state(ComparisonState, isOver: Bool, time: Double)
}

/// What a comparison's screen wants of the runs.
package enum ComparisonWish: Sendable, Equatable {
  /// Pause all runs in progress, or resume them.
  case pause(Bool)
  /// Give up what runs elsewhere and has not ended.
  case cancel
}

extension ScreenMessage<ComparisonNews> {
  package static func state(_ state: ComparisonState, isOver: Bool, time: Double) -> Self {
    .news(.state(state, isOver: isOver, time: time))
  }
}

extension ScreenEffect<ComparisonWish> {
  package static func pause(_ pauses: Bool) -> Self { .wish(.pause(pauses)) }
  package static var cancel: Self { .wish(.cancel) }
}

extension ComparisonModel {
  /// The header shows how long the runs have taken, and how long they will.
  package mutating func timePassed() {
    clock.advance(to: shell.now, isGoing: !isPaused && !isOver)
    shell.revision += 1
  }

  package mutating func resized() { holdFirstRun() }
  package mutating func withdrawQuestion() { isAsking = false }
  package mutating func apply(paste text: String) { refusePaste() }

  package mutating func apply(_ news: ComparisonNews) {
    switch news {
    case .state(let state, let isOver, let time):
      advance(to: time)
      apply(state, isOver)
    }
  }

  /// Candidates may go as a sweep narrows down: what was chosen stays chosen as far as it is there.
  mutating func apply(_ state: ComparisonState, _ isOver: Bool) {
    let selected = arm
    let wasOver = self.isOver
    self.state = state
    self.isOver = isOver
    clock.begin(at: state.share)
    figures.update(state)
    selectedArm =
      selected.flatMap { state.arms.firstIndex(of: $0) }
      ?? min(selectedArm, max(0, state.arms.count - 1))
    if state.arms.isEmpty { isDetailOpen = false }
    if !charts.contains(chart), let first = charts.first { chart = first }
    // Nothing is left to stop, and nothing to hold.
    if isOver {
      isAsking = false
      isPaused = false
      if !wasOver, !isFromList { say(endWords) }
    }
    holdFirstRun()
  }

  private var endWords: String {
    let failed = failures.count
    return failed == 0
      ? "all runs are over: \(keyName(of: .quit)) leaves, and the table is printed"
      : "all runs are over, \(failed) of them failed: \(keyName(of: .quit)) leaves"
  }
}
