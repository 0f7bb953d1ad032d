// The status line of a run: what happened, in words.
import PlainText
import RunHistory
import RunRecords
import TerminalUI

extension DashboardModel {
  /// Notices first, then what happened, the latest first.
  package func status(_ look: Appearance) -> [[TextLine.Piece]] {
    if topLayer == .filter { return [filterPieces(look)] }
    let items = statusItems
    if let proposal {
      let place = items.firstIndex { if case .event = $0 { true } else { false } } ?? items.count
      return items[..<place].map { $0.pieces(look) } + [[.init(proposal, .accent)]]
        + items[place...].map { $0.pieces(look) }
    }
    if items.isEmpty, let hint { return [[.init(hint, .mutedText)]] }
    return items.map { $0.pieces(look) }
  }

  /// The first ceiling that a run without one could have, once its norms have had time to grow: after a
  /// fifth of its steps.
  var proposal: String? {
    guard source == .live, !hasEnded, takesFirstCeiling, wanted(.maxNorm) == nil, let segment,
      let total = segment.totalSteps, Double(segment.step) * 5 >= Double(total), let suggestion
    else { return nil }
    return "no ceiling yet: \(keys.name(of: .suggestion)) sets r "
      + "\(Wording.norm(suggestion.ceiling)), which holds "
      + Wording.part(suggestion.held, suggestion.units)
  }

  package func lowStatus(_ look: Appearance) -> [TextLine.Piece]? {
    topLayer == .filter ? filterPieces(look) : shellStatus(look)
  }

  /// What to try first, until something has happened.
  private var hint: String? {
    if hintEnd != nil {
      let (constraint, help) = (keys.name(of: .constraint), keys.name(of: .help))
      let first =
        segment?.settings.maxNorm != nil ? "press \(constraint) and watch the norms; " : ""
      return "first time? \(first)\(help) shows all keys and explains words"
    }
    guard source.isRun, phase == .training, segment?.settings.maxNorm != nil,
      segment?.settings.isConstraintOn == true
    else { return nil }
    return "\(keys.name(of: .constraint)) switches the constraint off and on:"
      + " watch the norms and the validation loss"
  }

  /// The filter as it is typed.
  private func filterPieces(_ look: Appearance) -> [TextLine.Piece] {
    [
      .init("filter layers by name: ", .mutedText),
      .init(ScreenText.printable(filter.text), .text, isBold: true),
      .init(look.glyphs.isUnicode ? "▏" : "_", .accent), .init("  " + filterNote, .mutedText),
    ]
  }
}

extension StatusItem {
  func pieces(_ look: Appearance) -> [TextLine.Piece] {
    switch self {
    case .stopping(let stopping): return stopping.pieces(look)
    case .pending(let change):
      return [.init(ScreenText.printable(change.text) + " " + look.ellipsis, .accent)]
    case .notice(let notice): return notice.pieces
    case .event(let text):
      var pieces: [TextLine.Piece] = [
        .init("step \(NumberText.grouped(text.step)) ", .mutedText),
        .init(ScreenText.printable(text.title), Self.role(text), isBold: true),
      ]
      if !text.detail.isEmpty {
        pieces.append(.init("  " + ScreenText.printable(text.detail), .text))
      }
      return pieces
    }
  }

  private static func role(_ text: EventText) -> Role {
    switch text.tone {
    case .good: .good
    case .bad: .error
    case .twin: .twin
    case .neutral: .warning
    }
  }
}
