// The two lines at the top: what is compared, how far the runs are, and how long they will take.
import Comparisons
import PlainText
import RunRecords
import TerminalUI

/// The header of a comparison's screen.
struct ComparisonHeader {
  let model: ComparisonModel

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    drawProgress(in: rect.line(0).inset(left: 1, right: 1), into: &buffer, look)
    FittedLine(items: subject(look)).draw(
      in: rect.line(1).inset(left: 1, right: 1), into: &buffer, look)
  }

  private func drawProgress(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    guard !rect.isEmpty else { return }
    let percent = NumberText.padded(NumberText.percent(model.state.share, decimals: 0), to: 5)
    let items = FittedLine(items: [
      .init(
        [
          .init("maxnorm", .accent), .init(" \(model.command) ", .accent),
          .init(ScreenText.printable(model.state.name), .title),
        ],
        short: [.init(look.cut(model.state.name, to: 16), .title)], importance: 7,
        fullImportance: 3),
      .init(state(look), importance: 9),
      .init([.init("\(model.state.over)/\(model.state.runs.count) runs")], importance: 6),
      .init([.init(percent)], importance: 8),
      .init(times, short: shortTimes, importance: 5, fullImportance: 2),
    ]).fitting(
      rect.columns - ((60..<100).contains(rect.columns) ? Self.leastBar + FittedLine.gap : 0))
    // The bar takes what is left, before the percentage that it shows.
    let free = rect.columns - FittedLine.width(items) - FittedLine.gap
    let bar = free >= 8 ? min(free, 60) : 0
    var column = rect.left
    for item in items {
      if bar > 0, item.pieces.first?.text == percent {
        ProgressBar(share: model.state.share)
          .draw(
            in: Rect(column: column, row: rect.top, columns: bar, rows: 1), into: &buffer, look)
        column += bar + FittedLine.gap
      }
      let line = Rect(column: column, row: rect.top, columns: rect.right - column, rows: 1)
      column += TextLine(item.pieces).draw(in: line, into: &buffer, look) + FittedLine.gap
    }
  }

  private static let leastBar = 12

  private func state(_ look: Appearance) -> [TextLine.Piece] {
    let isUnicode = look.glyphs.isUnicode
    let (glyph, role): (String, Role) =
      switch model.phase {
      case .running: (isUnicode ? "●" : "*", .good)
      case .paused: (isUnicode ? "‖" : "=", .warning)
      case .interrupted: (isUnicode ? "■" : "#", .warning)
      case .finished: (isUnicode ? "✓" : "+", .good)
      }
    return [.init("\(glyph) \(model.stateLabel)", role, isBold: true)]
  }

  private var times: [TextLine.Piece] {
    let elapsed = NumberText.duration(model.clock.elapsed)
    guard !model.isOver else { return [.init("took ", .mutedText), .init(elapsed)] }
    return [.init(elapsed), .init(" gone  ", .mutedText)] + shortTimes
  }

  private var shortTimes: [TextLine.Piece] {
    guard !model.isOver else { return times }
    let left = model.clock.left(model.state.share).map { NumberText.duration($0) } ?? "-:--"
    return [.init(NumberText.padded(left, to: 4)), .init(" left", .mutedText)]
  }

  private func subject(_ look: Appearance) -> [FittedLine.Item] {
    var items: [FittedLine.Item] = []
    let title = ScreenText.printable(model.state.title)
    let seeds = Set(model.state.runs.map(\.seed)).count
    items.append(.init(compared(look), short: comparedBriefly, importance: 8, fullImportance: 4))
    if !model.areTrials {
      items.append(.init([.init(seeds == 1 ? "1 seed" : "\(seeds) seeds")], importance: 7))
    }
    let phases: [(ComparisonState.Phase, String, Role)] = [
      (.running, "running", .good), (.waiting, "waiting", .mutedText),
      (.kept, "kept from before", .mutedText), (.interrupted, "interrupted", .warning),
    ]
    for (phase, word, role) in phases {
      let count = model.count(of: phase)
      if count > 0 { items.append(.init([.init("\(count) \(word)", role)], importance: 5)) }
    }
    let failed = model.failures.count
    if failed > 0 {
      items.append(.init([.init("\(failed) failed", .error, isBold: true)], importance: 9))
    }
    let headers = model.state.runs.lazy.compactMap(\.digest.header)
    if headers.contains(where: { $0.build == "debug" }) {
      items.append(.init([.init("debug build: slow", .error)], importance: 6))
    }
    items.append(.init([.init(title, .mutedText)], importance: 1))
    return items
  }

  private func compared(_ look: Appearance) -> [TextLine.Piece] {
    switch model.state.kind {
    case .arms(let baseline):
      let others = model.state.arms.filter { $0 != baseline }.map { ScreenText.printable($0) }
      return [
        .init(others.joined(separator: ", "), .text, isBold: true), .init(" against ", .mutedText),
        .init(ScreenText.printable(baseline), .twin, isBold: true),
      ]
    case .trials(let stage):
      return [
        .init(ScreenText.printable(stage), .text, isBold: true),
        .init(" of \(model.state.arms.count) arms", .mutedText),
      ]
    case .sweep(let keys, let candidates):
      var pieces: [TextLine.Piece] = []
      for (index, key) in keys.enumerated() {
        let values = Set(candidates.map { $0.values[index] }).sorted()
        if index > 0 { pieces.append(.init(", ", .mutedText)) }
        pieces.append(.init(ScreenText.printable(key) + " ", .text, isBold: true))
        guard let first = values.first, let last = values.last else { continue }
        pieces.append(
          .init(
            values.count == 1
              ? SweepTable.text(first)
              : "\(SweepTable.text(first)) to \(SweepTable.text(last)), \(values.count) values",
            .mutedText))
      }
      return pieces
    }
  }

  private var comparedBriefly: [TextLine.Piece] {
    let count = model.state.arms.count
    return [
      .init(
        model.isSweep
          ? "\(count) candidates" : count == 1 ? "1 arm" : "\(count) arms", .text, isBold: true)
    ]
  }
}
