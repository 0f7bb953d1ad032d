// What another program left of a run, gathered in whatever order it stands, and given out as records.

/// A run as a reader of another format finds it.
package struct ForeignRun {
  package var header: RunHeader
  /// How it ended, if the format says.
  package var end: EndRecord.Reason?
  private var tags: [String] = []
  private var numbers: [String: Int] = [:]
  private var entries: [Entry] = []
  private var norms: [(step: Int, layer: NormsRecord.Layer)] = []
  private var histograms: [(step: Int, histogram: NormsRecord.Histogram)] = []
  private var texts: [(step: Int, title: String, text: String)] = []
  private var firstTime: Double?

  private struct Entry {
    var step: Int
    var tag: Int
    var value: Float
    /// Seconds since the first; NaN if the log has none.
    var elapsed: Float
  }

  /// More than that is left out, and said: 24 bytes each.
  package static let mostValues = 8_000_000
  private static let mostTexts = 256
  private static let mostNorms = 4_000_000
  private static let mostHistograms = 20_000
  private var normCount = 0
  private var isFull = false

  package init(name: String) {
    header = RunHeader(name) { ($0.program, $0.version) = (nil, nil) }
  }

  /// What could not be read, in a sentence without a full stop.
  package mutating func note(_ sentence: String) {
    if !header.notes.contains(sentence) { header.notes.append(sentence) }
  }

  package var isEmpty: Bool {
    entries.isEmpty && norms.isEmpty && histograms.isEmpty && texts.isEmpty
  }

  /// Whether no value more is taken.
  package var hasEnough: Bool { isFull }

  /// A figure at a step; `time` is in seconds on any clock.
  package mutating func add(_ tag: String, _ value: Double, step: Int, time: Double? = nil) {
    guard step >= 0, step < 1 << 50 else { return }
    guard entries.count < Self.mostValues else {
      if !isFull { note("more than \(Self.mostValues) figures: the rest was left out") }
      isFull = true
      return
    }
    let number: Int
    if let known = numbers[tag] {
      number = known
    } else {
      number = tags.count
      tags.append(tag)
      numbers[tag] = number
    }
    var elapsed = Float.nan
    if let time, time.isFinite {
      if firstTime == nil { firstTime = time }
      elapsed = Float(max(0, time - (firstTime ?? time)))
    }
    entries.append(Entry(step: step, tag: number, value: Float(value), elapsed: elapsed))
  }

  /// Norms of the units of a layer.
  package mutating func add(_ layer: NormsRecord.Layer, step: Int) {
    guard step >= 0, normCount + layer.norms.count <= Self.mostNorms else { return }
    normCount += layer.norms.count
    norms.append((step, layer))
  }

  /// How the weights of a layer are distributed.
  package mutating func add(_ histogram: NormsRecord.Histogram, step: Int) {
    guard step >= 0, histograms.count < Self.mostHistograms else { return }
    histograms.append((step, histogram))
  }

  package mutating func add(text: String, title: String, step: Int) {
    guard texts.count < Self.mostTexts else { return }
    texts.append((max(0, step), title, text))
  }

  /// Forgets what stands at a step or behind it: the run started there again.
  package mutating func restart(at step: Int) {
    entries.removeAll { $0.step >= step }
    norms.removeAll { $0.step >= step }
    histograms.removeAll { $0.step >= step }
  }

  // MARK: Records

  /// The run as records, in the order of steps.
  package func records(_ senses: FigureSenses) -> [Record] {
    let senses = senses.senses(of: tags)
    let meanings = tags.map { senses[$0] ?? .metric($0) }
    let scales = shareScales(meanings)
    var body: [(step: Int, records: [Record])] = figures(meanings, scales)
    for record in normsRecords { body.append((record.step, [.norms(record)])) }
    for text in texts {
      let sample = SampleRecord(step: text.step, title: text.title, content: .text(text.text))
      body.append((text.step, [.sample(sample)]))
    }
    // Stable, so that what was measured at a step stands before its norms.
    let ordered = body.enumerated().sorted {
      ($0.element.step, $0.offset) < ($1.element.step, $1.offset)
    }
    var records: [Record] = [.header(describedHeader(meanings))]
    records += ordered.flatMap(\.element.records)
    if let end { records.append(.end(EndRecord(body.map(\.step).max() ?? 0, end))) }
    return records
  }

  /// Of accuracies in per cent a hundredth.
  private func shareScales(_ meanings: [FigureSense]) -> [Float] {
    var scales = [Float](repeating: 1, count: tags.count)
    for entry in entries where meanings[entry.tag].isShare && entry.value > 1.5 {
      scales[entry.tag] = 0.01
    }
    return scales
  }

  private func figures(
    _ meanings: [FigureSense], _ scales: [Float]
  ) -> [(step: Int, records: [Record])] {
    let ordered = entries.indices.sorted {
      (entries[$0].step, $0) < (entries[$1].step, $1)
    }
    var result: [(step: Int, records: [Record])] = []
    var epoch: Int?
    var elapsed: Double?
    var lastStep = 0
    var index = 0
    while index < ordered.count {
      let number = entries[ordered[index]].step
      var step = StepRecord(number)
      var evaluation = EvaluationRecord(number)
      var (hasStep, hasEvaluation) = (false, false)
      while index < ordered.count, entries[ordered[index]].step == number {
        let entry = entries[ordered[index]]
        let value = entry.value * scales[entry.tag]
        if entry.elapsed.isFinite { elapsed = max(elapsed ?? 0, Double(entry.elapsed)) }
        switch meanings[entry.tag] {
        case .epoch: if value.isFinite { epoch = Int(min(1e9, max(0, value))) + 1 }
        case .elapsed: elapsed = Double(value)
        case .loss: (step.loss, hasStep) = (value, true)
        case .learningRate: (step.learningRate, hasStep) = (value, true)
        case .gradientNorm: (step.gradientNorm, hasStep) = (value, true)
        case .norm(let layer, let figure):
          Self.set(figure, value, of: layer, in: &step.layers)
          hasStep = true
        case .metric(let name):
          Self.set(name, value, in: &step.metrics)
          hasStep = true
        case .trainLoss: (evaluation.trainLoss, hasEvaluation) = (value, true)
        case .trainAccuracy: (evaluation.trainAccuracy, hasEvaluation) = (value, true)
        case .validationLoss: (evaluation.validationLoss, hasEvaluation) = (value, true)
        case .validationAccuracy: (evaluation.validationAccuracy, hasEvaluation) = (value, true)
        case .validationMetric(let name):
          Self.set(name, value, in: &evaluation.metrics)
          hasEvaluation = true
        }
        index += 1
      }
      (step.epoch, evaluation.epoch) = (epoch, epoch)
      var records: [Record] = []
      // Time comes with step records alone.
      if hasStep || elapsed != nil {
        step.elapsed = elapsed
        step.steps = max(1, number - lastStep)
        lastStep = number
        records.append(.step(step))
      }
      if hasEvaluation { records.append(.evaluation(evaluation)) }
      if !records.isEmpty { result.append((number, records)) }
    }
    return result
  }

  /// The last of several values at a step counts.
  private static func set(_ name: String, _ value: Float, in metrics: inout [Metric]) {
    if let index = metrics.firstIndex(where: { $0.name == name }) {
      metrics[index].value = value
    } else {
      metrics.append(Metric(name: name, value: value))
    }
  }

  private static func set(
    _ figure: FigureSense.NormFigure, _ value: Float, of layer: String,
    in layers: inout [StepRecord.Layer]
  ) {
    let index = layers.firstIndex { $0.name == layer } ?? layers.count
    if index == layers.count { layers.append(StepRecord.Layer(layer)) }
    switch figure {
    case .minimum: layers[index].normMin = value
    case .lowerQuartile: layers[index].normP25 = value
    case .median: layers[index].normMedian = value
    case .upperQuartile: layers[index].normP75 = value
    case .maximum: layers[index].normMax = value
    case .ceiling: layers[index].maxNorm = value
    }
  }

  private var normsRecords: [NormsRecord] {
    var records: [Int: NormsRecord] = [:]
    for (step, histogram) in histograms {
      records[step, default: NormsRecord(step: step, layers: [])].histograms.append(histogram)
    }
    for (step, layer) in norms {
      records[step, default: NormsRecord(step: step, layers: [])].layers.append(layer)
    }
    return records.values.sorted { $0.step < $1.step }
  }

  /// The header with the layers that have norms, and with what says which evaluation is best.
  private func describedHeader(_ meanings: [FigureSense]) -> RunHeader {
    var header = header
    for (_, layer) in norms where !header.layers.contains(where: { $0.name == layer.name }) {
      header.layers.append(RunHeader.Layer(layer.name) { $0.units = layer.norms.count })
    }
    for (_, layer) in histograms where !header.layers.contains(where: { $0.name == layer.name }) {
      header.layers.append(RunHeader.Layer(layer.name))
    }
    for (tag, meaning) in meanings.enumerated() {
      guard case .norm(let layer, let figure) = meaning else { continue }
      var index = header.layers.firstIndex { $0.name == layer }
      if index == nil {
        header.layers.append(RunHeader.Layer(layer))
        index = header.layers.count - 1
      }
      guard figure == .ceiling, let index else { continue }
      header.layers[index].maxNorm = entries.first { $0.tag == tag }?.value
    }
    guard header.metric == nil else { return header }
    let known = Set(meanings)
    if known.contains(.validationAccuracy) {
      (header.metric, header.goal) = ("validation_accuracy", .maximize)
    } else if known.contains(.validationLoss) {
      (header.metric, header.goal) = ("validation_loss", .minimize)
    }
    return header
  }
}
