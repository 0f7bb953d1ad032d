// The ways numbers are written, and which of them the cells of a column allow.

/// The marks of a number: what stands before its fraction, and what groups its digits.
struct NumberConvention: Equatable {
  var decimal: TableReading.DecimalMark
  var thousands: TableReading.ThousandsMark

  /// As programs write them: `1234.5`.
  static let plain = NumberConvention(decimal: .point, thousands: .none)

  static let all: [NumberConvention] = TableReading.DecimalMark.allCases.flatMap { decimal in
    TableReading.ThousandsMark.allCases.compactMap { thousands in
      thousands.rawValue == decimal.rawValue
        ? nil : NumberConvention(decimal: decimal, thousands: thousands)
    }
  }

  /// As the keys of an experiment that set it.
  var keys: String {
    thousands == .none
      ? "decimal: \"\(decimal.rawValue)\""
      : "decimal: \"\(decimal.rawValue)\" and thousands: \"\(thousands.rawValue)\""
  }
}

/// Which conventions allow the cells seen so far.
struct NumberConventions: OptionSet {
  var rawValue: UInt16

  static let all = NumberConventions(rawValue: (1 << UInt16(NumberConvention.all.count)) - 1)
  static let plain = NumberConventions(where: { $0 == .plain })
  /// A point before the fraction.
  static let point = NumberConventions(where: { $0.decimal == .point })
  /// A comma before the fraction.
  static let comma = NumberConventions(where: { $0.decimal == .comma })
  /// A point before the fraction, and no commas that group.
  fileprivate static let pointAlone = NumberConventions(where: {
    $0.decimal == .point && $0.thousands != .comma
  })
  fileprivate static let commaAlone = NumberConventions(where: {
    $0.decimal == .comma && $0.thousands != .point
  })
  fileprivate static let groupedByComma = NumberConventions(where: { $0.thousands == .comma })
  fileprivate static let groupedByPoint = NumberConventions(where: { $0.thousands == .point })
  fileprivate static let groupedByApostrophe = NumberConventions(where: {
    $0.thousands == .apostrophe
  })
  fileprivate static let groupedBySpace = NumberConventions(where: { $0.thousands == .space })
  /// Everything but commas and points that group: those must group whatever is long enough.
  fileprivate static let loose = all.subtracting([groupedByComma, groupedByPoint])

  init(rawValue: UInt16) { self.rawValue = rawValue }

  init(where fits: (NumberConvention) -> Bool) {
    rawValue = 0
    for (index, convention) in NumberConvention.all.enumerated() where fits(convention) {
      rawValue |= 1 << UInt16(index)
    }
  }

  /// Those that an experiment's keys leave.
  init(_ reading: TableReading) {
    self.init(where: { convention in
      convention.decimal == reading.decimal ?? convention.decimal
        && convention.thousands == reading.thousands ?? convention.thousands
    })
  }

  /// The first of them, plain before all others.
  var first: NumberConvention? {
    NumberConvention.all.enumerated().first { rawValue & (1 << UInt16($0.offset)) != 0 }?.element
  }
}

/// What a cell looks like as a number.
struct NumberShape {
  /// The conventions under which it is a number; empty: it is not a number.
  var conventions: NumberConventions
  /// A point or a comma before three digits could be either: `1.234`, `1,234`.
  var isAmbiguous = false

  static let none = NumberShape(conventions: [])

  /// Looks at a cell without spaces around it.
  init(_ cell: UnsafeBufferPointer<UInt8>) {
    var index = 0
    var digits = 0
    self = .none
    if cell.isEmpty { return }
    if let length = cell.signLength(at: 0) { index = length }
    // Most numbers have digits and at most one point.
    let first = index
    while index < cell.count, cell.isDigit(index) { index += 1 }
    let leading = index - first
    digits = leading
    if index == cell.count {
      guard leading > 0 else { return }
      conventions = leading <= 3 ? .all : .loose
      return
    }
    var mark = cell[index]
    if mark == UInt8(ascii: ".") || mark == UInt8(ascii: ",") {
      var end = index + 1
      while end < cell.count, cell.isDigit(end) { end += 1 }
      let following = end - index - 1
      digits += following
      guard digits > 0 else { return }
      let isPoint = mark == UInt8(ascii: ".")
      if end == cell.count || cell.isExponent(end) {
        let hasExponent = end < cell.count
        conventions =
          isPoint
          ? (leading <= 3 ? .point : .pointAlone) : leading <= 3 ? .comma : .commaAlone
        if hasExponent {
          conventions.formIntersection(isPoint ? .pointAlone : .commaAlone)
        } else if following == 3, 1...3 ~= leading, cell[first] != UInt8(ascii: "0") {
          conventions.formUnion(isPoint ? .groupedByPoint : .groupedByComma)
          isAmbiguous = true
        }
        return
      }
    } else if cell.isExponent(index) {
      if leading > 0 { conventions = [.pointAlone, .commaAlone] }
      return
    }
    // Grouped digits: one to three, then threes (or, with commas, India's twos and a three).
    guard 1...3 ~= leading, cell[first] != UInt8(ascii: "0"),
      let group = cell.groupMark(at: index)
    else { return }
    mark = group.mark
    var sizes: [Int] = []
    while index < cell.count, let next = cell.groupMark(at: index), next.mark == mark {
      index += next.length
      let start = index
      while index < cell.count, cell.isDigit(index) { index += 1 }
      sizes.append(index - start)
    }
    let isIndian =
      mark == UInt8(ascii: ",") && leading <= 2 && sizes.last == 3
      && sizes.dropLast().allSatisfy { $0 == 2 }
    guard sizes.allSatisfy({ $0 == 3 }) || isIndian else { return }
    let grouped: NumberConventions =
      switch mark {
      case UInt8(ascii: ","): .groupedByComma
      case UInt8(ascii: "."): .groupedByPoint
      case UInt8(ascii: "'"): .groupedByApostrophe
      default: .groupedBySpace
      }
    if index == cell.count {
      conventions = grouped
      return
    }
    let decimal = cell[index]
    guard decimal == UInt8(ascii: ".") || decimal == UInt8(ascii: ","), decimal != mark else {
      return
    }
    index += 1
    while index < cell.count, cell.isDigit(index) { index += 1 }
    guard index == cell.count else { return }
    conventions = grouped.intersection(decimal == UInt8(ascii: ".") ? .point : .comma)
  }

