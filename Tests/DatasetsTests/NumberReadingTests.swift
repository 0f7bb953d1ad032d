// Numbers as people write them: read where one way alone fits a whole column, else refused with both.
import Testing

@testable import Datasets

@Suite struct NumberReadingTests {
  /// The numbers of a column of these cells; the other column holds `beside`.
  private func numbers(
    _ cells: [String], separator: String = ",", beside: String = "k",
    _ reading: TableReading = TableReading()
  ) throws -> [Double]? {
    let rows = cells.map { "\"\($0)\"\(separator)\(beside)\n" }
    let table = try CSVTable("v\(separator)w\n" + rows.joined(), reading, name: "t.csv")
    guard let convention = try table.convention(0) else { return nil }
    return try table.numbers(0, convention, allowsMissing: false)
  }

  private func problem(
    _ cells: [String], separator: String = ",", beside: String = "k",
    _ reading: TableReading = TableReading()
  ) -> String {
    TestFiles.problem {
      try numbers(cells, separator: separator, beside: beside, reading) as Any
    }
  }

  @Test(arguments: [
    (
      ["0.5", "-1.25", "+3", ".5", "5.", "1e-3", "1E5", "007"],
      [0.5, -1.25, 3, 0.5, 5, 1e-3, 1e5, 7]
    ),
    (["0,50", "-1,25", "3"], [0.5, -1.25, 3]),
    (["-1,290.65", "738.49"], [-1290.65, 738.49]),
    (["1.234,56", "12,5"], [1234.56, 12.5]),
    (["1'234.5", "2\u{2019}234\u{2019}567.25"], [1234.5, 2_234_567.25]),
    (["1 234,5", "12\u{A0}345,5", "1\u{202F}234\u{202F}567,5"], [1234.5, 12345.5, 1_234_567.5]),
    (["12,34,567.5", "1,234"], [1_234_567.5, 1234]),
    (["1,23,456", "12"], [123_456, 12]),
    (["\u{2212}1290.6", "\u{2212}0.5"], [-1290.6, -0.5]),
    (["1,5e-3", "2,5"], [1.5e-3, 2.5]),
    (["1,234,567", "89"], [1_234_567, 89]),
    (
      ["1700000000.123456", "12345678901234567890"],
      [1_700_000_000.123456, 12_345_678_901_234_567_168]
    ),
    (["1.234", "1234"], [1.234, 1234]),
    ([" 1.5 ", "\u{A0}2"], [1.5, 2]),
  ])
  func `one reading that fits is taken`(cells: [String], expected: [Double]) throws {
    #expect(try numbers(cells) == expected)
    #expect(try numbers(cells, separator: ";") == expected)
  }

  @Test(arguments: [
    (["-1,234", "5,678"], "'-1,234', found two: -1234", "-1.234"),
    (["1,234", "567"], "found two", "1234"),
  ])
  func `a comma that could be either is an error with both readings and the keys`(
    cells: [String], words: String, other: String
  ) throws {
    for separator in [",", ";", "\t"] {
      let text = problem(cells, separator: separator, beside: "0.5")
      #expect(text.contains("line 2, column 1 (v)") && text.contains("found two"), "\(text)")
      #expect(text.contains(other) && text.contains("data.decimal"), "\(text)")
    }
  }

  @Test func `a point that could be either is a fraction where the file's other columns say so`()
    throws
  {
    let cells = ["1.234", "5.678"]
    #expect(try numbers(cells) == [1.234, 5.678])
    #expect(try numbers(cells, separator: ";", beside: "0.5") == [1.234, 5.678])
    #expect(problem(cells, separator: ";").contains("1.234 with decimal: \".\""))
    #expect(
      problem(cells, separator: ";").contains("1234 with decimal: \",\" and thousands: \".\""))
    #expect(problem(cells, separator: ";", beside: "0,5").contains("found two"))
  }

  @Test func `keys settle what could be either`() throws {
    let comma = ["1,234", "5,678"]
    #expect(try numbers(comma, TableReading(decimal: .comma)) == [1.234, 5.678])
    #expect(try numbers(comma, TableReading(thousands: .comma)) == [1234, 5678])
    #expect(try numbers(["1,234", "1290.5"], TableReading(thousands: .comma)) == [1234, 1290.5])
    let point = ["1.234", "5.678"]
    #expect(try numbers(point, separator: ";", TableReading(decimal: .comma)) == [1234, 5678])
    #expect(
      try numbers(point, separator: ";", TableReading(thousands: TableReading.ThousandsMark.none))
        == [1.234, 5.678])
    #expect(
      problem(["1,234", "x"], TableReading(decimal: .point)).contains("expected a number"))
  }

  @Test(arguments: [
    (["1.234,5", "1,234.5"], "line 3, column 1 (v): expected a number written as those above it"),
    (["1", "red"], "line 3, column 1 (v): expected a number, found 'red'"),
    (["1", "0x10"], "found '0x10'"), (["1", "12 cm"], "found '12 cm'"),
    (["1", "inf"], "expected a finite number, found 'inf'"),
    (["1", "1e400"], "expected a finite number, found '1e400'"),
    (["1", "1e39"], "expected a finite number, found '1e39'"),
    (["1", "1,2345,678"], "found '1,2345,678'"), (["1", "1..5"], "found '1..5'"),
    (["1", "NA"], "expected a number, found 'NA', which stands for no value: set data.missing"),
  ])
  func `a cell that does not fit is an error with its place`(cells: [String], expected: String) {
    #expect(problem(cells).contains(expected), "\(problem(cells))")
  }

  @Test func `texts are not read as numbers`() throws {
    #expect(try numbers(["red", "blue"]) == nil)
    #expect(try numbers(["A1", "B2"]) == nil)
    #expect(try numbers(["1", "2"], TableReading(text: ["v"])) == nil)
  }

  @Test func `numbers are read to the last digit`() throws {
    let values = (1...2000).map { index -> Double in
      let digits = Double(index * 7919 % 100_003)
      return index % 2 == 0 ? digits / 1024 : digits * 1.000_001e9
    }
    #expect(try numbers(values.map { "\($0)" }) == values)
    let short = ["0.1", "0.7", "123.456", "99999.99999", "0.000123", "4503599627370497.5"]
    #expect(try numbers(short) == short.compactMap(Double.init))
  }
}
