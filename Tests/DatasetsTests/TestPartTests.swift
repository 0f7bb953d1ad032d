// The test part of each kind of source: where it comes from, and that nothing of it is trained on.
import Basics
import Foundation
import Testing

@testable import Datasets

@Suite struct TestPartTests {
  private func table(
    _ changed: Double? = nil, parts: PartSettings = PartSettings(test: .share(0.2))
  )
    throws -> Dataset
  {
    var rows = (0..<50).map { "\(Double($0)),p\($0 % 10),\($0 * 3)" }
    if let changed {
      let tested = try RowSplit(
        50, validation: .share(0.2), groups: nil, parts, seed: 1, place: "t"
      ).test
      for row in tested { rows[row] = "\(changed),p\(row % 10),\(row * 3)" }
    }
    return try Dataset.table(
      CSVTable("a,person,y\n" + rows.joined(separator: "\n"), name: "t"),
      TableOptions(
        target: "y", task: .regression, ignore: ["person"]), seed: 1,
      preparation: Preparation(
        standardizesInputs: true, standardizesTargets: true, parts: parts))
  }

  @Test func `scales and trivial answers of a table know nothing of its test part`() throws {
    let (plain, changed) = (try table(), try table(1e6))
    #expect(plain.train == changed.train && plain.validation == changed.validation)
    #expect(plain.test?.examples.inputs != changed.test?.examples.inputs)
    let test = try #require(plain.test)
    guard case .regression(let scale) = test.task, case .regression(let own) = plain.task else {
      return
    }
    #expect(scale.truth.count == 10 && scale.means == own.means)
    #expect(Set(scale.truth).isDisjoint(with: own.truth))
    // What the targets say in units is what stands in the file.
    for (index, value) in test.examples.values.enumerated() {
      #expect(abs(scale.value(output: value) - scale.truth[index]) < 1e-3)
    }
    let mean = own.means[0]
    let squares = scale.truth.map { ($0 - mean) * ($0 - mean) }
    #expect(abs(scale.baselineRMSE - (squares.reduce(0, +) / 10).squareRoot()) < 1e-9)
  }

