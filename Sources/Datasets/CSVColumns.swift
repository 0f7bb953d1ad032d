// Which columns of a table are meant, and what became of each.
import Basics

/// A column of a table and what became of it.
package struct TableColumn: Sendable, Equatable {
  package var name: String
  package var kind: Kind
  /// Different texts, or classes of a target; nil for other columns.
  package var categories: Int?

  /// What became of a column.
  package enum Kind: String, Sendable {
    case number, categories, date, ignored, target
    /// Its rows of one value stay in one part.
    case group
  }

  package init(name: String, kind: Kind, categories: Int? = nil) {
    self.name = name
    self.kind = kind
    self.categories = categories
  }
}

extension CSVTable {
  /// The place of a column.
  ///
  /// - Throws: `ProgramError` that names the columns there are, or the places of several of that
  ///   name; `key` is what names the column.
  func column(_ name: String, key: String) throws(ProgramError) -> Int {
    let places = columns.indices.filter { columns[$0] == name }
    if places.count > 1 {
      throw .bad(
        place: "\(self.name): header",
        problem: "expected one column '\(name)', found \(places.count): columns "
          + places.map { String($0 + 1) }.joined(separator: " and "),
        hint: "give them different names; \(key) means one of them")
    }
    if let place = places.first { return place }
    let near = columns.filter { $0.lowercased() == name.lowercased() }
    var hint = "set \(key) to one of them"
    if let first = near.first { hint = "did you mean '\(first)'?" }
    if columns.count == 1 {
      hint += "; if the line has several cells, set data.separator (spaces separate nothing)"
    }
    throw .bad(
      place: "\(self.name): header",
      problem: "expected a column '\(name)', found \(columns.joined(separator: ", "))", hint: hint)
  }

  /// Notes of columns that have one name, or one that differs in capitals alone.
  ///
  /// - Throws: `ProgramError` if another column holds the target under such a name.
  func namesakeNotes(target: Int, ignored: Set<Int>) throws(ProgramError) -> [String] {
    var notes: [String] = []
    let groups = Dictionary(grouping: columns.indices) { columns[$0].lowercased() }
    let sharing = groups.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
    for places in sharing {
      let used = places.filter { !ignored.contains($0) }
      guard used.count > 1 else { continue }
      for place in used where place != target && used.contains(target) {
        guard (0..<rowCount).allSatisfy({ self[$0, place] == self[$0, target] }) else { continue }
        throw .bad(
          place: "\(name): header",
          problem: "expected the target once, found its cells again in column \(place + 1) "
            + "(\(columns[place]))", hint: "name '\(columns[place])' in data.ignore")
      }
      let isSame = Set(used.map { columns[$0] }).count == 1
      let numbers = used.map { String($0 + 1) }.joined(separator: " and ")
      notes.append(
        isSame
          ? "columns \(numbers) are both named '\(columns[used[0]])', and all are inputs"
          : "columns \(numbers) have names that differ in capitals alone: "
            + used.map { "'\(columns[$0])'" }.joined(separator: ", "))
    }
    return notes
  }

  /// A column without a name that only rises is the index that pandas and R write.
  func countsRows(_ column: Int) -> Bool {
    guard columns[column] == "column \(column + 1)" else { return false }
    var (rises, last) = (true, Int.min)
    forEachCell(of: column) { _, cell in
      let number = Int(String(decoding: cell, as: UTF8.self))
      rises = number.map { $0 > last } ?? false
      last = number ?? last
      return rises
    }
    return rises
  }
}
