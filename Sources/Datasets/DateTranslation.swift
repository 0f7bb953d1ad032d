// English dates in many forms and their ISO form: a translation whose every answer is known.
import Basics

/// A day from 1900-01-01 to 2099-12-31.
struct CalendarDate: Equatable {
  /// Days from the first to the last.
  static let count = 73_049

  let year, month, day: Int
  /// 0 Monday to 6 Sunday.
  let weekday: Int

  /// `number` counts days from 1900-01-01, a Monday.
  init(number: Int) {
    weekday = number % 7
    var rest = number
    var year = 1900
    while rest >= Self.days(in: year) {
      rest -= Self.days(in: year)
      year += 1
    }
    var month = 1
    while rest >= Self.days(in: month, of: year) {
      rest -= Self.days(in: month, of: year)
      month += 1
    }
    (self.year, self.month, day) = (year, month, rest + 1)
  }

  private static func days(in year: Int) -> Int { isLeap(year) ? 366 : 365 }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func isLeap(_ year: Int) -> Bool {
    year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
  }

  /// 1979-05-03.
  var iso: String { "\(year)-\(Self.twoDigits(month))-\(Self.twoDigits(day))" }

  private static func twoDigits(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }

  /// How many ways there are to write it.
  static let forms = 12

  /// Written in one of the forms.
  ///
  /// The year has two digits in one of them, from 1930 to 2029, where that leaves no doubt.
  func text(form: Int) -> String {
    let (name, weekdayName) = (Self.months[month - 1], Self.weekdays[weekday])
    let (dd, mm) = (Self.twoDigits(day), Self.twoDigits(month))
    let short = 1930...2029 ~= year ? Self.twoDigits(year % 100) : "\(year)"
    return switch form {
    case 0: "\(day) \(name) \(year)"
    case 1: "\(name) \(day), \(year)"
    case 2: "\(name) \(day)\(ordinal), \(year)"
    case 3: "\(day)\(ordinal) of \(name) \(year)"
    case 4: "\(weekdayName), \(day)\(ordinal) of \(name) \(year)"
    case 5: "\(weekdayName), \(name) \(day), \(year)"
    case 6: "\(day)-\(name.prefix(3))-\(year)"
    case 7: "\(name.prefix(3)) \(day), \(year)"
    case 8: "\(mm)/\(dd)/\(short) (US)"
    case 9: "\(dd)/\(mm)/\(year) (UK)"
    case 10: "\(dd).\(mm).\(year)"
    default: "\(year)/\(mm)/\(dd)"
    }
  }

  private var ordinal: String {
    switch day {
    case 1, 21, 31: "st"
    case 2, 22: "nd"
    case 3, 23: "rd"
    default: "th"
    }
  }

  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]
  private static let weekdays = [
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
  ]

  /// Every character of any form.
  static var characters: Set<Unicode.Scalar> {
    let words = months + weekdays + ["st", "nd", "rd", "th", "of", "US", "UK", "0123456789 ,-./()"]
    return Set((words + words.map { $0.lowercased() }).joined().unicodeScalars)
  }
}

extension Dataset {
  /// Dates in English, in one of twelve forms, half of them in lower case; translated to ISO.
  ///
  /// The dates of both parts differ: together they may be at most 73,049.
  package static func dates(train: Int, validation: Int, seed: UInt64) -> Dataset {
    precondition(train + validation <= CalendarDate.count, "more dates than there are")
    // The longest weekday and month, and a day of two digits.
    let longest = CalendarDate(number: 46_286)
    let translation = Translation(
      source: Alphabet(["_"] + CalendarDate.characters.sorted()),
      target: Alphabet("^-0123456789".unicodeScalars),
      sourceLength: (0..<CalendarDate.forms).map { longest.text(form: $0).count }.max() ?? 0,
      targetLength: 10)
    var order = Array(0..<CalendarDate.count)
    var random = RandomSource(seed: seed, stream: Stream.split)
    random.shuffleInPlace(&order)
    func part(_ numbers: ArraySlice<Int>, _ stream: UInt64) -> Examples {
      var random = RandomSource(seed: seed, stream: stream)
      var inputs: [Float] = []
      var labels: [Int32] = []
      for number in numbers {
        let date = CalendarDate(number: number)
        let text = date.text(form: random.index(below: CalendarDate.forms))
        let source = translation.source.encode(random.uniform() < 0.5 ? text.lowercased() : text)
        let target = translation.target.encode(date.iso)
        inputs += Array(
          repeating: Float(translation.padding), count: translation.sourceLength - source.count)
        inputs += source.map(Float.init)
        inputs.append(Float(translation.start))
        inputs += target.dropLast().map(Float.init)
        labels += target
      }
      return Examples(
        inputs: inputs,
        targets: .classes(
          labels, classes: translation.target.count, positions: translation.targetLength),
        count: numbers.count)
    }
    return Dataset(
      train: part(order.prefix(train), Stream.trainRows),
      validation: part(order.dropFirst(train).prefix(validation), Stream.validationRows),
      inputShape: [translation.sourceLength], decoderLength: translation.targetLength,
      task: .translation(translation))
  }

  /// The most examples there are of dates.
  package static var mostDates: Int { CalendarDate.count }
}
