// The two lines at the top: what runs, how far it is, how good it is, and under which settings.
import PlainText
import RunHistory
import RunRecords
import TerminalUI

/// The header.
struct HeaderView {
  let model: DashboardModel

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    drawProgress(in: rect.line(0).inset(left: 1, right: 1), into: &buffer, look)
    FittedLine(items: HeaderFigures(model: model).items(look)).draw(
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
    let bar = model.segment?.progress != nil && free >= 10 ? free - 2 : 0

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
      case .ended(.diverged), .ended(.failed): (isUnicode ? "✗" : "x", .error)
      case .ended: (isUnicode ? "■" : "#", .warning)
      }
    return ("\(glyph) \(model.stateLabel)", role)
  }

  private var progressItems: [FittedLine.Item] {
    guard let segment = model.segment else { return [] }
    var items: [FittedLine.Item] = []
    let epochs = segment.totalEpochs
    if let epoch = segment.epoch ?? epochs.map({ _ in 1 }) {
      let total = epochs.map(String.init)
      let counted =
        NumberText.padded(String(min(epoch, epochs ?? .max)), to: total?.utf8.count ?? 0)
        + (total.map { "/" + $0 } ?? "")
      items.append(.init([.init("epoch ", .mutedText), .init(counted)], importance: 3))
    }
    if let progress = segment.progress {
      let percent = NumberText.padded(NumberText.percent(progress, decimals: 0), to: 5)
      items.append(.init([.init(percent)], importance: Self.percentImportance))
    } else {
      // How far it is without an end in sight.
      let step = NumberText.grouped(segment.step)
      items.append(
        .init([.init("step ", .mutedText), .init(step)], importance: Self.percentImportance))
    }
    if let speed = speed(segment) { items.append(speed) }
    let time = timePieces(segment)
    if !time.isEmpty { items.append(.init(time, importance: 4)) }
    return items
  }

  /// Examples a second; steps where it is not known how many examples they have, or how many steps
  /// there will be.
  private func speed(_ segment: RunSegment) -> FittedLine.Item? {
    let isPlanned = segment.totalSteps != nil
    if isPlanned, segment.latest == nil || segment.examplesPerSecond != nil {
      let speed = segment.examplesPerSecond.map { NumberText.prefixed($0) } ?? "-"
      return .init(
        [.init(NumberText.padded(speed, to: 5)), .init(" examples/s", .mutedText)], importance: 1)
    }
    // The records' own clock first: a replay goes at another pace than the run did.
    let observed = model.source.isRun ? model.speed.stepsPerSecond : nil
    guard let speed = segment.clock.stepsPerSecond ?? observed else { return nil }
    return .init(
      [.init(NumberText.padded(NumberText.prefixed(speed), to: 5)), .init(" steps/s", .mutedText)],
      importance: isPlanned ? 1 : 4)
  }

  private func timePieces(_ segment: RunSegment) -> [TextLine.Piece] {
    if let end = segment.end {
      guard let elapsed = end.elapsed else { return [] }
      return [.init("took ", .mutedText), .init(NumberText.duration(elapsed))]
    }
    if model.phase == .paused || segment.totalSteps == nil, let latest = segment.latest {
      guard let elapsed = latest.elapsed else { return [] }
      return [.init("ran ", .mutedText), .init(NumberText.duration(elapsed))]
    }
    guard segment.totalSteps != nil else { return [] }
    let time = model.timeLeft.map { NumberText.duration($0) } ?? "-:--"
    return [.init(NumberText.padded(time, to: 4)), .init(" left", .mutedText)]
  }
}

extension String {
  fileprivate var trimmingSpaces: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
