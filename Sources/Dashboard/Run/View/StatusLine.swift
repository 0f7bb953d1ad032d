// The two lines at the bottom: what happened, in words, and the keys that matter now.
import PlainText
import RunHistory
import TerminalUI

/// Notices first, then what happened, the latest first.
struct StatusLine {
  let model: DashboardModel

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    var line = rect.inset(left: 1, right: 1)
    if model.topLayer == .filter {
      TextLine(Self.filter(model, look)).draw(in: line, into: &buffer, look)
      return
    }
    if model.statusItems.isEmpty, let hint {
      TextLine([.init(hint, .mutedText)]).draw(in: line, into: &buffer, look)
      return
    }
    for (index, item) in model.statusItems.enumerated() {
      let pieces = Self.pieces(item, look)
      let width = TextLine(pieces).width
      // Only the first may be cut: half a sentence about the past helps nobody.
      guard index == 0 || width <= line.columns else { continue }
      let used = TextLine(pieces).draw(in: line, into: &buffer, look)
      line = line.inset(left: used + 3)
    }
  }

  /// What to try first, until something has happened.
  private var hint: String? {
    if model.hintEnd != nil {
      let (constraint, help) = (model.keys.name(of: .constraint), model.keys.name(of: .help))
      let first =
        model.segment?.settings.maxNorm != nil ? "press \(constraint) and watch the norms; " : ""
      return "first time? \(first)\(help) shows all keys and explains words"
    }
    guard model.source == .live, model.phase == .training, model.segment?.settings.maxNorm != nil,
      model.segment?.settings.isConstraintOn == true
    else { return nil }
    return "\(model.keys.name(of: .constraint)) switches the constraint off and on:"
      + " watch the norms and the validation loss"
  }

  /// The filter as it is typed.
  static func filter(_ model: DashboardModel, _ look: Appearance) -> [TextLine.Piece] {
    [
      .init("filter layers by name: ", .mutedText),
      .init(ScreenText.printable(model.filter.text), .text, isBold: true),
      .init(look.glyphs.isUnicode ? "▏" : "_", .accent), .init("  " + model.filterNote, .mutedText),
    ]
  }

  static func pieces(_ item: StatusItem, _ look: Appearance) -> [TextLine.Piece] {
    switch item {
    case .stopping(let stopping):
      let file = stopping.writing.map { " writing " + ScreenText.printable($0) } ?? ""
      return [.init("stopping" + look.ellipsis + file, .accent, isBold: true)]
    case .pending(let change):
      return [.init(ScreenText.printable(change.text) + " " + look.ellipsis, .accent)]
    case .notice(let notice):
      let text = ScreenText.printable(notice.text)
      switch notice.kind {
      case .answer: return [.init(text, .text, isBold: true)]
      case .refusal: return [.init(text, .warning)]
      case .trouble: return [.init(" \(text) ", .error, isBold: true)]
      }
    case .happening(let happening):
      var pieces: [TextLine.Piece] = [
        .init("step \(NumberText.grouped(happening.step)) ", .mutedText),
        .init(ScreenText.printable(happening.title), role(happening), isBold: true),
      ]
      if !happening.detail.isEmpty {
        pieces.append(.init("  " + ScreenText.printable(happening.detail), .text))
      }
      return pieces
    }
  }

  private static func role(_ happening: Happening) -> Role {
    switch happening.title {
    case "constraint on", "finished", "checkpoint": .good
    case "diverged": .error
    case "twin", "twin forked", "twin removed": .twin
    default: .warning
    }
  }
}

/// The keys that matter now.
struct FooterLine {
  let model: DashboardModel
  /// On a low screen, where there is no status line, a notice stands here for its time.
  let takesNotices: Bool

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let line = rect.inset(left: 1, right: 1)
    if takesNotices, model.topLayer == .filter {
      TextLine(StatusLine.filter(model, look)).draw(in: line, into: &buffer, look)
      return
    }
    if takesNotices, let stopping = model.stopping {
      TextLine(StatusLine.pieces(.stopping(stopping), look)).draw(in: line, into: &buffer, look)
      return
    }
    if takesNotices, let notice = model.notice {
      TextLine(StatusLine.pieces(.notice(notice), look)).draw(in: line, into: &buffer, look)
      return
    }
    FooterKeys(items: model.footer).draw(in: line, into: &buffer, look)
  }

  /// The key whose name or word is at a point; nil where none is.
  func key(at point: Point, in rect: Rect) -> Key? {
    guard !takesNotices || model.topLayer != .filter && model.notice == nil else { return nil }
    return FooterKeys(items: model.footer).key(at: point, in: rect.inset(left: 1, right: 1))
  }
}

/// Entries of a footer on a line, as many as there is room for.
struct FooterKeys {
  let items: [FooterItem]

  private var hints: KeyHints {
    KeyHints(
      items.enumerated().map { index, item in
        KeyHints.Hint(item.names, item.label, importance: item.isEssential ? 1 : -index)
      })
  }

  func draw(in line: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    hints.draw(in: line, into: &buffer, look)
  }

  /// The key whose name or word is at a point; nil where none is.
  func key(at point: Point, in line: Rect) -> Key? {
    guard let (hint, offset) = hints.hint(at: point.column - line.left, of: line.columns)
    else { return nil }
    return items.first { $0.names == hint.key && $0.label == hint.word }?.key(at: offset)
  }
}
