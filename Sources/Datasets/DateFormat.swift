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
  static func text(seconds: Double) -> String {
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

/// A day of the Gregorian calendar.
struct CivilDay: Equatable {
  let year: Int
  let month: Int
  let day: Int
  /// Days since 1970-01-01.
  let days: Int

  /// nil if there is no such day.
  init?(year: Int, month: Int, day: Int) {
    guard 1...12 ~= month, 1...9999 ~= year else { return nil }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard 1...lengths[month - 1] ~= day else { return nil }
    self.year = year
    self.month = month
    self.day = day
    // Years that begin in March: the leap day is the last.
    let shifted = month > 2 ? year : year - 1
    let fromMarch = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + fromMarch - 719_468
  }

  init(days: Int) {
    self.days = days
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let fromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * fromMarch + 2) / 5 + 1
    month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// Monday is 0.
  var weekday: Int { ((days + 3) % 7 + 7) % 7 }

  static func seconds(year: Int) -> Double {
    CivilDay(year: year, month: 1, day: 1).map { Double($0.days) * 86400 } ?? 0
  }
}

/// A cell that is read from front to back.
private struct DateText {
  private let cell: UnsafeBufferPointer<UInt8>
  private var index = 0

  init(_ cell: UnsafeBufferPointer<UInt8>) { self.cell = cell }

  enum Part { case year, month, day }

  var isAtEnd: Bool { index == cell.count }

  private mutating func pass(_ character: Unicode.Scalar) -> Bool {
    guard index < cell.count, cell[index] == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  private mutating func passSpaces() {
    while index < cell.count, cell[index] == UInt8(ascii: " ") { index += 1 }
  }

  /// A whole number with that many digits, and no digit behind it.
  mutating func integer(digits: ClosedRange<Int>) -> Int? {
    let start = index
    var value = 0
    while index < cell.count, index - start < 18, cell.isDigit(index) {
      value = value * 10 + Int(cell[index] &- 0x30)
      index += 1
    }
    return digits ~= index - start ? value : nil
  }

  mutating func number() -> Double? {
    let rest = UnsafeBufferPointer(rebasing: cell[index...])
    guard NumberShape(rest).conventions.contains(.plain) else { return nil }
    index = cell.count
    return rest.number(.plain)
  }

  mutating func day(_ parts: [Part], mark: Unicode.Scalar) -> Int? {
    var (year, month, day) = (0, 0, 0)
    for (place, part) in parts.enumerated() {
      if place > 0, !pass(mark) { return nil }
      switch part {
      case .year:
        let start = index
        guard let number = integer(digits: place == 0 ? 4...4 : 2...4), index - start != 3 else {
          return nil
        }
        year = Self.fullYear(number, digits: index - start)
      case .month:
        guard let number = integer(digits: 1...2) else { return nil }
        month = number
      case .day:
        guard let number = integer(digits: 1...2) else { return nil }
        day = number
      }
    }
    return CivilDay(year: year, month: month, day: day)?.days
  }

  /// Two digits are of 1970 to 2069.
  private static func fullYear(_ number: Int, digits: Int) -> Int {
    digits > 2 ? number : number < 70 ? 2000 + number : 1900 + number
  }

  mutating func isoDay() -> Int? {
    guard let year = integer(digits: 4...4) else { return nil }
    let hasDash = pass("-")
    if pass("W") {
      guard let week = integer(digits: 2...2), 1...53 ~= week else { return nil }
      var weekday = 1
      if pass("-") {
        guard let number = integer(digits: 1...1), 1...7 ~= number else { return nil }
        weekday = number
      }
      // The first week of a year has its fourth of January.
      guard let fourth = CivilDay(year: year, month: 1, day: 4) else { return nil }
      return fourth.days - fourth.weekday + 7 * (week - 1) + weekday - 1
    }
    if pass("Q") {
      guard let quarter = integer(digits: 1...1), 1...4 ~= quarter else { return nil }
      return CivilDay(year: year, month: 3 * quarter - 2, day: 1)?.days
    }
    guard hasDash, let month = integer(digits: 1...2) else { return nil }
    guard pass("-") else { return CivilDay(year: year, month: month, day: 1)?.days }
    guard let day = integer(digits: 1...2) else { return nil }
    return CivilDay(year: year, month: month, day: day)?.days
  }

  mutating func dayWithName(monthFirst: Bool) -> Int? {
    var day = 0
    if !monthFirst {
      guard let number = integer(digits: 1...2) else { return nil }
      day = number
      passMarks()
    }
    guard let month = monthName() else { return nil }
    passMarks()
    if monthFirst {
      guard let number = integer(digits: 1...2) else { return nil }
      day = number
      passMarks()
    }
    let start = index
    guard let year = integer(digits: 2...4), index - start != 3 else { return nil }
    return CivilDay(year: Self.fullYear(year, digits: index - start), month: month, day: day)?.days
  }

  private mutating func passMarks() {
    while index < cell.count, " -,./".utf8.contains(cell[index]) { index += 1 }
  }

  /// An English month, three letters or all.
  private mutating func monthName() -> Int? {
    let start = index
    while index < cell.count, 0x61...0x7a ~= cell[index] | 0x20 { index += 1 }
    let word = String(decoding: cell[start..<index], as: UTF8.self).lowercased()
    guard word.utf8.count >= 3 else { return nil }
    return Self.months.firstIndex { $0 == word || $0.prefix(3) == word }.map { $0 + 1 }
  }

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
  ]

  /// What may follow a day: nothing, or a time with or without an offset.
  mutating func timeOfDay() -> Double? {
    if isAtEnd { return 0 }
    guard pass("T") || pass(" ") else { return nil }
    passSpaces()
    guard var time = time() else { return nil }
    passSpaces()
    if isAtEnd || pass("Z") { return isAtEnd ? time : nil }
    let isUTC = pass("U") ? pass("T") && pass("C") : false
    if isUTC { return isAtEnd ? time : nil }
    let isBehind = pass("-")
    guard isBehind || pass("+"), let hours = integer(digits: 1...4) else { return nil }
    var minutes = hours * 60
    if hours > 99 { minutes = hours / 100 * 60 + hours % 100 }
    if pass(":") {
      guard let number = integer(digits: 2...2) else { return nil }
      minutes += number
    }
    time -= Double(isBehind ? -minutes : minutes) * 60
    return isAtEnd ? time : nil
  }

  /// `13:45`, `13:45:01.5`, `1:45 PM`.
  mutating func time() -> Double? {
    guard var hours = integer(digits: 1...2), hours <= 24, pass(":"),
      let minutes = integer(digits: 2...2), minutes < 60
    else { return nil }
    var seconds = 0.0
    if pass(":") {
      guard let whole = integer(digits: 2...2), whole <= 60 else { return nil }
      seconds = Double(whole)
      if pass(".") || pass(",") {
        let start = index
        guard let fraction = integer(digits: 1...18) else { return nil }
        var scale = 1.0
        for _ in start..<index { scale *= 10 }
        seconds += Double(fraction) / scale
      }
    }
    let end = index
    passSpaces()
    let isMorning = pass("A") || pass("a")
    if isMorning || pass("P") || pass("p") {
      guard pass("M") || pass("m"), 1...12 ~= hours else { return nil }
      hours = hours % 12 + (isMorning ? 0 : 12)
    } else {
      index = end
    }
    return Double(hours * 3600 + minutes * 60) + seconds
  }
}
