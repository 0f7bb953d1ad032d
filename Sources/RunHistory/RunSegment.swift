// What the records since the last header have shown. A reset opens a new segment.
import RunRecords

/// A run from one header on: figures, histories, marks.
package struct RunSegment: Sendable {
  /// Its number of steps grows when the run is extended.
  package internal(set) var header: RunHeader
  /// Optimizer steps completed.
  package var step = 0
  /// Counts from 1; nil if no record says.
  package var epoch: Int?
  /// The settings according to the latest header, step record or event.
  package var settings: Settings
  package var latest: StepRecord?
  package var evaluation: EvaluationRecord?
  /// Where the header's metric was best.
  package var best: EndRecord.Best?
  package var end: EndRecord?

  /// The mean batch loss with its extremes.
  package var loss = SmoothedHistory()
  package var trainLoss = SmoothedHistory()
  package var validationLoss = SmoothedHistory()
  package var trainAccuracy = SmoothedHistory()
  package var validationAccuracy = SmoothedHistory()
  /// The header's metric, where it is a figure of the task; empty otherwise.
  package var taskMetric = SmoothedHistory()
  package var gradientNorm = SmoothedHistory()
  package var learningRate = History<Reading>()
  /// Over all layers: units rescaled per step, and units found over the ceiling, on or off.
  package var clippedPerStep = SmoothedHistory()
  package var exceededPerStep = SmoothedHistory()
  /// Share of all units below a ceiling that are at it, 0…1.
  package var atCeilingShare = History<Reading>()
  /// The figures of steps and evaluations under any names.
  package var metrics = MetricHistories()

  /// When each step was reached.
  package var clock = StepClock()

  package var layers: [LayerState]
  /// The blocks that the layers' names make; empty if there are none, or too few layers.
  package let blocks: [LayerBlock]
  /// Which norms are at a ceiling.
  package let band: CeilingBand
  /// Where a setting changed, for the charts; the oldest go when there are too many.
  package var marks: [SettingMark] = []
  /// The last sample of each kind and title.
  package var samples: [SampleRecord] = []
  /// The same seed without the constraint, beside the run; nil without a twin.
  package var twin: TwinState?
  /// The other ranks of a distributed run.
  package var ranks: RankParts
  /// Changes of settings that an undo could still take back.
  package internal(set) var undoable = 0

  /// What can be changed in mid-run.
  package struct Settings: Sendable, Equatable {
    /// False: observing.
    package var isConstraintOn: Bool
    /// The global ceiling r; nil without one.
    package var maxNorm: Float?
    package var learningRate: Float?
    /// Nil if the optimizer has none.
    package var momentum: Float?
    package var weightDecay: Float?
    /// The rate of each dropout layer.
    package var dropout: [Float] = []
    /// Nil if no layer normalizes by batches.
    package var freezesBatchNorm: Bool?
  }

  package init(_ header: RunHeader) {
    self.header = header
    ranks = RankParts(header)
    let names = LayerNames(header.layers.map(\.name))
    let band = CeilingBand(tolerance: header.tolerance)
    self.band = band
    layers = header.layers.map {
      LayerState(
        $0, shownName: names.shown[$0.name], shorterNames: names.shorter[$0.name] ?? [], band: band)
    }
    blocks = names.blocks
    for (index, block) in blocks.enumerated() {
      for (layer, names) in zip(block.layers, zip(block.names, block.shortNames)) {
        layers[layer].block = .init(index: index, name: names.0, shortName: names.1)
      }
    }
    settings = Settings(header.summary)
    countUnits()
  }

  /// Units rescaled since the start, all layers together; nil if no record says.
  package var clippedTotal: Int? {
    if let total = end?.clippedTotal { return total }
    let totals = layers.compactMap(\.latest?.clippedTotal)
    return totals.isEmpty ? nil : totals.reduce(0, &+)
  }

  /// The number of steps the run is planned for; nil if the header does not say.
  package var totalSteps: Int? { header.totalSteps.flatMap { $0 > 0 ? $0 : nil } }
  /// Optimizer steps in an epoch; nil if the header does not say.
  package var stepsPerEpoch: Int? { header.stepsPerEpoch.flatMap { $0 > 0 ? $0 : nil } }

  /// Examples in a step; nil if the header does not tell.
  package var batch: Int? { header.batch.flatMap { $0 > 0 ? $0 : nil } }

  /// Examples a second as last told; nil if that is unknown, which 0 means too.
  package var examplesPerSecond: Double? {
    latest?.examplesPerSecond.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
  }

  /// How weights are stored, where that is not the usual 32 bits; nil otherwise.
  package var storedWeights: String? {
    header.weights.flatMap { $0.isEmpty || $0 == "float32" ? nil : $0 }
  }

  /// Whether the header says that there is data to measure on: evaluations are to be expected.
  package var expectsEvaluations: Bool { header.validationExamples ?? 0 > 0 }

  /// Share of the steps done, 0…1; nil if their number is unknown.
  package var progress: Double? { totalSteps.map { min(1, Double(step) / Double($0)) } }

  /// The number of epochs the run is planned for; nil if the header does not say.
  package var totalEpochs: Int? {
    guard let stepsPerEpoch, let totalSteps else { return nil }
    let (epochs, rest) = totalSteps.quotientAndRemainder(dividingBy: stepsPerEpoch)
    return rest == 0 ? epochs : epochs + 1
  }

  /// Why there is no layer to show.
  package var absentLayers: String {
    isUndescribed ? "the records name no layer" : "this run has no layer with weights"
  }

  /// Other programs need not say what they train.
  private var isUndescribed: Bool {
    header.experiment.isEmpty || header.experiment == .fields([])
      || header.program?.hasPrefix("maxnorm ") != true
  }

  /// Whether there is something to say of layers, and be it why there is none.
  package var tellsLayers: Bool { !layers.isEmpty || !isUndescribed }

  /// The norm that gradients are scaled down to; nil if they are not clipped so.
  package var gradientLimit: Float? {
    let limit = header.summary.gradientClip?.norm
    return limit.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
  }

  /// Whether gradients are what to watch: clipped ones, and those of recurrent layers, which explode.
  package var watchesGradients: Bool {
    header.summary.gradientClip != nil
      || header.layers.contains { ["rnn", "lstm", "gru"].contains($0.kind) }
  }

  /// Whether the learning rate follows a schedule.
  package var hasSchedule: Bool {
    header.summary.schedule.name.map { $0 != "constant" } ?? false
  }

  /// What the constraint does to a layer now.
  package func constraintEffect(on layer: LayerState) -> ConstraintEffect {
    !isHeld(layer) ? .notApplied : settings.isConstraintOn ? .active : .observing
  }
}

