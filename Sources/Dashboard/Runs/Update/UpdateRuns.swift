// What reaches the screen of many runs, what it wants done, and what its keys do.
import PlainText
import RunHistory
import RunIndex
import RunRecords
import TerminalUI

package typealias RunsMessage = ScreenMessage<RunsNews>
package typealias RunsEffect = ScreenEffect<RunsWish>

/// What the index has to tell.
package enum RunsNews: Sendable {
  /// The runs as they are known now; `wall` is what the clock on the wall says.
  case index(RunIndex.Snapshot, wall: WallTime, time: Double)
}

/// What the screen wants.
package enum RunsWish: Sendable, Equatable {
  /// Show the dashboard of the run with this log.
  case open(String)
  /// Show the comparison of the runs with these logs.
  case compare([String])
}

extension RunsModel {
  package mutating func timePassed() { shell.revision += 1 }

  package mutating func apply(_ news: RunsNews) {
    switch news {
    case .index(let snapshot, let wall, let time):
      advance(to: time)
      let row = selectedRow
      // Their places are those of the list before.
      shown = []
      index = snapshot
      self.wall = (wall, time)
      arrange(near: row)
    }
  }

  /// Brings the list up to date: filter, order, and the selection on a run that is shown.
  mutating func arrange() { arrange(near: selectedRow) }

  /// If the selected run is gone, the one that took its row is selected.
  private mutating func arrange(near row: Int?) {
    let time = time
    let all = runs.indices.filter { index in
      query.isEmpty || query.matches(runs[index], note: note(of: runs[index]), now: time)
    }
    let ordered = order.sorted(runs, all, metric: metric, now: time)
    let pinned = notes.pinned
    shown =
      ordered.filter { pinned.contains(runs[$0].path) }
      + ordered.filter { !pinned.contains(runs[$0].path) }
    if selectedRow == nil {
      selected = shown.isEmpty ? nil : runs[shown[min(row ?? 0, shown.count - 1)]].path
    }
  }

  func note(of run: IndexedRun) -> String { notes.notes[run.path] ?? "" }

  // MARK: Keys

  package mutating func perform(_ action: KeyAction, _ key: Key) -> [RunsEffect] {
    switch action {
    case .details: return run.map { [RunsEffect.wish(.open($0.path))] } ?? []
    case .statistics: return [.wish(.compare(marked.map(\.path)))]
    case .quit:
      guard topLayer == .main else {
        shell.isHelpOpen = false
        return []
      }
      return [.quit]
    case .scrollUp, .scrollDown, .scrollToStart, .scrollToEnd: scrollHelp(action)
    case .pageUp, .pageDown:
      if topLayer == .help { scrollHelp(action) } else { move(action) }
    case .up, .down, .first, .last: move(action)
    case .mark: toggleMark()
    case .markAll: markAll()
    case .unmarkAll: marks = [:]
    case .pin: togglePin()
    case .note: typing = .note(run.map { note(of: $0) } ?? "")
    case .filter: typing = .filter
    case .keepFilter: typing = nil
    case .clearFilter:
      typing = nil
      setFilter("")
    case .eraseFilter: setFilter(String(filter.dropLast()))
    case .erase:
      if case .note(let text) = typing { typing = .note(String(text.dropLast())) }
    case .takeEntry: keepNote()
    case .back: back()
    default: look(action, key)
    }
    return []
  }

  private mutating func back() {
    switch topLayer {
    case .help: shell.isHelpOpen = false
    case .entry: typing = nil
    default:
      if isMaximized { isMaximized = false } else { setFilter("") }
    }
  }

  private mutating func move(_ action: KeyAction) {
    if focus == .settings, action == .up || action == .down {
      let last = max(0, DifferingSettings(charted).rows.count - settingRows)
      firstSetting = min(last, max(0, firstSetting + (action == .up ? -1 : 1)))
      return
    }
    select(
      ListWindow.place(
        after: action, from: selectedRow ?? 0, of: shown.count, page: max(1, listRows - 1)))
  }

  mutating func select(_ row: Int) {
    guard !shown.isEmpty else { return }
    selected = runs[shown[min(max(0, row), shown.count - 1)]].path
    if marks.isEmpty { firstSetting = 0 }
  }

  // MARK: Marks, pins, notes

  private mutating func toggleMark() {
    guard let selected else { return }
    if marks.removeValue(forKey: selected) == nil { mark(selected) }
    firstSetting = 0
    // On to the next: marking several is the usual thing.
    if let row = selectedRow, row + 1 < shown.count { select(row + 1) }
  }

  /// A run keeps its place, and so its letter and colour, as long as it is marked.
  private mutating func mark(_ path: String) {
    let taken = Set(marks.values)
    guard let place = (0..<Self.mostMarks).first(where: { !taken.contains($0) }) else {
      say("\(Self.mostMarks) runs are marked: more could not be told apart", .refusal)
      return
    }
    marks[path] = place
  }

