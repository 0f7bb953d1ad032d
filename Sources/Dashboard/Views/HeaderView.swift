// The two lines at the top: what runs, how far it is, how good it is, and under which settings.
import RunRecords
import TerminalUI

/// The header.
struct HeaderView {
  let model: DashboardModel

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    drawProgress(in: rect.line(0).inset(left: 1, right: 1), into: &buffer, look)
    FittedLine(items: figures(look)).draw(
      in: rect.line(1).inset(left: 1, right: 1), into: &buffer, look)
  }

  // MARK: First line

  private func drawProgress(
    in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    guard !rect.isEmpty else { return }
    let state = state(look)
    let name = ScreenText.printable(model.segment?.header.name ?? "")
    var head: [TextLine.Piece] = [.init("maxnorm", .accent)]
    if !name.isEmpty { head.append(.init(" " + name, .title)) }
    let stateWidth = DisplayWidth.of(state.text)
    var tail = model.segment == nil ? [] : progressItems
    // Name, state and two columns between them always stand; the rest as far as it fits.
    let fixed = min(TextLine(head).width, max(8, rect.columns - stateWidth - 2)) + stateWidth + 2
    while !tail.isEmpty, fixed + FittedLine.width(tail) + FittedLine.gap > rect.columns {
      guard let least = tail.indices.min(by: { tail[$0].importance < tail[$1].importance })
      else { break }
      tail.remove(at: least)
    }
    let tailWidth = tail.isEmpty ? 0 : FittedLine.width(tail) + FittedLine.gap
    var free = rect.columns - fixed - tailWidth
    let title = title(fitting: free - (free >= 26 ? Self.leastBar + 3 : 1))
    if !title.isEmpty {
      head.append(.init(" " + title, .mutedText))
      free -= DisplayWidth.of(title) + 1
    }
    let bar = model.segment != nil && free >= 10 ? free - 2 : 0

    let headRect = rect.splitLeft(rect.columns - stateWidth - 2).left
    var column = rect.left + TextLine(head).draw(in: headRect, into: &buffer, look) + 2
    column += buffer.write(
      state.text, at: Point(column: column, row: rect.top), style: look.style(state.role).bold,
      maxWidth: rect.right - column)
    let percent = tail.firstIndex { $0.importance == Self.percentImportance }
    for (index, item) in tail.enumerated() {
      column += FittedLine.gap
      // The bar stands before the percentage that it shows.
      if bar > 0, index == percent {
        drawBar(Rect(column: column, row: rect.top, columns: bar, rows: 1), into: &buffer, look)
        column += bar + FittedLine.gap
      }
      let line = Rect(column: column, row: rect.top, columns: rect.right - column, rows: 1)
      column += TextLine(item.pieces).draw(in: line, into: &buffer, look)
    }
  }

  private static let percentImportance = 5
  private static let leastBar = 14

  private func drawBar(_ rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    ProgressBar(share: model.segment?.progress ?? 0).draw(in: rect, into: &buffer, look)
  }

  /// As much of the title as fits, cut at a comma or else left out; so is a single word of it, which
  /// seldom says what the whole does.
  private func title(fitting columns: Int) -> String {
    let whole = ScreenText.printable(model.segment?.header.title ?? "")
    var title = whole
    let isOpen = { (text: String) in text.count { $0 == "(" } > text.count { $0 == ")" } }
    while DisplayWidth.of(title) > columns || isOpen(title) {
      guard let end = Self.lastBreak(of: title) else { return "" }
      title = String(title[..<end]).trimmingSpaces
    }
    let isWord = title.utf8.allSatisfy { $0 < 0x80 } && !title.contains(" ")
    return isWord && title != whole ? "" : title
  }

  /// The last comma, colon or bracket; the one in 2,500 parts nothing.
  private static func lastBreak(of title: String) -> String.Index? {
    title.indices.last { index in
      guard ",;:".contains(title[index]) else { return "(、，；：".contains(title[index]) }
      let next = title.index(after: index)
      return next == title.endIndex || title[next] == " "
    }
  }

  private func state(_ look: Appearance) -> (text: String, role: Role) {
    let isUnicode = look.glyphs.isUnicode
    let (glyph, role): (String, Role) =
      switch model.phase {
      case .waiting: (isUnicode ? "○" : "o", .mutedText)
      case .training where model.source == .replay, .paused where model.replay?.isSeeking == true:
        (isUnicode ? "▶" : ">", .good)
      case .training: (isUnicode ? "●" : "*", .good)
      case .paused: (isUnicode ? "‖" : "=", .warning)
      case .ended(.finished): (isUnicode ? "✓" : "+", .good)
      case .ended(.diverged): (isUnicode ? "✗" : "x", .error)
      case .ended: (isUnicode ? "■" : "#", .warning)
      }
    return ("\(glyph) \(model.stateLabel)", role)
  }

  private var progressItems: [FittedLine.Item] {
    guard let segment = model.segment else { return [] }
    let epoch = String(min(segment.epoch, segment.totalEpochs ?? .max))
    let epochs = segment.totalEpochs.map(String.init)
    let counted =
      NumberText.padded(epoch, to: epochs?.utf8.count ?? 0) + (epochs.map { "/" + $0 } ?? "")
    let percent = NumberText.padded(NumberText.percent(segment.progress, decimals: 0), to: 5)
    let speed = segment.latest.map { NumberText.prefixed($0.examplesPerSecond) } ?? "-"
    return [
      .init([.init("epoch ", .mutedText), .init(counted)], importance: 3),
      .init([.init(percent)], importance: Self.percentImportance),
      .init(
        [.init(NumberText.padded(speed, to: 5)), .init(" examples/s", .mutedText)], importance: 1),
      .init(timePieces(segment), importance: 4),
    ]
  }

  private func timePieces(_ segment: RunSegment) -> [TextLine.Piece] {
    if let end = segment.end {
      return [.init("took ", .mutedText), .init(NumberText.duration(end.elapsed))]
    }
    if model.phase == .paused, let latest = segment.latest {
      return [.init("ran ", .mutedText), .init(NumberText.duration(latest.elapsed))]
    }
    let time = model.timeLeft.map { NumberText.duration($0) } ?? "-:--"
    return [.init(NumberText.padded(time, to: 4)), .init(" left", .mutedText)]
  }

  // MARK: Second line

  private func figures(_ look: Appearance) -> [FittedLine.Item] {
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
    var rate = segment.settings.learningRate.map(Wording.short) ?? "-"
    // A schedule changes it all the time: what follows should stay where it is.
    if segment.hasSchedule { rate = NumberText.leading(rate, to: 7) }
    items.append(
      .init(
        [.init("learning rate ", .mutedText), .init(rate)],
        short: [.init("lr ", .mutedText), .init(rate)], importance: 5))
    items.append(constraint(segment))
    if let words = segment.twinWords.first {
      items.append(
        .init(
          [.init(words, .twin)], short: [.init(segment.twinWords.last ?? words, .twin)],
          importance: 6))
    }
    let gradient = NumberText.padded(
      segment.latest.map { NumberText.significant(Double($0.gradientNorm)) } ?? "-", to: 5)
    items.append(
      .init(
        [.init("gradient norm ", .mutedText), .init(gradient)],
        short: [.init("gradient ", .mutedText), .init(gradient)], importance: 2))
    items.append(
      .init([.init("seed ", .mutedText), .init(String(segment.header.seed))], importance: 1))
    items.append(pace)
    return items
  }

  /// The task's figures, where it has its own, then accuracies or losses.
  ///
  /// Where the loss is what counts, a figure of the task says the same in units that mean something;
  /// where the accuracy is, nothing says it better.
  private func quality(_ segment: RunSegment, _ look: Appearance) -> [FittedLine.Item] {
    let figures = segment.taskFigures.prefix(4)
    let chosen =
      segment.header.metric.hasSuffix("_accuracy") && !segment.hasTaskMetric
      ? [] : figures.prefix(1)
    let items = chosen.map { figure($0, best: segment.best, importance: 8, look) }
    let others = figures.dropFirst(chosen.count).map {
      figure($0, best: nil, importance: 4, look)
    }
    return items + measured(segment, isSecond: !chosen.isEmpty) + others
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
    // What a figure of the task is worth, only what needs no training tells: one of them always
    // stands beside it.
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
      segment.header.metric == "validation_accuracy" || evaluation?.validationAccuracy != nil
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
    return [
      .init(
        [.init(word, .mutedText), .init("train ", .train), .init(train, .train, isBold: true)],
        short: [
          .init(isSecond ? word + "train " : "train ", .train), .init(train, .train, isBold: true),
        ], importance: isSecond ? 5 : 6, fullImportance: 4),
      .init(
        [.init("validation ", .validation), .init(validation, .validation, isBold: true)],
        importance: isSecond ? 5 : 7),
    ]
  }

  private func constraint(_ segment: RunSegment) -> FittedLine.Item {
    guard segment.settings.maxNorm != nil || segment.layers.contains(where: { $0.ceiling != nil })
    else { return .init([.init("no ceiling", .mutedText)], importance: 7) }
    let ceiling = segment.settings.maxNorm.map(Wording.norm) ?? "per layer"
    let head: [TextLine.Piece] = [
      .init("r ", .ceiling), .init(ceiling + " ", .ceiling, isBold: true),
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

extension String {
  fileprivate var trimmingSpaces: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