  private init(conventions: NumberConventions) { self.conventions = conventions }
}

extension UnsafeBufferPointer<UInt8> {
  @inline(__always)
  func isDigit(_ index: Int) -> Bool { self[index] &- 0x30 < 10 }

  /// An exponent to the end of the cell: `e-3`.
  func isExponent(_ index: Int) -> Bool {
    guard self[index] | 0x20 == UInt8(ascii: "e") else { return false }
    var place = index + 1
    if place < count, let length = signLength(at: place) { place += length }
    guard place < count else { return false }
    return self[place...].allSatisfy { $0 &- 0x30 < 10 }
  }

  /// The length of a sign: plus, minus, or the typographic minus, U+2212.
  @inline(__always)
  func signLength(at index: Int) -> Int? {
    switch self[index] {
    case UInt8(ascii: "-"), UInt8(ascii: "+"): 1
    case 0xe2 where count > index + 2 && self[index + 1] == 0x88 && self[index + 2] == 0x92: 3
    default: nil
    }
  }

  /// What groups digits here: a comma, a point, an apostrophe (also U+2019) or a space of any kind,
  /// as ASCII.
  func groupMark(at index: Int) -> (mark: UInt8, length: Int)? {
    switch self[index] {
    case UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: "'"), UInt8(ascii: " "):
      return (self[index], 1)
    case 0xc2 where count > index + 1 && self[index + 1] == 0xa0: return (UInt8(ascii: " "), 2)
    case 0xe2 where count > index + 2 && self[index + 1] == 0x80:
      return switch self[index + 2] {
      case 0x99: (UInt8(ascii: "'"), 3)
      case 0xaf, 0x89: (UInt8(ascii: " "), 3)
      default: nil
      }
    default: return nil
    }
  }

  /// The number in a cell that has the shape of one under this convention.
  func number(_ convention: NumberConvention) -> Double? {
    var mantissa: UInt64 = 0
    var (digits, fraction, index) = (0, 0, 0)
    var isNegative = false
    if count > 0, let length = signLength(at: 0) {
      isNegative = self[0] != UInt8(ascii: "+")
      index = length
    }
    var isFraction = false
    let decimal: UInt8 = convention.decimal == .point ? UInt8(ascii: ".") : UInt8(ascii: ",")
    while index < count {
      let byte = self[index]
      if byte &- 0x30 < 10 {
        if digits < 19 { mantissa = mantissa &* 10 &+ UInt64(byte &- 0x30) }
        if mantissa > 0 { digits += 1 }
        if isFraction { fraction += 1 }
        index += 1
      } else if byte == decimal, !isFraction {
        isFraction = true
        index += 1
      } else if byte | 0x20 == UInt8(ascii: "e") {
        break
      } else if let group = groupMark(at: index) {
        index += group.length
      } else {
        return nil
      }
    }
    // With at most 15 digits and a power of ten that is exact, one division is rounded right.
    if index == count, digits <= 15, fraction <= 22 {
      let value = Double(mantissa) / Self.powersOfTen[fraction]
      return isNegative ? -value : value
    }
    return Double(plainText(convention))
  }

  /// The cell as a program would write the number.
  private func plainText(_ convention: NumberConvention) -> String {
    var text: [UInt8] = []
    var index = 0
    while index < count {
      let byte = self[index]
      if let length = signLength(at: index) {
        if byte != UInt8(ascii: "+") { text.append(UInt8(ascii: "-")) }
        index += length
      } else if byte == UInt8(ascii: convention.decimal == .point ? "." : ",") {
        text.append(UInt8(ascii: "."))
        index += 1
      } else if let group = groupMark(at: index) {
        index += group.length
      } else {
        text.append(byte)
        index += 1
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static var powersOfTen: [Double] { exactPowersOfTen }
}

/// 10⁰ to 10²², which are exact.
private let exactPowersOfTen = (0...22).map { exponent in
  (0..<exponent).reduce(1.0) { power, _ in power * 10 }
}
