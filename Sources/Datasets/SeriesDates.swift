// The dates of a series: their order, and the steps that are missing between them.
import Basics

/// What the dates of a series say once it goes from old to new.
struct SeriesDates {
  /// Dates in seconds since 1970, from old to new.
  private let dates: [Double]

  /// Turns a table from new to old round.
  ///
  /// - Throws: `ProgramError` with the line of a date that comes twice or out of order.
  init(
    _ table: inout CSVTable, column: Int, format: DateFormat, notes: inout [String]
  ) throws(ProgramError) {
    var dates = try table.dates(column, format, allowsMissing: false)
    let name = table.columns[column]
    if SeriesOrder(dates).isDescending {
      dates.reverse()
      table.reverseRows()
      notes.append(
        "column '\(name)' goes from new to old "
          + "(\(table[table.rowCount - 1, column]) to \(table[0, column])): the series is turned round"
      )
    }
    for row in dates.indices.dropFirst() where dates[row] <= dates[row - 1] {
      let cell = table[row, column]
      let other = table.line(row - 1)
      if dates[row] == dates[row - 1] {
        let later = max(table.line(row), other)
        throw .bad(
          place: "\(table.name): line \(later), column \(column + 1) (\(name))",
          problem:
            "expected each date once, found '\(cell)' again (line \(min(table.line(row), other)))",
          hint: "keep one row of each date, of one series alone (data.date: none goes by no date)")
      }
      throw .bad(
        place: table.place(row: row, column: column),
        problem: "expected dates in order, found '\(cell)' beside '\(table[row - 1, column])' "
          + "(line \(other))",
        hint: "sort the rows by date, or name another column in data.date (none: by no date)")
    }
    self.dates = dates
    if let note = gapNote(table, column) { notes.append(note) }
  }

  /// Counts the places where steps are missing.
  private func gapNote(_ table: CSVTable, _ column: Int) -> String? {
    guard dates.count > 2 else { return nil }
    let steps = zip(dates.dropFirst(), dates).map { $0 - $1 }
    let usual = Self.mostCommon(steps)
    let days = dates.map { CivilDay(days: Int(($0 / 86400).rounded(.down))) }
    let isWholeDays = dates.allSatisfy { $0.truncatingRemainder(dividingBy: 86400) == 0 }
    let isByMonth = isWholeDays && usual >= 28 * 86400
    // Months differ in length, and trading days leave out weekends.
    let isByWorkday =
      isWholeDays && usual == 86400 && days.allSatisfy { $0.weekday < 5 }
      && zip(days, steps).contains { $0.weekday == 4 && $1 > 86400 }
    var months = 1
    if isByMonth {
      months = Int(
        Self.mostCommon(
          zip(days.dropFirst(), days).map { Double(12 * ($0.year - $1.year) + $0.month - $1.month) }
        ))
    }
    var (count, missing, longest) = (0, 0.0, (steps: 0.0, row: 0))
    for (row, step) in steps.enumerated() {
      let between: Double
      if isByMonth {
        let (next, last) = (days[row + 1], days[row])
        between =
          Double(12 * (next.year - last.year) + next.month - last.month) / Double(max(months, 1))
      } else if isByWorkday {
        between = Double(Self.workdays(from: days[row], steps: Int(step / 86400)))
      } else {
        between = step / usual
      }
      // Clocks drift, and summer time takes an hour from a day.
      guard between > 1.5 else { continue }
      count += 1
      let skipped = (between - 1).rounded()
      missing += skipped
      if skipped > longest.steps { longest = (skipped, row) }
    }
    guard count > 0 else { return nil }
    let unit =
      isByMonth
      ? months == 1 ? "month" : "\(months) months" : isByWorkday ? "workday" : Self.text(usual)
    return "column '\(table.columns[column])': \(count) \(count == 1 ? "gap" : "gaps") in steps of "
      + "\(unit), \(Int(missing)) \(missing == 1 ? "step" : "steps") missing, the longest behind "
      + "\(table[longest.row, column]) (\(Int(longest.steps))): rows are taken as if none were"
  }

  /// Workdays from a day to the one `steps` days later.
  private static func workdays(from day: CivilDay, steps: Int) -> Int {
    let weeks = steps / 7
    let rest = (0..<steps % 7).count { (day.weekday + 1 + $0) % 7 < 5 }
    return 5 * weeks + rest
  }

  private static func mostCommon(_ steps: [Double]) -> Double {
    var counts: [Double: Int] = [:]
    for step in steps { counts[step, default: 0] += 1 }
    return counts.max { $0.value == $1.value ? $0.key > $1.key : $0.value < $1.value }?.key ?? 1
  }

  private static func text(_ seconds: Double) -> String {
    let units = [(86400.0, "day"), (3600, "hour"), (60, "minute"), (1, "second")]
    guard let (size, name) = units.first(where: { seconds >= $0.0 }) else { return "\(seconds) s" }
    let count = seconds / size
    return count == 1
      ? name : "\(Int(exactly: count).map(String.init) ?? "\(count)") \(name)s"
  }
}
