// Which way a series goes: dates that are turned round, doubled, out of order, or missing.
import Testing

@testable import Datasets

@Suite struct SeriesDateTests {
  private func series(
    _ dates: [String], name: String = "date", missing: MissingCells? = nil,
    _ reading: TableReading = TableReading()
  ) throws -> Series {
    let rows = dates.enumerated().map { "\"\($1)\",\($0).5,\(98_740_130 + $0 * 7919 % 13)\n" }
    return try Series(
      CSVTable("\(name),price,volume\n" + rows.joined(), reading, name: "s.csv"), column: "price",
      inputs: [], missing: missing)
  }

  private func problem(
    _ dates: [String], name: String = "date", _ reading: TableReading = TableReading()
  ) -> String {
    TestFiles.problem { try series(dates, name: name, reading) }
  }

  @Test(arguments: [
    ["2020-01-03", "2020-01-02", "2020-01-01"], ["2020-01", "2019-12", "2019-11"],
    ["2020-01-01T00:00:02Z", "2020-01-01T00:00:01Z", "2020-01-01T00:00:00Z"],
    ["2020-01-01 00:00:00.75", "2020-01-01 00:00:00.5", "2020-01-01 00:00:00.25"],
    ["2020-01-01T02:00:00+00:00", "2020-01-01T02:00:00+01:00", "2020-01-01T02:00:00+0200"],
    ["1700000002", "1700000001", "1700000000"],
    ["1700000002000", "1700000001000", "1700000000000"],
    ["20200103", "20200102", "20200101"], ["14.01.2020", "13.01.2020", "12.01.2020"],
    ["01/14/2020", "01/13/2020", "01/12/2020"], ["14/01/20", "13/01/20", "12/01/20"],
    ["2020/01/03", "2020/01/02", "2020/01/01"], ["Jan 03, 2020", "Jan 02, 2020", "Jan 01, 2020"],
    ["3-Mar-2020", "2-Mar-2020", "1-Mar-2020"], ["2020-W03", "2020-W02", "2020-W01"],
    ["2020-Q3", "2020-Q2", "2020-Q1"], ["2003", "2002", "2001"], ["12:02", "12:01", "12:00"],
    ["1/14/2020 1:05 PM", "1/14/2020 12:05 PM", "1/14/2020 11:05 AM"],
  ])
  func `a series from new to old is turned round, and that is said`(dates: [String]) throws {
    let series = try series(dates)
    #expect(series.columns[0] == [2.5, 1.5, 0.5])
    #expect(series.lines == [4, 3, 2])
    #expect(
      series.notes == [
        "column 'date' goes from new to old (\(dates[0]) to \(dates[2])): the series is turned round"
      ])
    #expect(series.tableColumns.map(\.kind) == [.date, .target, .ignored])
    let forwards = try self.series(dates.reversed())
    #expect(forwards.columns[0] == [0.5, 1.5, 2.5] && forwards.notes.isEmpty)
  }

  @Test func `a date that comes twice is an error with its line`() {
    let text = problem(["2020-01-01", "2020-01-02", "2020-01-02", "2020-01-03"])
    #expect(
      text.contains(
        "line 4, column 1 (date): expected each date once, found '2020-01-02' again (line 3)"),
      "\(text)")
    let back = problem(["2020-01-03", "2020-01-02", "2020-01-02", "2020-01-01"])
    #expect(back.contains("line 4, column 1 (date)") && back.contains("(line 3)"), "\(back)")
  }

  @Test func `a date out of order is an error with its line`() {
    let dates = ["2020-01-01", "2020-01-02", "2020-01-05", "2020-01-04", "2020-01-06"]
    let text = problem(dates)
    #expect(text.contains("line 5, column 1 (date): expected dates in order, found '2020-01-04'"))
    #expect(problem(dates, TableReading(findsDate: false)) == "none")
    let seconds = ["1700000000", "1700000060", "1700000030", "1700000090", "1700000120"]
    #expect(problem(seconds, name: "timestamp").contains("line 4, column 1 (timestamp)"))
  }

  @Test(arguments: [
    (
      ["2020-01-01", "2020-01-02", "2020-01-05", "2020-01-06"],
      "1 gap in steps of day, 2 steps missing"
    ),
    (
      ["2020-01", "2020-02", "2020-04", "2020-05", "2020-06"],
      "1 gap in steps of month, 1 step missing"
    ),
    (
      ["1700000000", "1700000060", "1700000120", "1700000300"], "1 gap in steps of minute, 2 steps"
    ),
  ])
  func `gaps are counted`(dates: [String], expected: String) throws {
    let notes = try series(dates).notes
    #expect(notes.count == 1 && notes[0].contains(expected), "\(notes)")
  }

  @Test(arguments: [
    ["2020-01-30", "2020-01-31", "2020-02-03", "2020-02-04", "2020-02-05"],
    ["2020-01-31", "2020-02-29", "2020-03-31", "2020-04-30"],
    ["2019-01-01", "2020-01-01", "2021-01-01", "2022-01-01"],
    ["2020-03-28 23:00", "2020-03-29 00:00", "2020-03-29 01:00", "2020-03-29 02:00"],
  ])
  func `weekends, months and leap years are not gaps`(dates: [String]) throws {
    #expect(try series(dates).notes.isEmpty)
  }

  @Test func `a trading day that is missing is a gap beside the weekend`() throws {
    let notes = try series([
      "2020-01-29", "2020-01-30", "2020-01-31", "2020-02-04", "2020-02-05", "2020-02-06",
    ]).notes
    #expect(notes.count == 1 && notes[0].contains("1 gap in steps of workday, 1 step missing"))
  }

  @Test func `dates that could be read in two ways are an error with both and the key`() throws {
    let dates = ["01/02/03", "02/02/03", "03/02/03"]
    let text = problem(dates)
    #expect(
      text.contains("line 2, column 1 (date): expected one way to read '01/02/03'"), "\(text)")
    #expect(text.contains("2003-02-01 as d/m/y, 2003-01-02 as m/d/y"), "\(text)")
    #expect(text.contains("data.date_format"))
    let settled = try series(dates, TableReading(dateFormat: .dayFirstSlashes))
    #expect(settled.notes.isEmpty && settled.tableColumns[0].kind == .date)
    #expect(
      problem(dates, TableReading(dateFormat: .iso, date: ["date"]))
        .contains("expected a date written iso, found '01/02/03'"))
  }

  @Test func `a cell among dates that is not a date is an error`() {
    let text = problem(["2020-01-01", "2020-01-02", "2020-02-30", "2020-01-04"])
    #expect(text.contains("line 4, column 1 (date): expected a date"), "\(text)")
    #expect(problem(["2020-01-01", "2020-01-02", "", "2020-01-04"]).contains("line 4, column 1"))
  }

  @Test func `of two columns of dates one must be named, unless both go one way`() throws {
    let text = """
      day,born,price
      2020-01-03,1980-01-01,1
      2020-01-02,1970-01-01,2
      2020-01-01,1990-01-01,3

      """
    let table = try CSVTable(text, name: "s.csv")
    #expect(try Series(table, column: "price", inputs: [], missing: nil).columns[0] == [3, 2, 1])
    let named = try CSVTable(text, TableReading(date: ["born"]), name: "s.csv")
    #expect(
      TestFiles.problem { try Series(named, column: "price", inputs: [], missing: nil) }
        .contains("(born): expected dates in order"))
  }

  @Test func `numbers that are not dates cause no note`() throws {
    #expect(try series(["5", "3", "9"]).columns[0] == [0.5, 1.5, 2.5])
    let volumes = try Series(
      CSVTable("price,volume\n1,1200000000\n2,1100000000\n3,1300000000\n", name: "s.csv"),
      column: "price", inputs: [], missing: nil)
    #expect(volumes.columns[0] == [1, 2, 3] && volumes.notes.isEmpty)
  }

  @Test func `days of the calendar go there and back`() {
    for days in stride(from: -200_000, to: 200_000, by: 37) {
      let day = CivilDay(days: days)
      #expect(CivilDay(year: day.year, month: day.month, day: day.day)?.days == days)
    }
    #expect(CivilDay(year: 2000, month: 2, day: 29)?.days == 11_016)
    #expect(CivilDay(year: 1900, month: 2, day: 29) == nil)
    #expect(CivilDay(days: 0).weekday == 3)
  }
}