  @Test func `a column of groups is no input, and says so`() throws {
    let rows = (0..<60).map { "\($0),p\($0 / 4),\($0 % 2 == 0 ? "no" : "yes")" }
    var options = TableOptions(target: "y", task: .classification)
    options.group = "person"
    let data = try Dataset.table(
      CSVTable("a,person,y\n" + rows.joined(separator: "\n"), name: "t"), options, seed: 1,
      preparation: Preparation(parts: PartSettings(test: .usual)))
    #expect(data.inputShape == [1])
    #expect(data.columns.map(\.kind) == [.number, .group, .target])
    let people = [data.train, data.validation, try #require(data.test).examples].map { part in
      Set(part.inputs.map { Int($0) / 4 })
    }
    #expect(people[0].isDisjoint(with: people[1]) && people[0].isDisjoint(with: people[2]))
    #expect(people[1].isDisjoint(with: people[2]))
    #expect(people.reduce(0) { $0 + $1.count } == 15)
    #expect(data.notes.contains { $0.hasPrefix("the rows of one 'person' stay together: ") })
    options.group = "y"
    #expect(
      TestFiles.problem {
        try Dataset.table(
          CSVTable("a,person,y\n" + rows.joined(separator: "\n"), name: "t"), options, seed: 1)
      }.contains("data.group"))
  }

  @Test func `a customary second part is the test part, and validation is cut by class`() throws {
    let own = try Dataset.digits()
    var data = own
    try data.dealOut(
      validation: .share(0.2), PartSettings(test: .usual), seed: 4, place: "digits")
    #expect(data.test?.examples == own.validation)
    #expect(data.train.count == 1150 && data.validation.count == 287)
    let all = own.train.labels
    for label in 0..<10 {
      let share = Double(all.count { $0 == label }) * 287 / 1437
      #expect(abs(Double(data.validation.labels.count { $0 == label }) - share) <= 1)
    }
    // The same under every seed, and no image in both parts.
    var other = own
    try other.dealOut(
      validation: .share(0.2), PartSettings(test: .usual), seed: 5, place: "digits")
    #expect(other == data)
    let rows = [data.train, data.validation].map { part in
      (0..<part.count).map { Array(part.inputs[$0 * 64..<($0 + 1) * 64]) }
    }
    let unique = Set(rows[0] + rows[1]).count
    let whole = Set((0..<1437).map { Array(own.train.inputs[$0 * 64..<($0 + 1) * 64]) }).count
    #expect(unique == whole)
  }

  @Test func `a share beside a customary part is answered by a note, not silently left out`() throws
  {
    var data = try Dataset.digits()
    try data.dealOut(
      validation: .share(0.2), PartSettings(test: .share(0.5)), seed: 1, place: "digits")
    #expect(data.test?.examples.count == 360)
    #expect(data.notes.contains { $0.contains("the set's own second part, 360 examples") })
  }

  @Test func `a resampling deals all examples out anew`() throws {
    let own = try Dataset.digits()
    var tests: [[Float]] = []
    for number in 1...2 {
      var data = own
      try data.dealOut(
        validation: .share(0.2),
        PartSettings(test: .usual, resample: ResampledSplit(number: number, of: 2)), seed: 1,
        place: "digits")
      let test = try #require(data.test).examples
      #expect(data.train.count + data.validation.count + test.count == 1797)
      #expect(3 * test.count <= data.train.count + data.validation.count)
      tests.append(test.inputs)
    }
    #expect(tests[0] != tests[1])
  }

  @Test func `drawn examples behind the validation part leave it as it is`() {
    let plain = Dataset.delayedSum(length: 4, train: 20, validation: 10, seed: 7)
    var data = Dataset.delayedSum(length: 4, train: 20, validation: 16, seed: 7)
    data.holdOutLast(6)
    #expect(data.train == plain.train && data.validation == plain.validation)
    #expect(data.task == plain.task && data.test?.examples.count == 6)
    let noise = Dataset.randomRows(inputs: 3, outputs: 2, train: 20, validation: 10, seed: 7)
    let tested = Dataset.randomRows(
      inputs: 3, outputs: 2, train: 20, validation: 10, test: 6, seed: 7)
    #expect(tested.train == noise.train && tested.validation == noise.validation)
    #expect(tested.task == noise.task && tested.test?.examples.count == 6)
    guard case .regression(let scale)? = data.test?.task else { return }
    #expect(scale.truth == data.test?.examples.values.map { Double($0) })
  }

  @Test func `arrays hold a share out, or have files of their own`() throws {
    func array(_ rows: Range<Int>) -> [UInt8] {
      TestFiles.npy("<f4", [rows.count, 1], TestFiles.bytes(rows.map(Float.init)))
    }
    func labels(_ rows: Range<Int>) -> [UInt8] {
      TestFiles.npy("<i4", [rows.count], TestFiles.bytes(rows.map { Int32($0 % 2) }))
    }
    try TestFiles.inFolder([
      "x.npy": array(0..<40), "y.npy": labels(0..<40), "tx.npy": array(40..<50),
      "ty.npy": labels(40..<50),
    ]) { folder in
      let train = NPYFiles.Part(
        inputs: folder.appendingPathComponent("x.npy"),
        targets: folder.appendingPathComponent("y.npy"))
      let test = NPYFiles.Part(
        inputs: folder.appendingPathComponent("tx.npy"),
        targets: folder.appendingPathComponent("ty.npy"))
      let shared = try Dataset.npy(
        NPYFiles(train: train), preparation: Preparation(parts: PartSettings(test: .share(0.25))))
      // The last rows, as validation is without a test part.
      #expect(shared.test?.examples.inputs == (30..<40).map(Float.init))
      #expect(shared.validation.inputs == (24..<30).map(Float.init))
      let own = try Dataset.npy(NPYFiles(train: train, test: test))
      #expect(own.test?.examples.inputs == (40..<50).map(Float.init))
      #expect(own.test?.examples.labels == (40..<50).map { Int32($0 % 2) })
      #expect(own.validation.inputs == (32..<40).map(Float.init))
      let three = try Dataset.npy(NPYFiles(train: train, validation: test, test: test))
      #expect(three.train.count == 40 && three.validation.count == 10)
      #expect(three.test?.examples == three.validation)
    }
  }
}
