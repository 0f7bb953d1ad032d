// The range of steps that the charts show, stepping on by whole columns.
import RunRecords

extension DashboardModel {
  /// The steps that charts of so many columns cover: from the start, or the last few hundred records.
  ///
  /// The recent part moves on by whole columns. The whole run is laid out anew when it no longer fits,
  /// which is seldom: the columns then become about a fifth wider, until the planned end is reached.
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
      let end = Self.wholeWidth(last / columns + 1) * columns - 1
      let planned = segment.header.totalSteps
      return 0...(planned >= last && planned < end ? planned : end)
    }
    let width = span / columns + 1
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
