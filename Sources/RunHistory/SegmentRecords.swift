// How a segment takes in its records.
import RunRecords

extension RunSegment {
  mutating func apply(_ record: StepRecord) {
    guard ranks.isMerging else { return take(record) }
    // Other ranks tell their parts of it: at the latest with the next step it is shown without them.
    releaseHeldStep()
    ranks.hold(record)
    if ranks.isComplete { releaseHeldStep() }
  }

  /// Takes in a step of which all is known that will be.
  mutating func take(_ record: StepRecord) {
    step = max(step, record.step)
    reach(epoch: record.epoch)
    latest = record
    if let constraint = record.constraint {
      settings.isConstraintOn = constraint.enabled ?? settings.isConstraintOn
      settings.maxNorm = constraint.maxNorm
    }
    settings.learningRate = record.learningRate ?? settings.learningRate
    let places = places(of: record)
    for step in places {
      loss.append(record.loss, minimum: record.lossMin, maximum: record.lossMax, at: step)
      gradientNorm.append(record.gradientNorm, maximum: record.gradientNormMax, at: step)
    }
    if let elapsed = record.elapsed { clock.reach(record.step, at: elapsed) }
    learningRate.append(record.learningRate, at: record.step)
    metrics.apply(record.metrics, isEvaluated: false, at: record.step)
    // Sums in floating point: a damaged log may hold any count. What is unknown is left out.
    var clipped = KnownSum()
    var exceeded = KnownSum()
    var atCeiling = KnownSum()
    var units: Float = 0
    for (index, layer) in record.layers.enumerated() {
      clipped.add(layer.clipped)
      exceeded.add(layer.exceeded)
      guard let place = place(of: layer.name, expected: index) else { continue }
      layers[place].apply(layer, of: record)
      guard layer.maxNorm != nil, layer.atCeiling != nil else { continue }
      atCeiling.add(layer.atCeiling)
      units += Float(layers[place].units)
    }
    if let steps = record.steps.map({ Float(max(1, $0)) }) {
      for step in places {
        clippedPerStep.append(clipped.sum.map { $0 / steps }, at: step)
        exceededPerStep.append(exceeded.sum.map { $0 / steps }, at: step)
      }
    }
    let isFree = !record.layers.isEmpty && record.layers.allSatisfy { $0.maxNorm == nil }
    atCeilingShare.append(
      isFree ? 0 : atCeiling.sum.map { $0 / max(1, units) }, at: record.step)
  }

  private mutating func reach(epoch reached: Int?) {
    if let reached { epoch = max(epoch ?? reached, reached) }
  }

  /// The places of a step record's values: at its last step, and near its first if it covers so
  /// many that the charts would draw a slope where a value held all the way.
  ///
  /// Not at the very first, which would share a column with the end of the record before.
  private func places(of record: StepRecord) -> [Int] {
    guard let steps = record.steps, let total = totalSteps, steps > 1, steps > total / 100,
      record.step >= steps
    else { return [record.step] }
    let before = record.step - steps
    return [before + (loss.isEmpty ? 1 : max(1, steps / 32)), record.step]
  }

  mutating func apply(_ record: NormsRecord) {
    if ranks.isMerging { merge(record, of: RankParts.main) }
    for (index, layer) in record.layers.enumerated() where !ranks.isPart(layer.name) {
      guard let place = place(of: layer.name, expected: index) else { continue }
      layers[place].apply(layer.norms, at: record.step)
    }
    // A list says more.
    let listed = Set(record.digests.isEmpty ? [] : record.layers.map(\.name))
    for (index, layer) in record.digests.enumerated()
    where !listed.contains(layer.name) && !ranks.isPart(layer.name) {
      guard let place = place(of: layer.name, expected: index) else { continue }
      layers[place].apply(layer.digest, at: record.step)
    }
    // Of a layer in parts each rank tells of its own alone.
    for (index, layer) in record.histograms.enumerated() where !ranks.isPart(layer.name) {
      guard let place = place(of: layer.name, expected: index) else { continue }
      layers[place].apply(layer.histogram, at: record.step)
    }
  }

  mutating func apply(_ record: EvaluationRecord) {
    releaseHeldStep()
    step = max(step, record.step)
    reach(epoch: record.epoch)
    evaluation = record
    trainLoss.append(record.trainLoss, at: record.step)
    validationLoss.append(record.validationLoss, at: record.step)
    trainAccuracy.append(record.trainAccuracy, at: record.step)
    validationAccuracy.append(record.validationAccuracy, at: record.step)
    metrics.apply(record.metrics, isEvaluated: true, at: record.step)
    guard let value = record.value(of: header.criterion.metric) else { return }
    if hasTaskMetric { taskMetric.append(value, at: record.step) }
    if header.criterion.goal.isBest(value, after: best?.value) {
      best = EndRecord.Best(step: record.step, metric: header.criterion.metric, value: value)
    }
  }

  mutating func apply(_ event: EventRecord) {
    releaseHeldStep()
    step = max(step, event.step)
    if !event.changesNothing, let mark = mark(of: event) { note(mark) }
    switch (event.action, event.value) {
    case (.setting(.maxNorm), let value): change(ceiling: value?.number, of: event.layer)
    // Taken back to rates that differ: only those of the experiment do.
    case (.setting(.dropout), nil): settings.dropout = header.summary.dropoutRates
    case (.setting(let setting), let value?): settings.set(setting, to: value)
    case (.twin, .flag(let isOn)): twin = isOn ? TwinState() : nil
    case (.fork, _): twin = TwinState(forkStep: event.step)
    case (.extend, .steps(let steps)):
      header.totalSteps = max(header.totalSteps ?? steps, steps)
      end = nil
      if twin?.end?.reason != .diverged { twin?.end = nil }
    default: break
    }
    if event.action.isSetting, !event.changesNothing {
      undoable = max(0, undoable + (event.undo ? -1 : 1))
    }
  }

  mutating func apply(_ end: EndRecord) {
    releaseHeldStep()
    step = max(step, end.step)
    self.end = end
    if let best = end.best { self.best = best }
  }

  /// The layers' ceilings follow at once: while paused no step record will bring them.
  private mutating func change(ceiling: Float?, of name: String?) {
    let before = settings.maxNorm
    if name == nil { settings.maxNorm = ceiling }
    for index in layers.indices {
      let isMeant = name.map { layers[index].name == $0 } ?? (layers[index].ceiling == before)
      if isMeant { layers[index].ceiling = ceiling }
    }
  }

  /// Several changes of one setting at one step are one mark.
  private mutating func note(_ mark: SettingMark) {
    if let last = marks.last, last.step == mark.step, last.action == mark.action {
      marks.removeLast()
    }
    marks.append(mark)
    if marks.count > 256 { marks.removeFirst() }
  }

  private func place(of name: String, expected: Int) -> Int? {
    if layers.indices.contains(expected), layers[expected].name == name { return expected }
    return layers.firstIndex { $0.name == name }
  }
}

/// A sum of what is known; nil as long as nothing is.
private struct KnownSum {
  private(set) var sum: Float?

  mutating func add(_ count: Int?) {
    if let count { sum = (sum ?? 0) + Float(count) }
  }
}
