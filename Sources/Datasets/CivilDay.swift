// Days of the Gregorian calendar, counted from 1970.

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
