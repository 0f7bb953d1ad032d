// One run as a comparison sees it: which arm and seed it is, its evaluations, and how it ended.
import RunRecords

/// What a run's records come to; bounded, however long the log.
package struct RunDigest: Sendable, Equatable {
  /// The arm of the comparison that the run belongs to.
  package var arm: String
  /// What was run; nil before the header.
  package private(set) var header: RunHeader?
  /// Every evaluation, or where there were very many an even choice of them with the last.
  package private(set) var points: [Point] = []
  /// The evaluation at which the header's metric was best; nil before the first finite one.
  package private(set) var best: Point?
  /// Optimizer steps so far.
  package private(set) var step = 0
  /// Seconds of training so far.
  package private(set) var elapsed = 0.0
  /// What the run came to on the test part; nil without one, and before its end.
  package private(set) var test: EndRecord.Test?
  /// The run ended with the weights of its best evaluation.
  package private(set) var isRestored = false
  /// How the run ended; nil while it is running, or if its log was cut off.
  package private(set) var end: EndRecord.Reason?
  /// Somebody changed a setting in mid-run: it no longer is what its header says.
  package private(set) var isSteered = false

  /// What was changed, without what differs from run to run; the first few suffice to distinguish
  /// two runs.
  private(set) var changes: [EventRecord] = []

  private var isChangedAfterEnd = false
  private let isNamed: Bool
  /// One evaluation in `stride` is kept.
  private var stride = 1
  private var evaluations = 0

  private static let mostChanges = 256

  /// More than a chart has columns; the memory of a comparison stays small.
  private static let mostPoints = 4096

  /// An evaluation.
  package struct Point: Sendable, Equatable {
    package var step: Int
    /// Counts from 1; nil if the log does not say.
    package var epoch: Int?
    /// NaN where it was not measured, as with the others.
    package var trainLoss: Float
    package var validationLoss: Float
    /// The header's metric.
    package var value: Float
    /// The same figure on the training part, where the run has it.
    package var trainValue: Float?
  }

  /// An empty digest; without a name the arm is the one that the run's experiment names, or else
  /// `fallback`.
  package init(arm: String? = nil, fallback: String = "") {
    self.arm = arm ?? fallback
    isNamed = arm != nil
  }

  /// The seed of the run; nil before the header.
  package var seed: UInt64? { header?.seed }

  /// The last evaluation.
  package var last: Point? { points.last }

  /// Which split of a resampling the run is of; nil: of none.
  package var split: Int? { header?.summary.resample?.number }

  /// What the weights that the run ended with come to: on the test part where `onTest` and there is one,
  /// otherwise at the evaluation that they were measured by.
  package func result(onTest: Bool) -> Float? {
    if onTest, let name = header?.testMetric { return test?.value(of: name) }
    return isRestored ? best?.value : last?.value
  }

  /// Takes in the next record; those of a twin are another run's.
  package mutating func apply(_ record: Record) {
    switch record {
    case .header(let header): start(header)
    case .step(let record):
      step = record.step
      elapsed = record.elapsed ?? elapsed
    case .evaluation(let record): apply(record)
    case .event(let event): apply(event)
    case .end(let record):
      step = record.step
      elapsed = record.elapsed ?? elapsed
      end = record.reason
      test = record.test
      isRestored = record.restored != nil
    case .norms, .sample, .refused, .twin, .rank: break
    }
  }

  /// What was changed after the end counts only if the run then continued with it.
  private mutating func apply(_ event: EventRecord) {
    let isChange = event.action.isSetting && !event.changesNothing
    if isChange, changes.count < Self.mostChanges {
      changes.append(
        EventRecord(
          step: event.step, action: event.action, value: event.value, layer: event.layer,
          undo: event.undo))
    }
    if end == nil || event.action == .extend {
      isSteered = isSteered || isChange || isChangedAfterEnd
    } else {
      isChangedAfterEnd = isChangedAfterEnd || isChange
    }
  }

  /// A reset starts the run again; one extended after its end continues.
  private mutating func start(_ header: RunHeader) {
    let fallback = arm
    self = RunDigest(arm: isNamed ? arm : nil, fallback: fallback)
    if !isNamed, let name = header.summary.arm { arm = name }
    self.header = header
  }

  private mutating func apply(_ record: EvaluationRecord) {
    guard let header else { return }
    step = record.step
    (end, test, isRestored) = (nil, nil, false)
    let trainName = header.criterion.metric.replacing(
      "validation_", with: "train_", maxReplacements: 1)
    let point = Point(
      step: record.step, epoch: record.epoch, trainLoss: record.trainLoss ?? .nan,
      validationLoss: record.validationLoss ?? .nan,
      value: record.value(of: header.criterion.metric) ?? .nan,
      trainValue: trainName == header.criterion.metric ? nil : record.value(of: trainName))
    // The last one always stands, so one that is not due is replaced by its successor.
    if let last = points.last, last.step >= point.step || (evaluations - 1) % stride != 0 {
      points.removeLast()
    }
    points.append(point)
    evaluations += 1
    if points.count > Self.mostPoints {
      points = points.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
      stride *= 2
    }
    if header.criterion.goal.isBest(point.value, after: best?.value) { best = point }
  }
}
