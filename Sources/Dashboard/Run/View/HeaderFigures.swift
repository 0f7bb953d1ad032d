// The second line of the header: how good the net is, and under which settings.
import PlainText
import RunHistory
import RunRecords
import TerminalUI

/// The figures of the header, each with its importance.
struct HeaderFigures {
  let model: DashboardModel

  func items(_ look: Appearance) -> [FittedLine.Item] {
    guard let segment = model.segment else {
      let name = ScreenText.printable(model.replay?.name ?? "")
      let waits = model.replay == nil ? "loading data" : "waiting for the first record of \(name)"
      return [.init([.init(waits + look.ellipsis, .mutedText)], importance: 0)]
    }
    var items: [FittedLine.Item] = []
    if segment.header.build == "debug" {
      items.append(
        .init(
          [.init("debug build: slow", .error)], short: [.init("debug build", .error)],
          importance: 8))
    }
    items += quality(segment, look)
    if segment.latest == nil || segment.settings.learningRate != nil {
      var rate = segment.settings.learningRate.map(Wording.short) ?? "-"
      // A schedule changes it all the time: what follows should stay where it is.
      if segment.hasSchedule { rate = NumberText.leading(rate, to: 7) }
      items.append(
        .init(
          [.init("learning rate ", .mutedText), .init(rate)],
          short: [.init("lr ", .mutedText), .init(rate)], importance: 5))
    }
    if segment.tellsLayers { items.append(constraint(segment)) }
    if let weights = segment.storedWeights {
      items.append(.init([.init(ScreenText.printable(weights), .accent)], importance: 4))
    }
    if let words = segment.twinWords.first {
      items.append(
        .init(
          [.init(words, .twin)], short: [.init(segment.twinWords.last ?? words, .twin)],
          importance: 6))
    }
    if segment.latest == nil || !segment.gradientNorm.isEmpty {
      let gradient = NumberText.padded(
        (segment.latest?.gradientNorm).map { NumberText.significant(Double($0)) } ?? "-", to: 5)
      items.append(
        .init(
          [.init("gradient norm ", .mutedText), .init(gradient)],
          short: [.init("gradient ", .mutedText), .init(gradient)], importance: 2))
    }
    if let seed = segment.header.seed {
      items.append(.init([.init("seed ", .mutedText), .init(String(seed))], importance: 1))
    }
    if !segment.ranks.names.isEmpty {
      let count = NumberText.grouped(segment.ranks.names.count + 1)
      items.append(.init([.init(count), .init(" ranks", .mutedText)], importance: 3))
    }
    items += stepMetrics(segment)
    items.append(pace)
    if model.phase == .training, let usage = model.usage {
      items.append(
        .init(
          [
            .init("cpu ", .mutedText), .init(usage.processorText),
            .init("  memory ", .mutedText), .init(usage.memoryText),
          ], importance: 0))
    }
    return items
  }

  /// The task's figures, where it has its own, then accuracies or losses.
  ///
  /// Where the loss is what counts, a figure of the task says the same in units that mean something;
  /// where the accuracy is, nothing says it better.
  private func quality(_ segment: RunSegment, _ look: Appearance) -> [FittedLine.Item] {
    let figures = segment.taskFigures.prefix(4)
    let chosen =
      segment.header.criterion.metric.hasSuffix("_accuracy") && !segment.hasTaskMetric
      ? [] : figures.prefix(1)
    let items = chosen.map { figure($0, best: segment.best, importance: 8, look) }
    let others = figures.dropFirst(chosen.count).map {
      figure($0, best: nil, importance: 4, look)
    }
    return items + measured(segment, isSecond: !chosen.isEmpty) + tested(segment) + others
  }

  /// The figure of the test part, which is hidden until the end; nothing without such a part.
  private func tested(_ segment: RunSegment) -> [FittedLine.Item] {
    guard let metric = segment.header.testMetric else { return [] }
    let value = segment.end?.test?.value(of: metric)
    var pieces: [TextLine.Piece] = [.init("test ", .mutedText)]
    guard let value else {
      return [.init(pieces + [.init("hidden until the end", .mutedText)], importance: 3)]
    }
    pieces.append(.init(Wording.value(value, of: metric), .validation, isBold: true))
    // Whoever looks again chooses by it: that is said however narrow the line is.
    if let looks = segment.end?.test?.looks {
      pieces.append(.init(" seen \(looks) times", .mutedText))
    }
    return [.init(pieces, importance: 7)]
  }

  /// A figure like: rmse 0.351 · last value 0.380.
  private func figure(
    _ figure: TaskFigure, best: EndRecord.Best?, importance: Int, _ look: Appearance
  ) -> FittedLine.Item {
    var short: [TextLine.Piece] = [
      .init(ScreenText.printable(Wording.figure(figure.name)) + " ", .mutedText)
    ]
    let value = Wording.steadyValue(figure.value, of: figure.name)
    if let train = figure.trainValue {
      let text = Wording.steadyValue(train, of: figure.name)
      short += [
        .init("train ", .train), .init(text, .train, isBold: true),
        .init("  validation ", .validation),
      ]
    }
    short.append(.init(value, .validation, isBold: true))
    let baselines = figure.baselines.map { baseline -> [TextLine.Piece] in
      [
        .init("\(look.separator)\(ScreenText.printable(baseline.name)) ", .mutedText),
        .init(Wording.value(baseline.value, of: figure.name)),
      ]
    }
    // A figure of the task means little without a trivial one, which is always shown beside it.
    var full = short + baselines.prefix(3).joined()
    if importance > 4, let first = baselines.first { short += first }
    if figure.baselines.isEmpty, let best, best.metric == figure.name {
      full.append(.init("\(look.separator)best ", .mutedText))
      full.append(.init(Wording.value(best.value, of: best.metric)))
    }
    return .init(full, short: short, importance: importance)
  }

