// Targets of arrays as people save them: floats, one-hot rows, numbers from 1, texts; and image layouts.
import Basics
import Foundation
import Testing

@testable import Datasets

@Suite struct NPYTargetTests {
  private func load(
    _ targets: [UInt8], inputs: [UInt8]? = nil, rows: Int = 4, for answers: AnswerKind = .classes,
    _ options: NPYOptions = NPYOptions(validation: 0), preparation: Preparation = Preparation()
  ) throws -> Dataset {
    let numbers = (0..<rows * 2).map(Float.init)
    let x = inputs ?? TestFiles.npy("<f4", [rows, 2], TestFiles.bytes(numbers))
    return try TestFiles.inFolder(["x.npy": x, "y.npy": targets]) { folder in
      try Dataset.npy(
        NPYFiles(
          train: .init(
            inputs: folder.appendingPathComponent("x.npy"),
            targets: folder.appendingPathComponent("y.npy"))), options, for: answers,
        preparation: preparation)
    }
  }

  private func int64(_ shape: [Int], _ numbers: [Int64]) -> [UInt8] {
    TestFiles.npy("<i8", shape, TestFiles.bytes(numbers))
  }

  private func float32(_ shape: [Int], _ numbers: [Float]) -> [UInt8] {
    TestFiles.npy("<f4", shape, TestFiles.bytes(numbers))
  }

  private func float64(_ shape: [Int], _ numbers: [Double]) -> [UInt8] {
    TestFiles.npy("<f8", shape, TestFiles.bytes(numbers.map(\.bitPattern)))
  }

  @Test(
    arguments: [
      ([0, 1, 1, 0], nil, [0, 1, 1, 0], ["0", "1"], nil),
      ([1, 2, 3, 1], nil, [0, 1, 2, 0], ["1", "2", "3"], "labels 1 to 3 read as classes 0 to 2"),
      ([1, 2, 2, 1], 2, [0, 1, 1, 0], ["1", "2"], "labels 1 to 2 read as classes 0 to 1"),
      ([-1, 1, 1, -1], nil, [0, 1, 1, 0], ["-1", "1"], "labels -1 and 1 read as 2 classes"),
      ([0, 2, 5, 0], nil, [0, 1, 2, 0], ["0", "2", "5"], "labels 0, 2 and 5 read as 3 classes"),
      ([0, 2, 5, 0], 6, [0, 2, 5, 0], ["0", "1", "2", "3", "4", "5"], nil),
      (
        [100, 200, 100, 300], nil, [0, 1, 0, 2], ["100", "200", "300"], "labels 100, 200 and 300"
      ),
      ([7, 7, 7, 7], nil, [0, 0, 0, 0], ["7", "8"], "all labels are 7"),
      ([0, 0, 0, 0], nil, [0, 0, 0, 0], ["0", "1"], nil),
    ] as [([Int64], Int?, [Int32], [String], String?)])
  func `labels are the classes that people mean by them`(
    numbers: [Int64], classes: Int?, labels: [Int32], names: [String], note: String?
  ) throws {
    let options = NPYOptions(classes: classes, validation: 0)
    let floats = float32([4], numbers.map(Float.init))
    for (targets, more) in [(int64([4], numbers), 0), (int64([4, 1], numbers), 0), (floats, 1)] {
      let data = try load(targets, options)
      #expect(data.train.targets == .classes(labels, classes: names.count))
      #expect(data.classNames == names)
      #expect(data.notes.count == (note == nil ? 0 : 1) + more, "\(data.notes)")
      #expect(note.map { note in data.notes.contains { $0.hasPrefix(note) } } ?? true)
    }
  }

  @Test func `a class that nobody has an example of stays one where most are there`() throws {
    let data = try load(
      int64([9], [0, 1, 2, 3, 4, 5, 6, 8, 9]), rows: 9, NPYOptions(validation: 0))
    #expect(data.classNames.count == 10 && data.notes.isEmpty)
  }

