// What becomes of a table's columns: names, missing cells, texts that are not numbers.
import Basics
import Testing

@testable import Datasets

@Suite struct ColumnTests {
  /// Without those of the split: tables of a few rows may be dealt out by class.
  private func notes(_ data: Dataset) -> [String] {
    data.notes.filter { !$0.hasPrefix("split by class") }
  }

  private func data(
    _ text: String, missing: MissingCells? = nil, ignore: [String] = [], target: String = "y",
    _ reading: TableReading = TableReading()
  ) throws -> Dataset {
    var data = try Dataset.table(
      CSVTable(text, reading, name: "t.csv"),
      TableOptions(
        target: target, task: .classification, validation: 0.25, missing: missing, ignore: ignore,
        reading: reading), seed: 1)
    // A part of one row is always without a class; `SplitTests` has what is said of that.
    data.notes.removeAll { $0.hasPrefix("split by class") }
    return data
  }

  private func problem(
    _ text: String, missing: MissingCells? = nil, ignore: [String] = [], target: String = "y",
    _ reading: TableReading = TableReading()
  ) -> String {
    TestFiles.problem {
      try data(text, missing: missing, ignore: ignore, target: target, reading)
    }
  }

  /// Rows of one cell beside the classes a and b in turn.
  private func rows(_ cells: [String], name: String = "v") -> String {
    "\(name),y\n"
      + cells.enumerated().map { "\"\($1)\",\($0 % 2 == 0 ? "a" : "b")\n" }.joined()
  }

  // MARK: Names

