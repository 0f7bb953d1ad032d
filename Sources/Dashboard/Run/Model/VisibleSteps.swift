// The range of steps that the charts show, which moves on by small parts rather than step by step.
import RunHistory
import RunRecords

extension DashboardModel {
  /// The step reached; a damaged log may name any, and sums must not overflow.
  var lastStep: Int { min(max(0, segment?.step ?? 0), 1_000_000_000_000_000) }

  /// About how wide charts are, in columns; what they show advances by about one column.
  private static let columns = 60

  /// The steps that all charts cover: the zoomed range, the whole run, or the last few hundred
  /// records.
  ///
  /// While it follows the run, it moves by whole columns. The whole run is laid out anew only when
  /// it no longer fits, which is seldom: it then becomes about a fifth longer, until the planned
  /// end is reached.
  package var visibleSteps: ClosedRange<Int> {
    guard let segment else { return 0...Self.columns }
    let last = lastStep
    switch charts.zoom {
    case .steps: return charts.zoom?.range(last: last) ?? 0...max(1, last)
    case .newest(let span) where span < last: return newest(span)
    default: break
    }
    let first = min(segment.loss.raw.step(entriesAgo: 300) ?? 0, last)
    let span = Self.roundSpan(last - first)
    if charts.window == .recent, charts.zoom == nil, span < last { return newest(span) }
    let planned = segment.header.totalSteps ?? 0
    if last < Self.columns {
      return 0...max(1, last, min(Self.columns - 1, planned > 0 ? planned : Self.columns))
    }
    let end = Self.wholeWidth(last / Self.columns + 1) * Self.columns - 1
    return 0...(planned >= last && planned < end ? planned : end)
  }

  /// The last steps, up to the end of the column that the newest one is in.
  private func newest(_ span: Int) -> ClosedRange<Int> {
    let end = Self.end(of: lastStep, width: max(1, span / Self.columns))
    return max(0, end - span)...end
  }

  /// The steps of the last few records, in `columns` whole columns, whatever the charts show.
  func recentSteps(columns: Int, entries: Int) -> ClosedRange<Int> {
    let columns = max(1, columns)
    guard let segment else { return 0...columns }
    let last = lastStep
    let first = min(segment.loss.raw.step(entriesAgo: entries) ?? 0, last)
    let width = min(Self.roundSpan(last - first), last) / columns + 1
    let end = Self.end(of: last, width: width)
    return max(0, end - width * columns + 1)...end
  }

  /// The next width of 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 22 ….
  private static func wholeWidth(_ width: Int) -> Int {
    var decade = 1
    while decade <= width / 100 { decade *= 10 }
    let rungs = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 22, 27, 33, 40, 50, 60, 75, 90, 100]
    return rungs.first { $0 * decade >= width }.map { $0 * decade } ?? width
  }

  /// The last step of the column that holds `step`.
  private static func end(of step: Int, width: Int) -> Int {
    step / width * width + width - 1
  }

  /// The next of 1, 1.5, 2, 3, 5, 7, 10 …, which hardly ever changes while records come in.
  private static func roundSpan(_ span: Int) -> Int {
    var decade = 1
    while decade <= span / 100 { decade *= 10 }
    let rungs = [10, 15, 20, 30, 50, 70, 100].map { $0 * decade }
    return rungs.first { $0 >= span } ?? span
  }
}
