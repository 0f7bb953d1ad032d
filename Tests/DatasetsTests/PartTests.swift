// Three parts: no row in two of them, classes in their shares, groups whole, time in its order.
import Basics
import Foundation
import Testing

@testable import Datasets

@Suite struct PartTests {
  private let classes = RowClasses(
    labels: (0..<100).map { $0 < 80 ? 0 : 1 }, names: ["common", "rare"])

  private func split(
    _ count: Int = 100, validation: PartSize = .share(0.25), test: PartSize? = .share(0.2),
    number: Int? = nil, of splits: Int = 10, by choice: Split? = nil, classes: RowClasses? = nil,
    groups: RowGroups? = nil, seed: UInt64 = 1
  ) throws -> RowSplit {
    try RowSplit(
      count, validation: validation, by: choice, classes: classes, groups: groups,
      PartSettings(test: test, resample: number.map { ResampledSplit(number: $0, of: splits) }),
      seed: seed, place: "f")
  }

  // MARK: By class

  @Test(arguments: 1...10)
  func `no row is in two parts, none is lost, and every class has its share in each`(
    number: Int
  ) throws {
    let split = try split(number: number, classes: classes)
    #expect((split.train + split.validation + split.test).sorted() == Array(0..<100))
    #expect(split.counts == PartCounts(train: 60, validation: 20, test: 20))
    for (rows, rare) in [(split.train, 12), (split.validation, 4), (split.test, 4)] {
      #expect(rows.count { classes.labels[$0] == 1 } == rare)
    }
  }

  @Test func `a split goes by its number alone, not by the seed of a run`() throws {
    let first = try split(number: 3, classes: classes)
    #expect(try split(number: 3, classes: classes, seed: 9) == first)
    #expect(try split(number: 4, classes: classes).test != first.test)
    #expect(try split(classes: classes) == split(classes: classes, seed: 9))
  }

  @Test func `without a test part rows are dealt out as ever`() throws {
    let usual = try RowSplit(100, share: 0.25, classes: classes, seed: 5, place: "f")
    #expect(try split(test: nil, classes: classes, seed: 5) == usual)
    #expect(usual.test.isEmpty)
  }

