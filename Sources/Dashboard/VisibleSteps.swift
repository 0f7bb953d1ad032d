// The range of steps that the charts show, stepping on by whole columns.
import RunRecords

extension DashboardModel {
  /// The steps that charts of so many columns cover: from the start, or the last few hundred records.
  ///
  /// Every column is equally many steps wide, and the range stays as it is until a column is full, so
  /// that charts advance by whole columns instead of trembling.
  package func visibleSteps(columns: Int, entries: Int = 300) -> ClosedRange<Int> {
    let columns = max(1, columns)
    guard let segment else { return 0...columns }
    // A damaged log may name any step: the sums below must not overflow.
    let last = min(segment.step, 1_000_000_000_000_000)
    let first = min(segment.loss.raw.step(entriesAgo: entries) ?? 0, last)
    let span = Self.roundSpan(last - first)
    guard window == .recent, span < last else {
      if last < columns {
        let planned = segment.header.totalSteps
        return 0...max(1, last, min(columns - 1, planned > 0 ? planned : columns))
      }
      return 0...Self.end(of: last, width: last / columns + 1)
    }
    let width = span / columns + 1
    let end = Self.end(of: last, width: width)
    return max(0, end - width * columns + 1)...end
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