  private func measured(_ segment: RunSegment, isSecond: Bool) -> [FittedLine.Item] {
    let evaluation = segment.evaluation
    let isAccuracy =
      segment.header.criterion.metric == "validation_accuracy"
      || evaluation?.validationAccuracy != nil
    let train: String
    let validation: String
    if isAccuracy {
      train = Wording.steadyValue(evaluation?.trainAccuracy, of: "accuracy")
      validation = Wording.steadyValue(evaluation?.validationAccuracy, of: "accuracy")
    } else {
      train = Wording.steadyValue(evaluation?.trainLoss, of: "loss")
      validation = Wording.steadyValue(evaluation?.validationLoss, of: "loss")
    }
    let word = isAccuracy ? "accuracy " : "loss "
    let hasTrain = isTold(segment, isAccuracy ? segment.trainAccuracy : segment.trainLoss)
    let hasValidation = isTold(
      segment, isAccuracy ? segment.validationAccuracy : segment.validationLoss)
    var items: [FittedLine.Item] = []
    if hasTrain {
      items.append(
        .init(
          [.init(word, .mutedText), .init("train ", .train), .init(train, .train, isBold: true)],
          short: [
            .init(isSecond ? word + "train " : "train ", .train),
            .init(train, .train, isBold: true),
          ], importance: isSecond ? 5 : 6, fullImportance: 4))
    } else if !segment.loss.isEmpty {
      // What the batches tell is all there is.
      let loss = Wording.steadyValue(segment.latest?.loss ?? segment.loss.last, of: "loss")
      items.append(
        .init(
          [
            .init(hasValidation && !isAccuracy ? "loss batch " : "loss ", .train),
            .init(loss, .train, isBold: true),
          ], importance: 7))
    }
    if hasValidation {
      var pieces: [TextLine.Piece] = [
        .init("validation ", .validation), .init(validation, .validation, isBold: true),
      ]
      if isAccuracy, !hasTrain { pieces.insert(.init(word, .mutedText), at: 0) }
      items.append(.init(pieces, importance: isSecond ? 5 : 7))
    }
    return items
  }

  /// Whether a figure of evaluations is told, or still to come.
  private func isTold(_ segment: RunSegment, _ history: SmoothedHistory) -> Bool {
    segment.expectsEvaluations || !history.isEmpty
  }

  /// A few of the figures that steps tell under names of their own.
  private func stepMetrics(_ segment: RunSegment) -> [FittedLine.Item] {
    (segment.latest?.metrics ?? []).prefix(3).map { metric in
      .init(
        [
          .init(ScreenText.printable(metric.name) + " ", .mutedText),
          .init(NumberText.padded(NumberText.significant(Double(metric.value)), to: 5)),
        ], importance: 1)
    }
  }

  private func constraint(_ segment: RunSegment) -> FittedLine.Item {
    guard segment.settings.maxNorm != nil || segment.layers.contains(where: segment.isHeld)
    else { return .init([.init("no ceiling", .mutedText)], importance: 7) }
    let (name, value) = segment.constraintKind.state(
      segment.settings, segment.header.summary.constraint)
    let head: [TextLine.Piece] = [
      .init(name + " ", .ceiling), .init(value + " ", .ceiling, isBold: true),
    ]
    return segment.settings.isConstraintOn
      ? .init(head + [.init("ON", .good, isBold: true)], importance: 9)
      : .init(
        head + [.init("OFF", .warning, isBold: true), .init(" observing", .warning)],
        short: head + [.init("OFF", .warning, isBold: true)], importance: 9, fullImportance: 4)
  }

  private var pace: FittedLine.Item {
    if model.source == .replay {
      let (full, short) = model.replayWords
      let pieces = { (text: String) in [TextLine.Piece(text, .mutedText)] }
      // In a replay it is what keys act on.
      return .init(pieces(full), short: pieces(short), importance: model.replay == nil ? 3 : 9)
    }
    let rate = Wording.short(Float(model.pace.rate))
    let words = model.pace.isOn ? "\(rate) steps/s" : "full speed"
    return .init([.init(words, .mutedText)], importance: 3)
  }
}

extension Wording {
  /// A metric's value in a width that hardly changes, for a figure that does.
  static func steadyValue(_ value: Float?, of metric: String) -> String {
    guard let value else { return MetricName.isShare(metric) ? "     -" : "    -" }
    guard MetricName.isShare(metric) else {
      return NumberText.padded(NumberText.significant(Double(value)), to: 5)
    }
    let share = Double(value)
    return NumberText.padded(NumberText.percent(share, decimals: share < 0.9995 ? 1 : 0), to: 6)
  }
}
