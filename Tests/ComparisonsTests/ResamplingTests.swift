// Comparisons over splits of the data, and by the test part.
import Basics
import RunRecords
import TestSupport
import Testing

@testable import Comparisons

@Suite struct ResamplingTests {
  /// A run of an arm with a test part, and perhaps of a split.
  private func run(
    _ arm: String, seed: UInt64, test: Float?, split: Int? = nil, of splits: Int = 4,
    validation: Float = 0.9, end: EndRecord.Reason = .finished, restored: Int? = nil,
    counts: PartCounts = PartCounts(train: 60, validation: 20, test: 20)
  ) -> RunDigest {
    var digest = RunDigest()
    var data: [JSONValue.Field] = [.init("source", .text("wine")), .init("test", .flag(true))]
    if let split {
      data.append(
        .init(
          "resample", .fields([.init("split", .integer(split)), .init("of", .integer(splits))])))
    }
    digest.apply(
      .header(
        .sample(metric: "validation_accuracy") {
          $0.seed = seed
          $0.trainExamples = counts.train
          $0.validationExamples = counts.validation
          $0.testExamples = test == nil ? nil : counts.test
          $0.experiment = .fields([
            .init("name", .text("wine")), .init("arm", .text(arm)), .init("data", .fields(data)),
          ])
        }))
    for (index, value) in [validation, validation - 0.2].enumerated() {
      digest.apply(
        .evaluation(EvaluationRecord(100 * (index + 1)) { $0.validationAccuracy = value }))
    }
    digest.apply(
      .end(
        EndRecord(200, end) {
          $0.restored = restored
          guard let test else { return }
          var figures = EndRecord.Test()
          figures.accuracy = test
          $0.test = figures
        }))
    return digest
  }

  @Test func `the seeds of a split are averaged, and variances know what splits share`() throws {
    let figures: [(arm: String, split: Int, tests: [Float])] = [
      ("none", 1, [0.70, 0.74]), ("none", 2, [0.60, 0.60]), ("none", 3, [0.65, 0.69]),
      ("none", 4, [0.80, 0.78]), ("b", 1, [0.76, 0.76]), ("b", 2, [0.61, 0.63]),
      ("b", 3, [0.70, 0.74]), ("b", 4, [0.80, 0.82]),
    ]
    let runs = figures.flatMap { arm, split, tests in
      tests.enumerated().map {
        run(arm, seed: UInt64(split + 4 * $0.offset), test: $0.element, split: split)
      }
    }
    let table = try #require(ComparisonTable(runs, onTest: true))
    #expect(table.metric == "test_accuracy" && table.resampling?.splits == 4)
    let row = try #require(table["b"])
    #expect(row.runs == 8 && row.values.keys.sorted() == [1, 2, 3, 4])
    let difference = try #require(row.difference)
    // 0.04, 0.02, 0.05 and 0.02: mean 0.0325, s = 0.015, n_test/n_train = 20/80.
    #expect(abs(difference.estimate.mean - 0.0325) < 1e-9)
    let critical = StudentT(degreesOfFreedom: 3).critical(0.05)
    let half = critical * 0.015 * (1.0 / 4 + 0.25).squareRoot()
    #expect(abs((difference.halfWidth ?? 0) - half) < 1e-9)
    #expect(table.note.contains("over 4 splits of the test part at a run's end"))
    #expect(table.note.contains("0.250 tested on for each seen (Nadeau and Bengio 2003)"))
    #expect(!table.verdict.contains { $0.contains("this test part only") })
  }

  @Test func `a large test part is told with what it costs`() throws {
    let counts = PartCounts(train: 40, validation: 10, test: 50)
    let runs = ["none", "b"].flatMap { arm in
      (1...4).map { run(arm, seed: UInt64($0), test: 0.5, split: $0, counts: counts) }
    }
    let verdict = try #require(ComparisonTable(runs, onTest: true)).verdict
    #expect(
      verdict.last
        == "50 examples are tested on for 50 seen, 1.00 each, where at most 0.33 is usual: "
        + "over 4 splits intervals are 1.46 times as wide as there.")
  }

  @Test func `one run that diverged makes its split an outcome`() throws {
    var runs: [RunDigest] = []
    for split in 1...3 {
      for seed in [split, split + 3] {
        runs.append(run("none", seed: UInt64(seed), test: 0.5, split: split, of: 3))
        runs.append(
          run(
            "b", seed: UInt64(seed), test: 0.6, split: split, of: 3,
            end: seed == 5 ? .diverged : .finished))
      }
    }
    let row = try #require(ComparisonTable(runs, onTest: true)?["b"])
    #expect(row.difference == nil && row.outcomes[2] == .diverged)
    #expect(row.order?.better == 2 && row.order?.worse == 1)
  }

  @Test func `one test part is named in the verdict, and a sweep is not chosen by it`() throws {
    let runs = ["none", "b"].flatMap { arm in
      (1...3).map { run(arm, seed: UInt64($0), test: arm == "b" ? 0.6 : 0.5) }
    }
    let table = try #require(ComparisonTable(runs, onTest: true))
    #expect(table.rows.map { $0.last?.mean ?? 0 } == [0.5, 0.6])
    #expect(table.verdict.contains { $0.contains("this holds for this test part only") })
    let chosen = try #require(ComparisonTable(runs))
    #expect(chosen.metric == "validation_accuracy")
    #expect(chosen.rows.allSatisfy { $0.last.map { abs($0.mean - 0.7) < 1e-6 } ?? false })
    #expect(!chosen.verdict.contains { $0.contains("test part") })
  }

  @Test func `a run that put its best weights back is taken by them, with a warning`() throws {
    var runs: [RunDigest] = []
    for seed in 1...3 {
      runs.append(run("none", seed: UInt64(seed), test: nil))
      runs.append(run("early-stop", seed: UInt64(seed), test: nil, restored: 100))
    }
    let table = try #require(ComparisonTable(runs, onTest: true))
    #expect(table.rows.map { (($0.last?.mean ?? 0) * 10).rounded() } == [7, 9])
    #expect(table.verdict.contains { $0.hasPrefix("Runs that stop early end with") })
  }
}