  private mutating func markAll() {
    for index in shown where marks[runs[index].path] == nil {
      guard marks.count < Self.mostMarks else {
        say("the first \(Self.mostMarks) are marked: more could not be told apart", .refusal)
        return
      }
      mark(runs[index].path)
    }
  }

  private mutating func togglePin() {
    guard let selected else { return }
    if notes.pinned.remove(selected) == nil { notes.pinned.insert(selected) }
    arrange()
  }

  private mutating func keepNote() {
    guard case .note(let text) = typing, let selected else { return }
    let trimmed = text.split(separator: " ").joined(separator: " ")
    notes.notes[selected] = trimmed.isEmpty ? nil : trimmed
    typing = nil
    arrange()
  }

  // MARK: Typing

  package mutating func type(_ key: Key) -> Bool {
    guard typing != nil, case .character(let character) = key else { return false }
    append(String(character))
    return true
  }

  package mutating func apply(paste text: String) {
    guard typing != nil else { return refusePaste() }
    append(text)
  }

  private mutating func append(_ text: String) {
    let text = ScreenText.printable(text)
    switch typing {
    case .filter: setFilter(String((filter + text).prefix(Self.longestNote)))
    case .note(let note): typing = .note(String((note + text).prefix(Self.longestNote)))
    case nil: break
    }
  }

  private mutating func setFilter(_ text: String) {
    filter = text
    query = RunQuery(text)
    arrange()
  }

  // MARK: Looking

  private mutating func look(_ action: KeyAction, _ key: Key) {
    switch action {
    case .preset, .presetBefore: changeMetric(by: action == .preset ? 1 : -1)
    case .sortAfter, .sortBefore: changeOrder(by: action == .sortAfter ? 1 : -1)
    case .reverseSort:
      order.isReversed.toggle()
      arrange()
      say(orderWords)
    case .nextPanel: moveFocus(by: 1)
    case .previousPanel: moveFocus(by: -1)
    case .panel:
      guard case .character(let character) = key, let number = character.wholeNumberValue,
        Panel.allCases.indices.contains(number - 1)
      else { return }
      focus = Panel.allCases[number - 1]
    case .maximize: isMaximized.toggle()
    case .smoothing:
      smoothing = smoothing.next
      say("curves: \(smoothing.label)")
    case .logScale: isLogarithmic.toggle()
    case .outliers:
      showsAll.toggle()
      say(showsAll ? "scaled by all values" : "scaled without the start of the curves")
    case .axisUnit:
      unit = unit == .steps ? .epochs : unit == .epochs ? .time : .steps
      say("curves go by \(unit == .steps ? "steps" : unit == .epochs ? "epochs" : "time")")
    default: break
    }
  }

  private mutating func changeMetric(by offset: Int) {
    let metrics = metrics
    guard !metrics.isEmpty else { return }
    let now = chartMetric.flatMap { metrics.firstIndex(of: $0) } ?? -offset
    metric = metrics[(now + offset + metrics.count) % metrics.count]
    arrange()
    say("figure: \(metric.map { MetricName.words($0) } ?? "")")
  }

  private mutating func changeOrder(by offset: Int) {
    let columns = RunOrder.Column.allCases
    let now = columns.firstIndex(of: order.column) ?? 0
    order = RunOrder(columns[(now + offset + columns.count) % columns.count])
    arrange()
    say(orderWords)
  }

  private var orderWords: String {
    "sorted by \(order.column.rawValue)" + (order.isReversed ? ", the other way round" : "")
  }

  private mutating func moveFocus(by offset: Int) {
    let panels = Panel.allCases
    let index = panels.firstIndex(of: focus) ?? 0
    focus = panels[(index + offset + panels.count) % panels.count]
  }

  // MARK: Refusals

  package func ownRefusal(of action: KeyAction) -> String? {
    switch action {
    case .details where isTooSmall, .filter where isTooSmall, .note where isTooSmall:
      return Self.tooSmall
    case .details, .mark, .markAll, .pin, .note, .up, .down, .first, .last:
      if !shown.isEmpty { return nil }
      return runs.isEmpty ? "there is no run" : "no run fits the filter: esc shows all"
    case .pageUp, .pageDown:
      return topLayer == .help || shown.count > listRows ? nil : "all runs are in sight"
    case .statistics:
      return marks.count > 1
        ? nil : "mark the runs to be compared: \(keyName(of: .mark)) marks one"
    case .unmarkAll: return marks.isEmpty ? "no run is marked" : nil
    case .back where topLayer == .main:
      return isMaximized || !filter.isEmpty ? nil : "nothing is open that could be closed"
    case .preset, .presetBefore: return metrics.count > 1 ? nil : "there is no other figure"
    case .logScale:
      guard let chartMetric, MetricName.isShare(chartMetric) else { return nil }
      return "a share has two ends: nothing to stretch"
    case .outliers: return isLogarithmic ? "a logarithmic scale shows all values" : nil
    default: return nil
    }
  }
}
