// One run as its report shows it: what the screen knows of it, its ceilings over time, its events.
import RunHistory
import RunRecords

/// What a run's records come to; bounded, however long the log.
package struct RunCourse: Sendable {
  /// Since the last header; nil before the first.
  package private(set) var segment: RunSegment?
  /// The ceilings of each layer of the header, where they changed.
  private(set) var ceilings: [[Ceiling]] = []
  /// What was done, in sentences, the first ones where there are very many.
  private(set) var events: [(step: Int, sentence: String)] = []
  /// Events that are not in `events`.
  private(set) var furtherEvents = 0
  /// How often the run was started again before this course.
  private(set) var restarts = 0
  /// The first step with a loss that was not finite.
  private(set) var firstNonFinite: Int?

  /// A layer's ceiling from a step on.
  struct Ceiling: Sendable, Equatable {
    var step: Int
    /// Nil if none applies.
    var value: Float?
    /// False while the constraint is off and only observes.
    var isEnforced: Bool
  }

  private static let mostEvents = 200
  private static let mostCeilings = 1000

  package init() {}

  /// Takes in the next record.
  package mutating func apply(_ record: Record) {
    if case .header(let header) = record {
      let restarts = segment == nil ? 0 : restarts + 1
      self = RunCourse()
      self.restarts = restarts
      segment = RunSegment(header)
      ceilings = header.layers.map { _ in [] }
      return
    }
    if case .event(let event) = record { note(event) }
    if case .step(let step) = record { follow(step) }
    if case .evaluation(let evaluation) = record {
      note(evaluation.trainLoss, at: evaluation.step)
      note(evaluation.validationLoss, at: evaluation.step)
    }
    segment?.apply(record)
  }

  private mutating func note(_ event: EventRecord) {
    guard let sentence = segment?.sentence(of: event) else { return }
    if events.count < Self.mostEvents {
      events.append((event.step, sentence))
    } else {
      furtherEvents += 1
    }
  }

  private mutating func note(_ loss: Float?, at step: Int) {
    if let loss, !loss.isFinite, firstNonFinite == nil { firstNonFinite = step }
  }

  private mutating func follow(_ record: StepRecord) {
    note(record.loss, at: record.step)
    for (index, layer) in record.layers.enumerated() where index < ceilings.count {
      let isEnforced = record.constraint?.enabled ?? true
      if let last = ceilings[index].last, last.value == layer.maxNorm,
        last.isEnforced == isEnforced
      {
        continue
      }
      guard ceilings[index].count < Self.mostCeilings else { continue }
      ceilings[index].append(
        Ceiling(
          step: max(0, record.step - max(0, record.steps ?? 0)), value: layer.maxNorm,
          isEnforced: isEnforced))
    }
  }
}
