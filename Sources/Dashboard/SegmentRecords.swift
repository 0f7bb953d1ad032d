// How a segment takes in its records.
import RunRecords

extension RunSegment {
  mutating func take(_ record: StepRecord) {
    step = max(step, record.step)
    epoch = max(epoch, record.epoch)
    latest = record
    settings.isConstraintOn = record.constraint.enabled
    settings.maxNorm = record.constraint.maxNorm
    settings.learningRate = record.learningRate
    let places = places(of: record)
    for step in places {
      loss.append(record.loss, minimum: record.lossMin, maximum: record.lossMax, at: step)
      gradientNorm.append(record.gradientNorm, maximum: record.gradientNormMax, at: step)
    }
    clock.reach(record.step, at: record.elapsed)
    learningRate.append(record.learningRate, at: record.step)
    // Sums in floating point: a damaged log may hold any count.
    var clipped: Float = 0
    var exceeded: Float = 0
    var atCeiling: Float = 0
    var units: Float = 0
    for (index, layer) in record.layers.enumerated() {
      clipped += Float(layer.clipped)
      exceeded += Float(layer.exceeded)
      guard let place = place(of: layer.name, expected: index) else { continue }
      layers[place].take(layer, of: record)
      guard layer.maxNorm != nil else { continue }
      atCeiling += Float(layer.atCeiling)
      units += Float(layers[place].units)
    }
    let steps = Float(max(1, record.steps))
    for step in places {
      clippedPerStep.append(clipped / steps, at: step)
      exceededPerStep.append(exceeded / steps, at: step)
    }
    atCeilingShare.append(atCeiling / max(1, units), at: record.step)
  }

  /// Where what a record tells of its steps stands: at its last one, and near its first where it tells
  /// of so many that the charts would lead a slope to what held all the way.
  ///
  /// Not at the very first, which would share a column with the end of the record before.
  private func places(of record: StepRecord) -> [Int] {
    let isWide = record.steps > 1 && record.steps > header.totalSteps / 100
    guard isWide, record.step >= record.steps else { return [record.step] }
    let before = record.step - record.steps
    return [before + (loss.isEmpty ? 1 : max(1, record.steps / 32)), record.step]
  }

  mutating func take(_ record: NormsRecord) {
    for (index, layer) in record.layers.enumerated() {
      guard let place = place(of: layer.name, expected: index) else { continue }
      layers[place].take(layer.norms, at: record.step)
    }
  }

  mutating func take(_ record: EvaluationRecord) {
    step = max(step, record.step)
    epoch = max(epoch, record.epoch)
    evaluation = record
    trainLoss.append(record.trainLoss, at: record.step)
    validationLoss.append(record.validationLoss, at: record.step)
    if let accuracy = record.trainAccuracy { trainAccuracy.append(accuracy, at: record.step) }
    if let accuracy = record.validationAccuracy {
      validationAccuracy.append(accuracy, at: record.step)
    }
    guard let value = record.value(of: header.metric) else { return }
    if hasTaskMetric { taskMetric.append(value, at: record.step) }
    guard value.isFinite else { return }
    if best.map({ header.goal.prefers(value, to: $0.value) }) ?? true {
      best = EndRecord.Best(step: record.step, metric: header.metric, value: value)
    }
  }

  mutating func take(_ event: EventRecord) {
    step = max(step, event.step)
    if !event.changesNothing, let mark = mark(of: event) { note(mark) }
    switch (event.action, event.value) {
    case (.constraint, .flag(let isOn)): settings.isConstraintOn = isOn
    case (.maxNorm, let value): change(ceiling: value?.number, of: event.layer)
    case (.learningRate, .number(let rate)): settings.learningRate = rate
    case (.momentum, .number(let momentum)): settings.momentum = momentum
    case (.weightDecay, .number(let decay)): settings.weightDecay = decay
    case (.dropout, .number(let rate)): settings.dropout = settings.dropout.map { _ in rate }
    // Taken back to rates that differ: only those of the experiment do.
    case (.dropout, _): settings.dropout = Settings(header.experiment).dropout
    case (.batchNormFreeze, .flag(let freezes)): settings.freezesBatchNorm = freezes
    case (.twin, .flag(let isOn)): twin = isOn ? TwinState() : nil
    case (.fork, _): twin = TwinState(forkStep: event.step)
    case (.extend, .steps(let steps)):
      header.totalSteps = max(header.totalSteps, steps)
      end = nil
      if twin?.end?.reason != .diverged { twin?.end = nil }
    default: break
    }
    if event.action.isSetting, !event.changesNothing {
      undoable = max(0, undoable + (event.undo ? -1 : 1))
    }
  }

  mutating func take(_ end: EndRecord) {
    step = max(step, end.step)
    self.end = end
    if let best = end.best { self.best = best }
  }

  /// The layers' ceilings follow at once: while paused no step record will tell.
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
