// A cell that may hold a date, read from front to back: years, names of months, times, offsets.

/// A reader of one cell; what it returns is nil where the cell goes on differently.
struct DateText {
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
