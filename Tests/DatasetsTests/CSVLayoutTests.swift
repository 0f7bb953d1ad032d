// What surrounds a table's cells: separators, comments, headers, encodings, damage.
import Foundation
import Testing

@testable import Datasets

@Suite struct CSVLayoutTests {
  private func table(_ text: String, _ reading: TableReading = TableReading()) throws -> CSVTable {
    try CSVTable(text, reading, name: "t.csv")
  }

  private func cells(_ table: CSVTable) -> [[String]] {
    (0..<table.rowCount).map { row in table.columns.indices.map { table[row, $0] } }
  }

  private func problem(_ text: String, _ reading: TableReading = TableReading()) -> String {
    TestFiles.problem { try table(text, reading) }
  }

  @Test(arguments: [",", ";", "\t", "|"])
  func `what separates cells is found`(mark: String) throws {
    let text = "a\(mark)b\(mark)kind\n1\(mark)2\(mark)x y\n3\(mark)4\(mark)\"z\(mark)\"\n"
    let table = try table(text)
    #expect(table.columns == ["a", "b", "kind"])
    #expect(cells(table) == [["1", "2", "x y"], ["3", "4", "z\(mark)"]])
  }

  @Test func `a comma inside the numbers of a table with semicolons separates nothing`() throws {
    #expect(try cells(table("a;b\n0,5;1,25\n1,5;2,25\n")) == [["0,5", "1,25"], ["1,5", "2,25"]])
  }

  @Test func `two separators that both fit are an error with the key`() {
    let text = problem("a,b;c\n1,2;3\n4,5;6\n")
    #expect(text.contains("found ',' and ';'"), "\(text)")
    #expect(text.contains("set data.separator to \",\" or \";\""))
  }

  @Test func `a separator that is given wins`() throws {
    let table = try table("a,b;c\n1,2;3\n4,5;6\n", TableReading(separator: .semicolon))
    #expect(table.columns == ["a,b", "c"] && cells(table) == [["1,2", "3"], ["4,5", "6"]])
  }

  @Test(arguments: [
    ("sep=;\na;b\n1;2\n", 3), ("sep=,\r\na,b\r\n1,2\r\n", 3),
    ("# by hand\n\n# twice\na,b\n1,2\n", 5),
    ("\u{FEFF}sep=|\na|b\n1|2\n", 3), ("\n\n a , b \n 1 , 2 \n", 4), ("a,b\r1,2\r", 2),
    ("#1\na,b\n\n1,2\n", 4), ("sep=\t\na\tb\n1\t2\n", 3),
  ])
  func `lines on top and line ends of all kinds are passed over`(text: String, line: Int) throws {
    let table = try table(text)
    #expect(table.columns == ["a", "b"] && cells(table) == [["1", "2"]])
    #expect(table.line(0) == line)
  }

  @Test func `a header may begin with a number sign`() throws {
    #expect(try table("#,name\n1,x\n2,y\n").columns == ["#", "name"])
    let numpy = try table("# made by savetxt\n# x,y\n1,2\n3,4\n")
    #expect(numpy.columns == ["x", "y"] && cells(numpy) == [["1", "2"], ["3", "4"]])
    #expect(numpy.notes == ["t.csv: line 2 behind its # is read as the header"])
  }

  @Test(arguments: [
    "5.1,3.5,setosa\n4.9,3.0,setosa\n7.0,3.2,versicolor\n", "1,2\n3,4\n5,6\n",
    "p,x,s\ne,x,s\np,b,s\ne,b,y\n",
  ])
  func `a file without a header is an error with the cure`(text: String) throws {
    let problem = problem(text)
    #expect(problem.contains("line 1: expected names of columns, found what looks like a row"))
    #expect(problem.contains("set data.header to none"))
    let table = try table(text, TableReading(header: TableReading.Header.none))
    #expect(table.columns == (1...table.columns.count).map(String.init))
    #expect(table.line(0) == 1)
    #expect(try self.table(text, TableReading(header: .first)).line(0) == 2)
  }

  @Test func `years name columns beside a word`() throws {
    #expect(try table("country,2019,2020\nNorway,1,2\nChad,3,4\n").columns[1] == "2019")
  }

  @Test func `a header that comes again is an error with its line`() {
    #expect(
      problem("a,b\nx,y\na,b\nz,y\n").contains("line 3: expected the header once, found it again"))
  }

  @Test func `a separator at the end of lines makes no column`() throws {
    for text in ["a,b,\n1,2,\n3,4,\n", "a,b\n1,2,\n3,4,\n", "a,b,\n1,2\n3,4\n"] {
      let table = try table(text)
      #expect(table.columns == ["a", "b"] && cells(table) == [["1", "2"], ["3", "4"]])
    }
    #expect(try table("a,b,\n1,2,x\n3,4,\n").columns == ["a", "b", "column 3"])
  }

  @Test func `empty lines of a spreadsheet at the end are left out`() throws {
    let table = try table("a,b\n1,2\n3,4\n,\n,\n\n   \n")
    #expect(cells(table) == [["1", "2"], ["3", "4"]])
    #expect(table.notes == ["t.csv: 2 lines without any cell at the end left out"])
  }

  @Test(arguments: [
    ("a,b\n1,2\n3\n", "line 3, column 2: expected 2 cells as in the header, found 1"),
    ("a;b\n1;2\n3;4;5\n", "line 3, column 3: expected 2 cells as in the header, found 3"),
    ("a,b\n1,2\n3,\0\n", "line 3: expected text, found a NUL byte"),
    ("a,b\n1,1\0\n", "line 2: expected text, found a NUL byte"),
    ("a,b\n", "expected rows below the header, found none"),
    ("\u{FEFF}", "expected a header line, found an empty file"),
    ("sep=:\na:b\n", "line 1: expected sep= and one of , ; tab |, found 'sep=:'"),
    ("a,b\n\"1\"2,3\n", "line 2: expected a separator after the closing quote"),
  ])
  func `damage is said with its line`(text: String, expected: String) {
    #expect(problem(text).contains(expected), "\(problem(text))")
  }

  @Test func `quotes may stand behind spaces`() throws {
    #expect(
      try cells(table("a, b\n1, \"x, \"\"y\"\"\" \n2,\u{A0}\"\"\n")) == [
        ["1", "x, \"y\""], ["2", ""],
      ])
  }

  @Test func `other encodings are read where a mark says so, else refused with the cure`() throws {
    let text = "a,b\nä,2\nö,3\n"
    let units = [0xfeff] + Array(text.utf16)
    let little = units.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
    let big = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] }
    for bytes in try [
      little, big, TestFiles.gzip(little), TestFiles.gzip(Array(text.utf8)),
    ] {
      try TestFiles.inFolder(["t": bytes]) { folder in
        let read = try TableText.bytes(contentsOf: folder.appendingPathComponent("t"))
        #expect(read == Array(text.utf8))
      }
    }
    let latin = Array("a,b\n1,2\n".utf8) + [0xe4, 0x2c, 0x33, 0x0a]
    let problem = TestFiles.problem { try TableText.utf8(latin, name: "t.csv") }
    #expect(problem.contains("t.csv: line 3: expected UTF-8 text, found the byte 0xe4"))
    #expect(problem.contains("iconv -f latin1"))
    let bare = Array(little.dropFirst(2))
    #expect(TestFiles.problem { try TableText.utf8(bare, name: "t") }.contains("NUL byte"))
  }
}