  @Test func `one-hot rows of any kind of numbers are classes`() throws {
    let rows: [Int] = [0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 1, 0]
    for targets in [
      float32([4, 3], rows.map(Float.init)), float64([4, 3], rows.map(Double.init)),
      TestFiles.npy("|b1", [4, 3], rows.map(UInt8.init)), int64([4, 3], rows.map(Int64.init)),
    ] {
      let data = try load(targets)
      #expect(data.train.targets == .classes([2, 0, 2, 1], classes: 3))
      #expect(data.notes == ["one-hot rows of 3 read as 3 classes"])
    }
    // For the squared error they are values, as they stand.
    let values = try load(float32([4, 3], rows.map(Float.init)), for: .values)
    #expect(values.train.targets == .values(rows.map(Float.init), size: 3) && values.notes.isEmpty)
    // A class for each of three steps, which happens to look so.
    let steps = try load(
      int64([4, 3], rows.map(Int64.init)),
      inputs: float32([4, 3, 1], (0..<12).map(Float.init)))
    #expect(steps.train.targets == .classes(rows.map(Int32.init), classes: 2, positions: 3))
  }

  @Test func `texts are classes called by them`() throws {
    let words = ["dog", "cat", "żółw", "cat"]
    var wide: [UInt8] = []
    for word in words {
      let codes = word.unicodeScalars.map(\.value)
      wide += TestFiles.bytes(codes + Array(repeating: 0, count: 5 - codes.count))
    }
    let data = try load(TestFiles.npy("<U5", [4], wide))
    #expect(data.classNames == ["cat", "dog", "żółw"])
    #expect(data.train.targets == .classes([1, 0, 2, 0], classes: 3))
    let bytes = Array("a\0\0b\0\0a\0\0c\0\0".utf8)
    #expect(try load(TestFiles.npy("|S3", [4, 1], bytes)).train.labels == [0, 1, 0, 2])
    #expect(
      TestFiles.problem { try load(TestFiles.npy("|S3", [4], bytes), for: .values) }
        .contains("set loss to cross_entropy"))
    #expect(
      TestFiles.problem {
        try load(int64([4], [0, 1, 0, 1]), inputs: TestFiles.npy("|S3", [4, 1], bytes))
      }.contains("expected numbers as inputs, found text"))
  }

  @Test func `the squared error predicts whole numbers too`() throws {
    let data = try load(int64([4], [19, 250_000, -3, 7]), for: .values)
    #expect(data.train.targets == .values([19, 250_000, -3, 7], size: 1))
    guard case .regression = data.task else {
      Issue.record("expected a regression")
      return
    }
    #expect(data.notes == ["int64 targets read as values to be predicted, as loss is mse"])
  }

  @Test func `binary cross-entropy takes two classes, or values from 0 to 1`() throws {
    #expect(
      try load(float32([4], [-1, 1, 1, -1]), for: .binary).train.targets
        == .classes([0, 1, 1, 0], classes: 2))
    #expect(
      try load(float32([4], [0, 1, 0.5, 0]), for: .binary).train.targets
        == .values([0, 1, 0.5, 0], size: 1))
    #expect(
      try load(TestFiles.npy("|b1", [4], [0, 1, 1, 0]), for: .binary).train.targets
        == .classes([0, 1, 1, 0], classes: 2))
    // Several marks an example.
    #expect(
      try load(TestFiles.npy("|b1", [4, 2], [0, 1, 1, 1, 0, 0, 1, 0]), for: .binary).train.targets
        == .values([0, 1, 1, 1, 0, 0, 1, 0], size: 2))
  }

  @Test func `numbers that cannot be classes are an error with a cure`() {
    for (targets, words) in [
      (
        float32([4], [0, 0.5, 1, 0]), "value [1]: expected a class, a whole number, found 0.5: for"
      ),
      (float32([4], [0, .nan, 1, 0]), "found nan"),
      (
        float32([4, 2], [0.3, 0.7, 0, 1, 1, 0, 0, 1]), "expected classes, or one-hot rows of one 1"
      ),
      (float32([4, 3], Array(repeating: 1, count: 12)), "argmax(axis=1)"),
      (int64([], [3]), "expected one target for each of 4 inputs, found shape []"),
      (int64([0], []), "expected one target for each of 4 inputs, found shape [0]"),
    ] {
      let problem = TestFiles.problem { try load(targets) }
      #expect(problem.contains(words), "\(problem)")
    }
    for shape in [[], [0, 3], [4], [4, 1, 1, 1, 1]] as [[Int]] {
      let problem = TestFiles.problem {
        try load(
          int64([4], [0, 1, 0, 1]),
          inputs: float32(shape, Array(repeating: 0, count: shape.reduce(1, *))))
      }
      #expect(problem.contains("expected inputs [N, D], [N, T, D] or [N, C, H, W], found shape"))
    }
  }

  // MARK: - Images

  private func images(_ shape: [Int]) -> [UInt8] {
    TestFiles.npy(
      "|u1", shape, (0..<shape.reduce(1, *)).map { UInt8(truncatingIfNeeded: $0) })
  }

  private let two = TestFiles.npy("|u1", [2], [0, 1])

  @Test func `channels last are brought in front where the layout says so`() throws {
    let options = NPYOptions(validation: 0, layout: .nhwc)
    let data = try load(two, inputs: images([2, 2, 3, 3]), rows: 2, options)
    #expect(data.inputShape == [3, 2, 3])
    #expect(data.train.inputs.prefix(9) == [0, 3, 6, 9, 12, 15, 1, 4, 7])
    #expect(data.train.inputs.dropFirst(18).prefix(2) == [18, 21])
    let grey = try load(
      two, inputs: images([2, 5, 6]), rows: 2, NPYOptions(validation: 0, layout: .nhw))
    #expect(grey.inputShape == [1, 5, 6] && grey.train.inputs == (0..<60).map(Float.init))
    let wrong = TestFiles.problem { try load(two, inputs: images([2, 5, 6]), rows: 2, options) }
    #expect(wrong.contains("expected images of 4 dimensions for data.layout: nhwc"))
  }

  @Test func `images that look as if channels were last are named`() throws {
    for shape in [[2, 28, 28, 1], [2, 8, 8, 3], [2, 32, 32, 4], [2, 48, 64, 3]] {
      let problem = TestFiles.problem { try load(two, inputs: images(shape), rows: 2) }
      #expect(problem.contains("looks like [N, H, W, C]: set data.layout: nhwc"), "\(problem)")
      #expect(
        try load(two, inputs: images(shape), rows: 2, NPYOptions(validation: 0, layout: .nchw))
          .inputShape == Array(shape.dropFirst()))
    }
    for shape in [[2, 3, 8, 8], [2, 1, 28, 28], [2, 4, 4, 4], [2, 64, 4, 4], [2, 3, 32, 3]] {
      let data = try load(two, inputs: images(shape), rows: 2)
      #expect(data.inputShape == Array(shape.dropFirst()) && data.notes.isEmpty)
    }
    let narrow = try load(two, inputs: images([2, 9, 12, 1]), rows: 2)
    #expect(narrow.inputShape == [9, 12, 1])
    #expect(narrow.notes.count == 1 && narrow.notes[0].contains("read as [N, C, H, W], 9 channels"))
  }

  // MARK: - Doubles

  @Test func `seconds since 1970 keep what they differ by`() throws {
    let seconds = (0..<8).map { 1.7e9 + Double($0) }
    let labels = int64([8], [0, 1, 0, 1, 0, 1, 0, 1])
    let scaled = Preparation(standardizesInputs: true)
    let options = NPYOptions(validation: 0.25)
    let far = try load(labels, inputs: float64([8, 1], seconds), options, preparation: scaled)
    let near = try load(
      labels, inputs: float64([8, 1], seconds.map { $0 - 1.7e9 }), options, preparation: scaled)
    #expect(
      far.train.inputs == near.train.inputs && far.validation.inputs == near.validation.inputs)
    let whole = try load(
      labels, inputs: int64([8, 1], seconds.map { Int64($0) }), options, preparation: scaled)
    #expect(whole.train.inputs == near.train.inputs)
    let problem = TestFiles.problem {
      try load(labels, inputs: float64([8, 1], seconds), options)
    }
    #expect(
      problem.contains("x.npy: column 0: expected numbers that differ in their first 7 digits"))
    #expect(problem.contains("set data.standardize to true"))
  }

  @Test func `values to be predicted are scored as Doubles`() throws {
    let prices = (0..<8).map { 1e8 + Double($0) }
    let data = try load(
      float64([8], prices), rows: 8, for: .values, NPYOptions(validation: 0.25),
      preparation: Preparation(standardizesTargets: true))
    guard case .regression(let scale) = data.task else {
      Issue.record("expected a regression")
      return
    }
    #expect(scale.truth == [1e8 + 6, 1e8 + 7] && scale.means == [1e8 + 2.5])
    // Always answering 2.5 misses 6 and 7 by 3.5 and 4.5.
    #expect(abs(scale.baselineRMSE - ((3.5 * 3.5 + 4.5 * 4.5) / 2).squareRoot()) < 1e-6)
  }
}
