// Which rows are measured on: the last, by chance, or by class where a class would be missing.
import Basics
import Foundation
import Testing

@testable import Datasets

@Suite struct SplitTests {
  /// Rows 0, 1, 2… of one number, with these classes.
  private func data(_ labels: [Int32], classes: Int) -> Dataset {
    let part = Examples(
      inputs: labels.indices.map(Float.init), targets: .classes(labels, classes: classes),
      count: labels.count)
    return Dataset(
      train: part, validation: part, inputShape: [1],
      classNames: (0..<classes).map { "c\($0)" }, task: .classification)
  }

  private func split(
    _ labels: [Int32], classes: Int = 2, share: Double = 0.2, by choice: Split? = nil,
    usually usual: Split = .random, seed: UInt64 = 1
  ) throws -> Dataset {
    var data = data(labels, classes: classes)
    try data.splitTrainingPart(
      share: share, by: choice, usually: usual, seed: seed, place: "f")
    return data
  }

  private func counts(_ part: Examples, _ classes: Int) -> [Int] {
    (0..<classes).map { label in part.labels.count { $0 == label } }
  }

  private let sorted = (0..<100).map { Int32($0 < 80 ? 0 : 1) }

  @Test func `rows sorted by class are split by class where the last would be one class`() throws {
    let data = try split(sorted, usually: .last)
    #expect(counts(data.train, 2) == [64, 16] && counts(data.validation, 2) == [16, 4])
    #expect(data.notes.count == 1 && data.notes[0].hasPrefix("split by class, for the last rows"))
    #expect(data.notes[0].contains("class 'c0'") && data.classNotes.isEmpty)
    let rows = (data.train.inputs + data.validation.inputs).sorted()
    #expect(rows == (0..<100).map(Float.init))
    // Another seed, other rows.
    #expect(try split(sorted, usually: .last, seed: 2).validation != data.validation)
    #expect(try split(sorted, usually: .last) == data)
  }

  @Test func `asking for the last rows gets them, with a note on what they lack`() throws {
    let data = try split(sorted, by: .last)
    #expect(data.validation.inputs == (80..<100).map(Float.init) && data.notes.isEmpty)
    #expect(
      data.classNotes == [
        "the training part has no example of class 'c1'",
        "the validation part has no example of class 'c0'",
      ])
  }

  @Test func `last rows that have every class stay the last rows`() throws {
    let data = try split((0..<10).map { Int32($0 % 2) }, usually: .last)
    #expect(data.validation.inputs == [8, 9] && data.train.inputs == (0..<8).map(Float.init))
    #expect(data.notes.isEmpty && data.classNotes.isEmpty)
  }

  @Test func `a random split is by class, and adds up to the share`() throws {
    let labels = (0..<300).map { Int32($0 % 10 == 0 ? 0 : $0 % 3 == 0 ? 1 : 2) }
    for share in [0.1, 0.25, 0.5, 0.9] {
      let data = try split(labels, classes: 3, share: share, by: .random)
      #expect(data.validation.count == Int((300 * share).rounded()))
      let all = counts(data.train, 3).indices.map {
        counts(data.train, 3)[$0] + counts(data.validation, 3)[$0]
      }
      for (label, count) in counts(data.validation, 3).enumerated() {
        #expect(abs(Double(count) - Double(all[label]) * share) < 1)
      }
    }
  }

  @Test func `a rare class is in both parts, and a single example is trained on and noted`() throws
  {
    let labels = [Int32](repeating: 0, count: 97) + [1, 1, 2]
    for seed in UInt64(1)...20 {
      let data = try split(labels, classes: 3, seed: seed)
      #expect(data.validation.count == 20)
      #expect(counts(data.train, 3)[1] == 1 && counts(data.validation, 3)[1] == 1)
      guard data.notes.contains(where: { $0.contains("class 'c1'") }) else { continue }
      #expect(counts(data.train, 3)[2] == 1)
      #expect(
        data.classNotes == ["there is only one example, which is trained on, of class 'c2'"])
    }
  }

  @Test func `more classes than rows to measure on still fill both parts`() throws {
    let labels = (0..<60).map { Int32($0 / 2) }
    let data = try split(labels, classes: 30, share: 0.1, by: .random)
    #expect(data.validation.count == 6 && data.train.count == 54)
    #expect(data.classNotes[0].contains("'c0'") || data.classNotes[0].contains(" and "))
    let singles = try split((0..<40).map(Int32.init), classes: 40, by: .random)
    #expect(singles.validation.count == 8 && singles.train.count == 32)
    let names = singles.classNotes.joined()
    #expect(
      names.contains("the training part has no example of the classes")
        && names.contains("and 3 more"))
  }

  @Test func `values are split by order or chance alone`() throws {
    let part = Examples(
      inputs: (0..<10).map(Float.init), targets: .values((0..<10).map(Float.init), size: 1),
      count: 10)
    var last = Dataset.regression(train: part, validation: part, inputShape: [1])
    var random = last
    try last.splitTrainingPart(share: 0.2, by: .last, seed: 1, place: "f")
    #expect(last.validation.values == [8, 9] && last.train.values == (0..<8).map(Float.init))
    try random.splitTrainingPart(share: 0.2, by: .random, seed: 1, place: "f")
    #expect(random.validation.values != [8, 9] && random.train.count == 8)
  }
}
