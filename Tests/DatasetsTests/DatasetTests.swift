// Shipped and generated data: sizes, standardization, noise on training labels alone, seeds.
import Basics
import Testing

@testable import Datasets

@Suite struct DatasetTests {
  private func labels(_ part: Examples) -> [Int32] {
    if case .classes(let labels, _, _) = part.targets { labels } else { [] }
  }

  @Test func `the shipped digits are all there`() throws {
    let digits = try Dataset.digits()
    #expect(digits.train.count == 1437 && digits.validation.count == 360)
    #expect(digits.inputSize == 64 && digits.train.inputs.count == 1437 * 64)
    #expect(digits.train.inputs.allSatisfy { 0...1 ~= $0 })
    let counts = Dictionary(labels(digits.train).map { ($0, 1) }, uniquingKeysWith: +)
    #expect(counts.count == 10 && counts.values.allSatisfy { 141...146 ~= $0 })
  }

  @Test func `standardized training inputs have mean 0 and variance 1`() throws {
    var data = Dataset.noisyTable(
      features: 3, informative: 2, flips: 0, train: 500, validation: 10, seed: 3)
    for index in data.train.inputs.indices {
      data.train.inputs[index] = 5 + 2 * data.train.inputs[index]
    }
    let before = data.validation.inputs[0]
    data.standardize()
    for column in 0..<3 {
      let values = stride(from: column, to: 1500, by: 3).map { Double(data.train.inputs[$0]) }
      let mean = values.reduce(0, +) / 500
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 500
      #expect(abs(mean) < 1e-5 && abs(variance - 1) < 1e-5)
    }
    #expect(data.validation.inputs[0] != before)
  }

  @Test func `a feature is a column over all steps, or a channel`() {
    let part = Examples(
      inputs: [1, 10, 3, 30, 5, 50, 7, 70], targets: .values([0, 0], size: 1), count: 2)
    var sequences = Dataset.regression(train: part, validation: part, inputShape: [2, 2])
    sequences.standardize()
    let columns = [0, 2, 4, 6].map { sequences.train.inputs[$0] }
    #expect(columns == [1, 3, 5, 7].map { Float(($0 - 4) / 5.0.squareRoot()) })
    #expect(columns == [1, 3, 5, 7].map { sequences.validation.inputs[$0] })
    var images = Dataset.regression(train: part, validation: part, inputShape: [1, 2, 2])
    images.standardize()
    let mean = images.train.inputs.reduce(0, +) / 8
    #expect(abs(mean) < 1e-6 && images.train.inputs[7] > 1.9 && images.train.inputs[0] < 0)
  }

  @Test func `standardized targets go back to their units`() throws {
    let train = Examples(inputs: [0, 0], targets: .values([1, 50, 3, 50], size: 2), count: 2)
    let validation = Examples(inputs: [0], targets: .values([5, 53], size: 2), count: 1)
    var data = Dataset.regression(
      "y", train: train, validation: validation, inputShape: [1])
    data.standardizeTargets()
    guard case .regression(let scale) = data.task else {
      Issue.record("expected a regression")
      return
    }
    #expect(data.train.targets == .values([-1, 0, 1, 0], size: 2))
    #expect(data.validation.targets == .values([3, 3], size: 2))
    #expect(scale.value(output: 3) == 5 && scale.value(output: 3, at: 1) == 53)
    #expect(scale.baselineRMSE == 3)
    data.standardizeTargets()
    #expect(data.validation.targets == .values([3, 3], size: 2))
  }

  @Test func `a column that never varies is only shifted`() {
    var data = Dataset.temperatures()
    data.train.inputs = Array(repeating: 7, count: data.train.count)
    data.standardize()
    #expect(data.train.inputs.allSatisfy { $0 == 0 })
    #expect(data.probe?.shown == [20, 30, 31, 35])
  }

  @Test func `label noise changes its share of the training labels and no validation label`() throws
  {
    let clean = try Dataset.digits()
    var noisy = clean
    noisy.addLabelNoise(share: 0.2, seed: 5)
    let changed = zip(labels(clean.train), labels(noisy.train)).filter { $0 != $1 }.count
    #expect(changed == 287)
    #expect(noisy.validation == clean.validation)
    #expect(labels(noisy.train).allSatisfy { 0..<10 ~= $0 })
    var again = clean
    again.addLabelNoise(share: 0.2, seed: 5)
    #expect(again == noisy)
  }

  @Test func `a subset is a seeded choice and too large a one is an error`() throws {
    var first = try Dataset.digits()
    var second = first
    try first.keepTrainingExamples(300, seed: 1)
    try second.keepTrainingExamples(300, seed: 2)
    #expect(first.train.count == 300 && first.train != second.train)
    #expect(throws: ProgramError.self) { try first.keepTrainingExamples(301, seed: 1) }
  }

  @Test func `the noisy table follows its rule but for the flips`() {
    let data = Dataset.noisyTable(
      features: 50, informative: 5, flips: 0.15, train: 200, validation: 2000, seed: 1)
    let clean = Dataset.noisyTable(
      features: 50, informative: 5, flips: 0, train: 200, validation: 2000, seed: 1)
    #expect(data.validation.inputs == clean.validation.inputs)
    let flipped = zip(labels(data.validation), labels(clean.validation)).filter { $0 != $1 }.count
    #expect(240...360 ~= flipped)
    #expect(data.train.inputs.prefix(50) != data.validation.inputs.prefix(50))
  }

  @Test func `normal draws have mean 0, variance 1 and are the same for the same seed`() {
    var random = RandomSource(seed: 1)
    let values = (0..<20_000).map { _ in random.normal() }
    let mean = values.reduce(0, +) / 20_000
    let variance = values.reduce(0) { $0 + $1 * $1 } / 20_000
    #expect(abs(mean) < 0.03 && abs(variance - 1) < 0.04)
    var again = RandomSource(seed: 1)
    #expect(again.normal() == values[0])
  }

  @Test func `a shuffle keeps every element and reaches every place`() {
    var random = RandomSource(seed: 9)
    var places = Set<Int>()
    for _ in 0..<200 {
      var order = Array(0..<7)
      random.shuffleInPlace(&order)
      #expect(order.sorted() == Array(0..<7))
      places.insert(order.firstIndex(of: 0) ?? -1)
    }
    #expect(places == Set(0..<7))
  }

  @Test(
    arguments: [
      ([], "expected an IDX header"), ([0, 0, 0x0D, 1, 0, 0, 0, 1, 0], "found type 0xd"),
      ([0, 0, 8, 1, 0, 0, 0, 2, 7], "expected 2 values"),
      ([0, 0, 8, 3, 0], "found the file's end"),
      ([0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255], "a shape that fits memory"),
    ] as [([UInt8], String)])
  func `a damaged IDX file is an error that says how`(bytes: [UInt8], part: String) {
    do throws(ProgramError) {
      _ = try IDXFile(bytes: bytes, name: "f")
      Issue.record("expected an error")
    } catch {
      #expect("\(error)".contains(part))
    }
  }
}
