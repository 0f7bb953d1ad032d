// Tables: quoting, and the place of whatever is wrong.
import Basics
import Testing

@testable import Datasets

@Suite struct CSVTests {
  private func table(_ text: String) throws -> CSVTable { try CSVTable(text, name: "t.csv") }

  private func problem(_ text: String, target: String = "y", task: Dataset.TableTask = .regression)
    -> String
  {
    do throws(ProgramError) {
      _ = try Dataset.table(
        try CSVTable(text, name: "t.csv"),
        TableOptions(target: target, task: task, validation: 0.5), seed: 1)
      return "none"
    } catch {
      return "\(error)"
    }
  }

  @Test func `quoted cells may hold commas, quotes and line feeds`() throws {
    let table = try table("a,\"b,c\"\r\n\"x \"\"y\"\"\",\"1\n2\"\r\n\r\n3,4")
    #expect(table.columns == ["a", "b,c"])
    let cells = (0..<2).map { row in (0..<2).map { table[row, $0] } }
    #expect(cells == [["x \"y\"", "1\n2"], ["3", "4"]])
    #expect((0..<2).map { table.line($0) } == [2, 5])
  }

  @Test func `a byte-order mark is not part of the first column`() throws {
    #expect(try table("\u{FEFF}a,b\n1,2").columns == ["a", "b"])
  }

  @Test(arguments: [
    ("", "t.csv: expected a header line, found an empty file"),
    ("x,y\n", "t.csv: expected rows below the header, found none"),
    ("x,y\n1,2\n3\n", "t.csv: line 3, column 2: expected 2 cells as in the header, found 1"),
    ("x,y\n1,2,3\n", "t.csv: line 2, column 3: expected 2 cells as in the header, found 3"),
    ("x,y\n1,2\n,4\n", "t.csv: line 3, column 1 (x): expected a number, found an empty cell"),
    ("x,y\n1,2\nred,4\n", "t.csv: line 3, column 1 (x): expected a number, found 'red'"),
    ("x,y\n1,2\n0x10,4\n", "t.csv: line 3, column 1 (x): expected a number, found '0x10'"),
    ("x,y\n1,2\n3,inf\n", "t.csv: line 3, column 2 (y): expected a finite number, found 'inf'"),
    ("x,z\n1,2\n3,4\n", "t.csv: header: expected a column 'y', found x, z"),
    ("y\n1\n2\n", "t.csv: header: expected columns besides 'y', found none"),
    ("x,y\n\"1,2\n", "t.csv: line 2: expected a closing quote, found the file's end"),
    ("x,y\n1,2\n", "t.csv: expected rows for both parts at validation 0.5, found 1 rows"),
  ])
  func `what is wrong is said with its place`(text: String, expected: String) {
    #expect(problem(text).hasPrefix("data: " + expected))
  }

  @Test func `equal numbers are one class, however written, and NaN is not a class`() throws {
    let data = try Dataset.table(
      table("x,y\n1,1\n2,1.0\n3,2\n4,1e0\n"),
      TableOptions(target: "y", task: .classification, validation: 0.5), seed: 1)
    #expect(data.classNames == ["1", "2"])
    #expect(problem("x,y\n1,1\n2,nan\n", task: .classification).contains("line 3, column 2 (y)"))
  }

  @Test func `a single class is an error`() {
    #expect(problem("x,y\n1,a\n2,a\n", task: .classification).contains("at least two classes"))
  }

  @Test func `classes are numbered in the order of numbers, or of the alphabet`() throws {
    let numbers = try Dataset.table(
      table("x,y\n1,10\n2,9\n3,10\n4,9\n"),
      TableOptions(target: "y", task: .classification, validation: 0.5), seed: 1)
    #expect(numbers.classNames == ["9", "10"])
    let words = try Dataset.table(
      table("y,x\nred,1\nblue,2\nred,3\nblue,4\n"),
      TableOptions(target: "y", task: .classification, validation: 0.25), seed: 1)
    #expect(words.classNames == ["blue", "red"])
    #expect(words.train.count == 3 && words.validation.count == 1)
    // Rows keep their labels through the shuffle: odd inputs are red.
    for part in [words.train, words.validation] {
      guard case .classes(let labels, 2, 1) = part.targets else {
        Issue.record("expected two classes")
        return
      }
      for (input, label) in zip(part.inputs, labels) {
        #expect((Int(input) % 2 == 1) == (label == 1))
      }
    }
  }
}
