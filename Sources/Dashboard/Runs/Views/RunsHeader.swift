// The two lines at the top: where the runs are, how they stand, and how far they are read.
import PlainText
import RunIndex
import RunRecords
import TerminalUI

/// The header of the screen of many runs.
struct RunsHeader {
  let model: RunsModel

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let count = model.runs.count
    let first = FittedLine(items: [
      .init(
        [
          .init("maxnorm", .accent), .init(" runs ", .accent),
          .init(ScreenText.printable(model.place), .title),
        ],
        short: [
          .init("runs ", .accent), .init(look.shortened(model.place, to: 24), .title),
        ], importance: 9, fullImportance: 4),
      .init(
        [.init(count == 1 ? "1 run" : "\(NumberText.grouped(count)) runs", .text, isBold: true)],
        importance: 8),
      .init(progress, importance: 7),
    ])
    first.draw(in: rect.line(0).inset(left: 1, right: 1), into: &buffer, look)
    FittedLine(items: states + arrangement).draw(
      in: rect.line(1).inset(left: 1, right: 1), into: &buffer, look)
  }

  private var progress: [TextLine.Piece] {
    let index = model.index
    guard index.isListed else { return [.init("looking", .mutedText)] }
    guard !index.isWhole else { return [] }
    let share = Double(index.readBytes) / Double(max(1, index.totalBytes))
    return [
      .init("reading bests and curves ", .mutedText),
      .init(NumberText.percent(min(1, share), decimals: 0)),
    ]
  }

  private var states: [FittedLine.Item] {
    let time = model.time
    var counts: [IndexedRun.State: Int] = [:]
    for run in model.runs { counts[run.state(at: time), default: 0] += 1 }
    return IndexedRun.State.allCases.compactMap { state in
      guard let count = counts[state] else { return nil }
      return .init(
        [.init("\(NumberText.grouped(count)) \(state.rawValue)", state.role)], importance: 6)
    }
  }

  private var arrangement: [FittedLine.Item] {
    var items: [FittedLine.Item] = [
      .init(
        [
          .init("by ", .mutedText),
          .init(model.order.column.rawValue + (model.order.isReversed ? ", reversed" : "")),
        ], importance: 3)
    ]
    if !model.marks.isEmpty {
      items.append(.init([.init("\(model.marks.count) marked", .accent)], importance: 4))
    }
    if !model.filter.isEmpty {
      items.append(
        .init(
          [
            .init("filter ", .mutedText), .init(ScreenText.printable(model.filter), .warning),
            .init(": \(NumberText.grouped(model.shown.count)) runs", .mutedText),
          ], importance: 5))
    }
    return items
  }
}

extension IndexedRun.State {
  var role: Role {
    switch self {
    case .live: .good
    case .finished: .text
    case .stopped: .warning
    case .diverged, .crashed: .error
    case .silent: .mutedText
    }
  }

  func glyph(_ look: Appearance) -> String {
    let isUnicode = look.glyphs.isUnicode
    return switch self {
    case .live: isUnicode ? "●" : "*"
    case .finished: isUnicode ? "✓" : "+"
    case .stopped: isUnicode ? "■" : "#"
    case .diverged: String(Character(look.glyphs.notFinite))
    case .crashed: "!"
    case .silent: isUnicode ? "○" : "o"
    }
  }
}
