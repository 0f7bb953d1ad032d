// Dates and times as people and programs write them, as seconds.

/// A way to write a date; a time may follow all that name a day.
package enum DateFormat: String, Sendable, CaseIterable {
  /// `2024-01-15`, `2024-01`, `2024-W03`, `2024-Q1`.
  case iso
  /// `20240115`
  case compact = "yyyymmdd"
  /// `2024/01/15`
  case yearFirst = "y/m/d"
  /// `15.1.2024`
  case dayFirstPoints = "d.m.y"
  /// `15/1/2024`
  case dayFirstSlashes = "d/m/y"
  /// `1/15/2024`
  case monthFirstSlashes = "m/d/y"
  /// `15-1-2024`
  case dayFirstDashes = "d-m-y"
  /// `1-15-2024`
  case monthFirstDashes = "m-d-y"
  /// `15 Jan 2024`, `15-Jan-24`
  case dayMonthName = "d mon y"
  /// `Jan 15, 2024`
  case monthNameDay = "mon d, y"
  /// Seconds since 1970.
  case seconds
  /// Milliseconds since 1970.
  case milliseconds
  /// `2024`
  case year = "y"
  /// `13:45`, `13:45:01.5`
  case time = "h:m:s"

  /// A number or a word that is a date only where the whole column goes one way.
  var isWeak: Bool {
    switch self {
    case .year, .time: true
    case .iso, .compact, .yearFirst, .dayFirstPoints, .dayFirstSlashes, .monthFirstSlashes,
      .dayFirstDashes, .monthFirstDashes, .dayMonthName, .monthNameDay, .seconds, .milliseconds:
      false
    }
  }

  /// Written with digits alone: in a table such a column is one of numbers.
  var isNumber: Bool {
    switch self {
    case .compact, .seconds, .milliseconds, .year: true
    case .iso, .yearFirst, .dayFirstPoints, .dayFirstSlashes, .monthFirstSlashes, .dayFirstDashes,
      .monthFirstDashes, .dayMonthName, .monthNameDay, .time:
      false
    }
  }

  /// The time in a cell in seconds since 1970; nil if it is not written so.
  ///
  /// For `time` it is that of the day; where no offset is written, that of the cell's own zone.
  func seconds(_ cell: UnsafeBufferPointer<UInt8>) -> Double? {
    var text = DateText(cell)
    let day: Int?
    switch self {
    case .seconds, .milliseconds:
      guard let number = text.number(), text.isAtEnd else { return nil }
      return self == .seconds ? number : number / 1000
    case .time:
      guard let time = text.time(), text.isAtEnd else { return nil }
      return time
    case .year:
      guard let year = text.integer(digits: 4...4), text.isAtEnd else { return nil }
      return CivilDay(year: year, month: 1, day: 1).map { Double($0.days) * 86400 }
    case .iso: day = text.isoDay()
    case .compact:
      guard let number = text.integer(digits: 8...8) else { return nil }
      day = CivilDay(year: number / 10000, month: number / 100 % 100, day: number % 100)?.days
    case .yearFirst: day = text.day([.year, .month, .day], mark: "/")
    case .dayFirstPoints: day = text.day([.day, .month, .year], mark: ".")
    case .dayFirstSlashes: day = text.day([.day, .month, .year], mark: "/")
    case .monthFirstSlashes: day = text.day([.month, .day, .year], mark: "/")
    case .dayFirstDashes: day = text.day([.day, .month, .year], mark: "-")
    case .monthFirstDashes: day = text.day([.month, .day, .year], mark: "-")
    case .dayMonthName: day = text.dayWithName(monthFirst: false)
    case .monthNameDay: day = text.dayWithName(monthFirst: true)
    }
    guard let day, let time = text.timeOfDay() else { return nil }
    return Double(day) * 86400 + time
  }

  /// The formats of a column whose cells may be dates: years only where all lie near our time, and
  /// numbers only where they are seconds or milliseconds of the years 1973 to 2100.
  func allows(_ seconds: Double) -> Bool {
    switch self {
    case .seconds, .milliseconds: 1e8...4.1e9 ~= seconds
    case .compact, .year: CivilDay.seconds(year: 1500)...CivilDay.seconds(year: 2200) ~= seconds
    case .iso, .yearFirst, .dayFirstPoints, .dayFirstSlashes, .monthFirstSlashes, .dayFirstDashes,
      .monthFirstDashes, .dayMonthName, .monthNameDay, .time:
      true
    }
  }

  /// A time as ISO 8601 has it, without what is 0.
  package static func text(seconds: Double) -> String {
    let days = (seconds / 86400).rounded(.down)
    guard abs(days) < 1e7 else { return "\(seconds)" }
    let day = CivilDay(days: Int(days))
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let date = "\(day.year)-\(two(day.month))-\(two(day.day))"
    let rest = Int(seconds - days * 86400)
    if rest == 0 { return date }
    return "\(date) \(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))"
  }
}
