// Rows that belong together, such as those of one person, stay in one part.
import Basics

/// The group of each row.
package struct RowGroups: Sendable, Equatable {
  /// A number for each row, from 0.
  package var numbers: [Int]
  /// What they are grouped by, for messages.
  package var name: String

  package init(numbers: [Int], name: String) {
    self.numbers = numbers
    self.name = name
  }
}

extension RowSplit {
  /// Dealings out that are drawn, the best of which is taken: large groups leave few choices.
  private static let draws = 20

  /// Deals whole groups out, of several draws the one whose parts come nearest to their sizes and to the
  /// shares of the classes.
  ///
  /// - Throws: `ProgramError` if there are fewer groups than parts.
  init(
    _ groups: RowGroups, _ classes: RowClasses?, _ validation: PartSize, _ parts: PartSettings,
    random: inout RandomSource, place: String
  ) throws(ProgramError) {
    let rows = GroupedRows(groups, classes)
    let count = groups.numbers.count
    let test = parts.test?.count(of: count) ?? 0
    let measured = validation.count(of: count - test)
    let wanted = (test > 0 ? 1 : 0) + (measured > 0 ? 1 : 0) + 1
    guard rows.members.count >= wanted else {
      throw .bad(
        place: "\(place): column \(groups.name)",
        problem: "expected at least \(wanted) groups for \(wanted) parts, found "
          + "\(rows.members.count)", hint: "choose another data.group")
    }
    var best: (split: GroupedRows.Dealt, distance: Double)?
    for _ in 0..<Self.draws {
      var order = Array(rows.members.indices)
      random.shuffleInPlace(&order)
      let tested = rows.taken(from: order, rows: test, leaving: wanted - 1)
      let rest = order.filter { !tested.contains($0) }
      let validated = rows.taken(from: rest, rows: measured, leaving: 1)
      let distance =
        rows.distance(of: tested, from: test) + rows.distance(of: validated, from: measured)
      guard distance < best?.distance ?? .infinity else { continue }
      let trained = rest.filter { !validated.contains($0) }
      best = ((trained, Array(validated), Array(tested)), distance)
    }
    let dealt: GroupedRows.Dealt = best?.split ?? ([], [], [])
    self.init(train: rows.rows(of: dealt.train), validation: rows.rows(of: dealt.validation))
    self.test = rows.rows(of: dealt.test)
    notes = [
      "the rows of one '\(groups.name)' stay together: \(dealt.train.count) to train on, "
        + "\(dealt.validation.count) for validation"
        + (dealt.test.isEmpty ? "" : ", \(dealt.test.count) for the test")
    ]
  }
}

/// Groups with their rows and classes.
private struct GroupedRows {
  typealias Dealt = (train: [Int], validation: [Int], test: [Int])

  /// The rows of each group.
  let members: [[Int]]
  /// Rows of each class in each group; one class without classes.
  private let counts: [[Int]]
  /// The share of each class in all rows.
  private let shares: [Double]

  init(_ groups: RowGroups, _ classes: RowClasses?) {
    var places: [Int: Int] = [:]
    var members: [[Int]] = []
    for (row, number) in groups.numbers.enumerated() {
      if let place = places[number] {
        members[place].append(row)
      } else {
        places[number] = members.count
        members.append([row])
      }
    }
    self.members = members
    let kinds = max(classes?.names.count ?? 1, 1)
    let counts = members.map { rows in
      var counts = [Int](repeating: 0, count: kinds)
      for row in rows { counts[classes.map { Int($0.labels[row]) } ?? 0] += 1 }
      return counts
    }
    self.counts = counts
    let all = Double(max(groups.numbers.count, 1))
    shares = (0..<kinds).map { kind in
      Double(counts.reduce(0) { $0 + $1[kind] }) / all
    }
  }

  /// Groups in the order of a draw, as long as each brings the part nearer to its size; at least one, if
  /// any rows are wanted, and at least `least` are left.
  func taken(from order: [Int], rows wanted: Int, leaving least: Int) -> Set<Int> {
    guard wanted > 0 else { return [] }
    var taken: Set<Int> = []
    var rows = 0
    for group in order where order.count - taken.count > least {
      let size = members[group].count
      guard abs(rows + size - wanted) < abs(rows - wanted) else { continue }
      taken.insert(group)
      rows += size
    }
    // All groups are more than twice as large.
    if taken.isEmpty, let smallest = order.min(by: { members[$0].count < members[$1].count }) {
      taken = [smallest]
    }
    return taken
  }

  /// How many rows more or fewer than its share a part has of each class, all classes together.
  func distance(of groups: Set<Int>, from wanted: Int) -> Double {
    shares.indices.reduce(0) { sum, kind in
      let found = groups.reduce(0) { $0 + counts[$1][kind] }
      return sum + abs(Double(found) - shares[kind] * Double(wanted))
    }
  }

  /// In the order of the file.
  func rows(of groups: [Int]) -> [Int] { groups.flatMap { members[$0] }.sorted() }
}