extension RunSegment.Settings {
  /// The settings that an experiment starts with, as far as the header has them.
  init(_ experiment: ExperimentSummary) {
    isConstraintOn = experiment.constraint.isEnabled ?? true
    maxNorm = ConstraintKind(experiment.constraint).ceiling(experiment.constraint)
    learningRate = experiment.optimizer.learningRate
    momentum = experiment.optimizer.momentum
    weightDecay = experiment.optimizer.weightDecay
    dropout = experiment.dropoutRates
    freezesBatchNorm = experiment.normalizesBatches ? false : nil
  }
}

extension RunSegment.Settings {
  /// A setting of the whole run; nil if it has none.
  package func value(of setting: Setting) -> EventRecord.Value? {
    switch setting {
    case .maxNorm: maxNorm.map { .number($0) }
    case .learningRate: learningRate.map { .number($0) }
    case .momentum: momentum.map { .number($0) }
    case .weightDecay: weightDecay.map { .number($0) }
    case .dropout: dropout.first.map { .number($0) }
    case .batchNormFreeze: freezesBatchNorm.map { .flag($0) }
    case .constraint: .flag(isConstraintOn)
    }
  }

  /// Takes over what a setting has become; a value of another kind is left out.
  mutating func set(_ setting: Setting, to value: EventRecord.Value) {
    switch setting {
    case .maxNorm: maxNorm = value.number ?? maxNorm
    case .learningRate: learningRate = value.number ?? learningRate
    case .momentum: momentum = value.number ?? momentum
    case .weightDecay: weightDecay = value.number ?? weightDecay
    case .dropout: dropout = dropout.map { value.number ?? $0 }
    case .batchNormFreeze: freezesBatchNorm = value.flag ?? freezesBatchNorm
    case .constraint: isConstraintOn = value.flag ?? isConstraintOn
    }
  }
}

/// A change of a setting as the charts mark it.
package struct SettingMark: Sendable, Equatable {
  package var step: Int
  package var action: EventRecord.Action
  /// Short: "off", "on", "r 2.0", "lr 0.05".
  package var label: String

  package init(step: Int, action: EventRecord.Action, label: String) {
    self.step = step
    self.action = action
    self.label = label
  }
}
