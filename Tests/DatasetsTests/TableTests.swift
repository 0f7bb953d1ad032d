// Tables with text and gaps, the shipped ones, and the shipped sequences.
import Basics
import Testing

@testable import Datasets

@Suite struct TableTests {
  private func data(
    _ text: String, task: Dataset.TableTask = .regression, missing: MissingCells? = nil,
    ignore: [String] = []
  ) throws -> Dataset {
    try Dataset.table(
      CSVTable(text, name: "t.csv"),
      TableOptions(target: "y", task: task, validation: 0.25, missing: missing, ignore: ignore),
      seed: 1)
  }

  /// All rows by their target.
  private func rows(_ data: Dataset) -> [Float: [Float]] {
    var rows: [Float: [Float]] = [:]
    for part in [data.train, data.validation] {
      for (index, value) in part.values.enumerated() {
        rows[value] = Array(
          part.inputs[index * data.inputSize..<(index + 1) * data.inputSize])
      }
    }
    return rows
  }

  @Test func `a column of text becomes a column for each of its texts, in their order`() throws {
    let data = try data("a,kind,y\n5,red,1\n6,blue,2\n7,red,3\n8,amber,4\n")
    #expect(data.inputShape == [4])
    #expect(
      rows(data) == [1: [5, 0, 0, 1], 2: [6, 0, 1, 0], 3: [7, 0, 0, 1], 4: [8, 1, 0, 0]])
  }

  @Test func `a column with too many texts is an error, and may be ignored`() throws {
    let text = "a,b,y\n" + (0..<101).map { "t\($0),1,\($0)\n" }.joined()
    #expect(
      TestFiles.problem { try data(text) }
        .contains("t.csv: column a: expected numbers, or at most 100 different texts; found 101"))
    #expect(try data(text, ignore: ["a"]).inputShape == [1])
    #expect(TestFiles.problem { try data(text, ignore: ["c"]) }.contains("data.ignore"))
  }

  @Test func `dropping leaves out the rows with a missing cell, target included`() throws {
    let data = try data(
      "a,kind,y\n5,red,1\n,red,2\n7,,3\n8,blue,\nNA,red,5\n9,blue,6\n", missing: .drop)
    #expect(rows(data) == [1: [5, 0, 1], 6: [9, 1, 0]])
    #expect(
      TestFiles.problem { try self.data("a,y\n,1\n,2\n", missing: .drop) }
        .contains("expected rows without missing cells, found none"))
  }

  @Test func `the mean that fills a gap is that of the training rows alone`() throws {
    let text = "a,kind,y\n1,red,1\n10,red,2\n100,blue,3\n,,4\n"
    let data = try data(text, missing: .mean)
    let all = rows(data)
    let trained = data.train.values.filter { $0 != 4 }.compactMap { all[$0] }
    #expect(data.train.count == 3 && !trained.isEmpty)
    for column in 0..<3 {
      let mean = trained.reduce(0) { $0 + Double($1[column]) } / Double(trained.count)
      #expect(all[4]?[column] == Float(mean))
    }
  }

  @Test(arguments: [
    ("a,y\n1,2\n,3\n4,5\n", "t.csv: line 3, column 1 (a): expected a number, found an empty cell"),
    ("a,b,y\nx,1,2\n,1,3\nz,1,5\n", "line 3, column 1 (a): expected a text, found an empty cell"),
    ("a,y\n1,2\n,3\n4,5\n", "set data.missing"),
  ])
  func `without a rule a missing cell is an error with its place`(text: String, part: String) {
    let problem = TestFiles.problem { try data(text) }
    #expect(problem.contains(part), "\(problem)")
  }

  @Test(arguments: [nil, MissingCells.mean, .drop])
  func `a row without a target is left out, and that is said`(missing: MissingCells?) throws {
    let data = try data("a,y\n1,2\n2,\n4,5\n5,NA\n6,7\n", missing: missing)
    #expect(Set(rows(data).keys) == [2, 5, 7])
    #expect(data.notes == ["2 of 5 rows have no 'y' and are left out"])
  }

  @Test(arguments: [
    (ShippedTable.cancer, 569, 30, 2), (.wine, 178, 13, 3), (.diabetes, 442, 10, 0),
    (.penguins, 333, 9, 3),
  ])
  func `every shipped table is whole`(table: ShippedTable, rows: Int, columns: Int, classes: Int)
    throws
  {
    let data = try Dataset.table(table.table(), table.options, seed: 1)
    #expect(data.train.count + data.validation.count == rows)
    #expect(data.inputShape == [columns] && data.classNames.count == classes)
    #expect(data.train.inputs.allSatisfy { $0.isFinite })
    if case .regression(let scale) = data.task {
      #expect(scale.name == "progression" && 60...95 ~= scale.baselineRMSE)
    }
  }

  @Test func `the vowels are padded in front and keep their split`() throws {
    let data = try Dataset.japaneseVowels()
    #expect(data.inputShape == [29, 12] && data.classNames.count == 9)
    #expect(data.train.count == 270 && data.validation.count == 370)
    #expect(data.train.labels == (0..<9).flatMap { Array(repeating: Int32($0), count: 30) })
    // The first utterance has 20 steps: nine of padding, then what the file begins with.
    #expect(data.train.inputs.prefix(9 * 12).allSatisfy { $0 == 0 })
    #expect(data.train.inputs[9 * 12] == 1.860936)
    for row in 0..<270 { #expect(data.train.inputs[row * 348 + 28 * 12] != 0) }
  }
}