  @Test func `the part tested on is at most a third of what is seen unless more is asked for`()
    throws
  {
    let usual = try split(test: .usual).counts
    #expect(usual.seen == 80 && usual.test == 20 && usual.cost(over: 10) == nil)
    let large = PartCounts(train: 80, validation: 20, test: 50)
    #expect(large.ratio == 0.5)
    // √((1/10 + 1/2) / (1/10 + 1/3)) = 1.1767
    #expect(
      large.cost(over: 10)
        == "50 examples are tested on for 100 seen, 0.50 each, where at most 0.33 is usual: over 10 "
        + "splits intervals are 1.18 times as wide as there")
  }

  @Test func `an empty part is an error that says what each part has`() {
    let problem = TestFiles.problem { try split(2, test: .share(0.2)) }
    #expect(problem.contains("2 rows: 1 to train on, 1 for validation, 0 for the test"))
  }

  // MARK: By group

  /// 40 groups of 1 to 6 rows; two in five rows of the rare class, by group.
  private let people: (groups: RowGroups, classes: RowClasses) = {
    var numbers: [Int] = []
    var labels: [Int32] = []
    for person in 0..<40 {
      for row in 0...(person % 6) {
        numbers.append(person)
        labels.append((person + row) % 5 < 2 ? 1 : 0)
      }
    }
    return (
      RowGroups(numbers: numbers, name: "person"), RowClasses(labels: labels, names: ["a", "b"])
    )
  }()

  @Test(arguments: 1...10)
  func `the rows of one person lie in one part, which has its share of rows and classes`(
    number: Int
  ) throws {
    let count = people.groups.numbers.count
    let split = try split(
      count, number: number, classes: people.classes, groups: people.groups)
    #expect((split.train + split.validation + split.test).sorted() == Array(0..<count))
    let parts = [split.train, split.validation, split.test].map { rows in
      Set(rows.map { people.groups.numbers[$0] })
    }
    #expect(parts[0].isDisjoint(with: parts[1]) && parts[0].isDisjoint(with: parts[2]))
    #expect(parts[1].isDisjoint(with: parts[2]))
    let share = Double(people.classes.labels.count { $0 == 1 }) / Double(count)
    for (rows, wanted) in [(split.test, 0.2), (split.validation, 0.2)] {
      #expect(abs(Double(rows.count) - wanted * Double(count)) <= 6)
      let rare = Double(rows.count { people.classes.labels[$0] == 1 })
      #expect(abs(rare - share * Double(rows.count)) <= 4)
    }
  }

  @Test func `groups are kept together without a test part too, drawn by the seed`() throws {
    let count = people.groups.numbers.count
    let first = try split(count, test: nil, groups: people.groups)
    let trained = Set(first.train.map { people.groups.numbers[$0] })
    #expect(trained.isDisjoint(with: first.validation.map { people.groups.numbers[$0] }))
    #expect(first.test.isEmpty)
    #expect(try split(count, test: nil, groups: people.groups, seed: 2) != first)
  }

  @Test func `groups that are larger than a part make parts all the same, fewer than parts do not`()
    throws
  {
    let large = RowGroups(numbers: (0..<100).map { $0 / 34 }, name: "person")
    let split = try split(groups: large)
    #expect([split.train, split.validation, split.test].map(\.count).sorted() == [32, 34, 34])
    let two = RowGroups(numbers: (0..<100).map { $0 / 50 }, name: "person")
    #expect(
      TestFiles.problem { try self.split(groups: two) }
        .contains("f: column person: expected at least 3 groups for 3 parts, found 2"))
  }

  // MARK: In the order of time

  @Test func `origins roll on in time: blocks do not overlap, and all that is seen lies before`()
    throws
  {
    var tested: [Int] = []
    for number in 1...10 {
      let split = try split(130, test: .usual, number: number, by: .last)
      let start = 30 + 10 * (number - 1)
      #expect(split.test == Array(start..<start + 10))
      #expect(split.train + split.validation == Array(0..<start))
      #expect(split.counts.ratio <= PartCounts.usualRatio)
      tested += split.test
    }
    #expect(tested == Array(30..<130))
  }

  @Test func `one split in time is the end of the rows`() throws {
    let split = try split(100, by: .last)
    #expect(split.train == Array(0..<60) && split.validation == Array(60..<80))
    #expect(split.test == Array(80..<100))
  }

  @Test func `blocks that leave nothing before them are an error`() {
    let problem = TestFiles.problem { try split(test: .share(0.2), number: 1, of: 5, by: .last) }
    #expect(problem.contains("5 blocks one behind the other") && problem.contains("blocks of 20"))
  }

  @Test(arguments: 1...4)
  func `nothing that a forecast is trained on lies behind the first window it is tested on`(
    number: Int
  ) throws {
    let values = (0..<200).map { Double($0) }
    let data = try Dataset.forecast(
      Series(origin: "s", name: "v", values: values),
      ForecastOptions(column: "v", window: 4, horizon: 5),
      preparation: Preparation(
        parts: PartSettings(test: .usual, resample: ResampledSplit(number: number, of: 4))))
    let test = try #require(data.test)
    guard case .forecast(let forecast) = test.task else { return }
    // The values are their places.
    #expect(test.examples.values == forecast.truth.map(Float.init))
    let firstTested = try #require(forecast.last.first)
    #expect(Double(data.validation.values.max() ?? .infinity) <= firstTested)
    guard case .forecast(let validated) = data.task else { return }
    #expect(Double(data.train.values.max() ?? .infinity) <= validated.last[0])
  }

  @Test func `a text's parts follow one another`() throws {
    let text = String((0..<100).map { Character(UnicodeScalar(UInt8(32 + $0 % 90))) })
    let data = try Dataset.language(
      text, name: "t", window: 4, validation: 0.25, PartSettings(test: .share(0.2)))
    let test = try #require(data.test).examples
    guard case .language(let alphabet) = data.task else { return }
    let places = Array(text.unicodeScalars).compactMap(alphabet.token(of:)).map(Float.init)
    #expect(data.train.inputs == Array(places[0..<56]))
    #expect(data.validation.inputs == Array(places[60..<76]))
    #expect(test.inputs == Array(places[80..<96]))
  }
}