  @Test func `two columns of the target's name are an error with their places`() {
    let text = problem("y,x,y\na,1,b\nb,2,a\na,3,b\nb,4,a\n")
    #expect(text.contains("expected one column 'y', found 2: columns 1 and 3"), "\(text)")
    #expect(problem("y,x, y \na,1,b\nb,2,a\n").contains("columns 1 and 3"))
    #expect(
      problem("y,x,x,z\na,1,b,1\nb,2,a,2\n", ignore: ["x"]).contains("data.ignore means one"))
    #expect(
      problem("y,x,Y\na,1,a\nb,2,b\na,3,a\nb,4,b\n").contains("found its cells again in column 3"))
  }

  @Test func `two inputs of one name are noted`() throws {
    let data = try data("x,y,x\n1,a,5\n2,b,6\n3,a,7\n4,b,8\n")
    #expect(notes(data) == ["columns 1 and 3 are both named 'x', and all are inputs"])
    #expect(data.inputShape == [2])
    let capitals = try self.data("T,y,t\n1,a,5\n2,b,6\n3,a,7\n4,b,8\n")
    #expect(
      notes(capitals) == ["columns 1 and 3 have names that differ in capitals alone: 'T', 't'"])
  }

  @Test func `an index without a name is not an input`() throws {
    let data = try data(",x,y\n0,1,a\n1,2,b\n2,1,a\n5,3,b\n")
    #expect(data.inputShape == [1])
    #expect(data.columns.map(\.kind) == [.ignored, .number, .target])
    #expect(notes(data) == ["column 1 has no name and counts the rows: it is no input"])
    #expect(try self.data(",x,y\n7,1,a\n1,2,b\n2,1,a\n5,3,b\n").inputShape == [2])
  }

  @Test func `columns go by number without a header, a target too`() throws {
    let reading = TableReading(header: TableReading.Header.none)
    let data = try data("1,5,a\n2,6,b\n3,7,a\n4,8,b\n", target: "3", reading)
    #expect(data.columns.map(\.name) == ["1", "2", "3"] && data.train.count == 3)
  }

  // MARK: Missing cells

  @Test(arguments: [
    "NA", "N/A", "NULL", "null", "None", "nan", "-", ".", "?", "#N/A", "<NA>", "", "  ", "NaN",
  ])
  func `words for nothing are missing among numbers`(word: String) throws {
    let data = try data(rows(["1", "2", word, "4", "5", "6"]), missing: .drop)
    #expect(data.train.count + data.validation.count == 5)
    #expect(notes(data) == ["1 of 6 rows have a missing cell and are left out"])
    let text = problem(rows(["1", "2", word, "4", "5", "6"]))
    #expect(text.contains("line 4, column 1 (v): expected a number, found"))
    #expect(text.contains("set data.missing"))
    #expect(
      problem(rows(["1", "2", "x", "4"])).contains("data.missing_values"))
  }

  @Test(arguments: ["#N/A", "<NA>", "NaN", "NULL", "null", "N/A", ""])
  func `words that nobody takes for a name are missing among texts and labels`(word: String) throws
  {
    let data = try data(rows(["red", "blue", word, "red", "blue", "red"]), missing: .drop)
    #expect(data.train.count + data.validation.count == 5 && data.inputShape == [2])
    let labels = try self.data("x,y\n1,a\n2,b\n3,\(word)\n4,a\n5,b\n")
    #expect(labels.classNames == ["a", "b"])
    #expect(notes(labels) == ["1 of 5 rows have no 'y' and are left out"])
  }

  @Test(arguments: ["-", "None", "NA", "?", ".", "nan"])
  func `words that are people's classes stay values, and are noted`(word: String) throws {
    let data = try data(rows(["red", word, word, "red", "blue", "red"]), missing: .drop)
    #expect(data.inputShape == [3] && data.train.count + data.validation.count == 6)
    #expect(
      notes(data) == [
        "column 'v': '\(word)' (2 cells) is read as a value, not as missing; "
          + "data.missing_values: [\"\(word)\"] changes that"
      ])
    let labels = try self.data("x,y\n1,a\n2,\(word)\n3,a\n4,\(word)\n5,a\n")
    #expect(labels.classNames.contains(word) && notes(labels).count == 1)
    let listed = try self.data(
      rows(["red", word, word, "red", "blue", "red"]), missing: .drop,
      TableReading(missingValues: [word]))
    #expect(listed.inputShape == [2] && listed.train.count + listed.validation.count == 4)
  }

  @Test func `a list of missing values takes the place of the usual ones`() throws {
    let nine = try data(
      rows(["1", "-999", "-999.0", "4", "", "6"]), missing: .drop,
      TableReading(missingValues: ["-999"]))
    #expect(nine.train.count + nine.validation.count == 3)
    let none = TableReading(missingValues: [])
    #expect(problem(rows(["1", "NA", "3", "4"]), missing: .drop, none).contains("found 'NA'"))
    let texts = try data(rows(["N/A", "red", "N/A", "red"]), missing: .drop, none)
    #expect(texts.inputShape == [2] && texts.train.count + texts.validation.count == 4)
    #expect(notes(texts).isEmpty)
  }

  @Test func `a column without any value is an error that names it`() {
    let text = "v,x,y\n" + (0..<8).map { "NA,\($0),\($0 % 2 == 0 ? "a" : "b")\n" }.joined()
    for missing in [nil, MissingCells.drop, .mean] {
      #expect(problem(text, missing: missing).contains("v"), "\(problem(text, missing: missing))")
    }
    #expect(problem("x,y\n1,\n2,\n", missing: nil).contains("choose another data.target"))
  }

  // MARK: Texts

  @Test(arguments: [
    ["2024-01-01", "2024-02-02", "2024-01-01", "2024-02-02"],
    ["31.12.2020", "1.1.2021", "31.12.2020", "1.1.2021"], ["12:30", "13:45", "12:30", "13:45"],
    ["2020-W05", "2020-W06", "2020-W05", "2020-W06"],
    ["5 Jan 2020", "Jan 6, 2020", "x", "7 Feb 21"],
    ["2024-01-01T10:00:00.5+02:00", "2024-01-01 10:00Z", "2024-01-02 10:00", "?"],
  ])
  func `a column of dates is not a column of texts`(cells: [String]) throws {
    let text = problem(rows(cells))
    #expect(
      text.contains("line 2, column 1 (v): expected numbers or texts, found dates"), "\(text)")
    #expect(text.contains("data.date") && text.contains("data.ignore"))
    #expect(try data(rows(cells), TableReading(text: ["v"])).columns[0].kind == .categories)
  }

  @Test(arguments: [
    (["12 cm", "13 cm", "12 cm", "14.5 cm"], "take 'cm' out"),
    (["$3.20", "$4", "$3.20", "$1,200"], "take '$' out"), (["45%", "50%", "45%", "3 %"], "'%'"),
    (["EUR 5", "EUR 6", "EUR 5", "EUR 6"], "'EUR'"), (["5kg", "6kg", "n.a.", "5kg"], "'kg'"),
    (["(1,200)", "(300)", "(1,200)", "(5)"], "')'"),
    (["1,2345,6", "1.2.3,4", "1,2345,6", "1,2345,6"], "one kind of number"),
  ])
  func `numbers with something around them are not texts`(cells: [String], cure: String) throws {
    let text = problem(rows(cells))
    #expect(text.contains("line 2, column 1 (v)") && text.contains(cure), "\(text)")
    #expect(text.contains("data.text"))
    #expect(try data(rows(cells), TableReading(text: ["v"])).columns[0].kind == .categories)
  }

  @Test(arguments: [
    ["A1", "B2", "A1", "C3"], ["18-24", "25-34", "18-24", "35-44"], ["1st", "2nd", "3rd", "4th"],
    ["red", "12 cm", "blue", "red"], ["<5", ">5", "<5", ">5"], ["yes", "no", "yes", "no"],
  ])
  func `codes, ranges and words are texts`(cells: [String]) throws {
    let data = try data(rows(cells))
    #expect(
      data.columns == [
        TableColumn(name: "v", kind: .categories, categories: Set(cells).count),
        TableColumn(name: "y", kind: .target, categories: 2),
      ])
  }

  @Test func `dates become days since 1970 where they are named`() throws {
    let cells = ["1970-01-02", "1970-01-03 12:00", "1971-01-01", "1969-12-31"]
    let data = try data(rows(cells), TableReading(date: ["v"]))
    #expect(Set(data.train.inputs + data.validation.inputs) == [1, 2.5, 365, -1])
    #expect(data.columns[0].kind == .date)
    let either = ["01/02/2003", "03/04/2003", "05/06/2003", "07/08/2003"]
    let text = problem(rows(either), TableReading(date: ["v"]))
    #expect(
      text.contains("2003-02-01 as d/m/y, 2003-01-02 as m/d/y: set data.date_format"), "\(text)")
    let settled = try self.data(
      rows(either), TableReading(dateFormat: .monthFirstSlashes, date: ["v"]))
    #expect((settled.train.inputs + settled.validation.inputs).contains(12_054))
  }
}
