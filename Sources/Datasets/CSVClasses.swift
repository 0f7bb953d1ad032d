// The classes in a column of a table.
import Basics

extension CSVTable {
  /// Each row's class, and the classes' names in order.
  ///
  /// Where every cell is a number, equal numbers are one class, however they are written.
  func classes(column: Int) throws(ProgramError) -> (labels: [Int32], names: [String]) {
    let (codes, texts) = texts(column)
    if let row = codes.firstIndex(of: -1) {
      throw missingCell(row: row, column: column, expected: "a class")
    }
    let isText = reading.text.contains(columns[column])
    let numbers = isText ? [] : texts.compactMap(Double.init)
    guard numbers.count == texts.count else {
      try check(classes: texts.count, column: column)
      return (codes, texts)
    }
    if let wrong = numbers.firstIndex(where: { !$0.isFinite }),
      let row = codes.firstIndex(of: Int32(wrong))
    {
      throw .bad(
        place: place(row: row, column: column),
        problem: "expected a finite number or a name, found '\(self[row, column])'",
        hint: "drop the row, or list the cell in data.missing_values")
    }
    let classes = Set(numbers).sorted()
    try check(classes: classes.count, column: column)
    let places = Dictionary(uniqueKeysWithValues: zip(classes, Int32(0)...))
    let labelOf = numbers.map { places[$0] ?? 0 }
    return (
      codes.map { labelOf[Int($0)] },
      classes.map { number in Int(exactly: number).map(String.init) ?? number.description }
    )
  }

  private func check(classes: Int, column: Int) throws(ProgramError) {
    let place = "\(name): column \(columns[column])"
    guard classes > 1 else {
      throw .bad(
        place: place, problem: "expected at least two classes, found one",
        hint: "choose another data.target")
    }
    let limit = 1000
    guard classes <= limit else {
      throw .bad(
        place: place, problem: "expected at most \(limit) classes, found \(classes)",
        hint: "set data.task to regression")
    }
  }
}
