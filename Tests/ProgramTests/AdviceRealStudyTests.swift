// How often the procedure claims that one of two identical arms helps, on tables and nets as they are.
import Basics
import Comparisons
import Dispatch
import Experiments
import Foundation
import RunRecords
import Testing

@testable import maxnorm

@Suite("Real studies of nothing")
struct AdviceRealStudyTests {
  /// `MAXNORM_REAL_STUDIES=200` makes as many.
  private static let count = ProcessInfo.processInfo.environment["MAXNORM_REAL_STUDIES"]
    .flatMap(Int.init)

  /// 200 rows of four measures; two of them and chance decide.
  ///
  /// The second table has the same rows with their columns the other way round: a net starts there from
  /// other weights, and nothing else differs.
  private static func tables(_ number: Int) -> [String: String] {
    var source = RandomSource(seed: UInt64(number), stream: 200)
    func draw() -> Double { Double.random(in: -1...1, using: &source) }
    let rows = (0..<200).map { _ -> [String] in
      let values = (0..<4).map { _ in draw() }
      let isYes = values[0] + values[1] * values[1] + 0.7 * draw() > 0.3
      return values.map { String(format: "%.3f", $0) } + [isYes ? "yes" : "no"]
    }
    func text(_ rows: [[String]]) -> String {
      rows.map { $0.joined(separator: ",") + "\n" }.joined()
    }
    let all = [["a", "b", "c", "d", "kind"]] + rows
    return [
      "rows.csv": text(all), "turned.csv": text(all.map { $0.dropLast().reversed() + [$0[4]] }),
    ]
  }

  private static let experiment = """
    name: nothing
    data: {csv: rows.csv, target: kind, task: classification}
    model: [dense: {units: 8}, relu, dense: {units: 2}]
    loss: cross_entropy
    optimizer: {name: sgd, learning_rate: 0.1, momentum: 0.9}
    batch: 32
    epochs: 20
    """

  /// What a study of two arms without anything finds, one of which counts as that with max-norm.
  private func finding(_ number: Int) throws -> AdviceAnswer.Finding? {
    var files = Self.tables(number)
    files["nothing.yaml"] = Self.experiment
    return try Program.inFolder(files) { folder in
      let source = try ExperimentSource(folder.appendingPathComponent("nothing.yaml").path)
      var turned = source
      try turned.set("data.csv=turned.csv")
      let arms = [
        try AdvisedArm("none", words: "none", of: source),
        try AdvisedArm("the-same", words: "none", of: turned),
      ]
      let design = AdviceDesign(
        arms: [.init("none", .without), .init("the-same", .with)], trials: 2, resamplings: 15,
        metric: "validation_accuracy", goal: .maximize)
      let base = try source.experiment()
      let plan = AdvicePlan(
        design, arms, of: base,
        .init(trials: 2, resamplings: 15, seeds: 1, keepsTestPart: false),
        margin: .absolute(0.01), epochs: 20)
      let empty = ComparisonPlan(
        arms: [], seeds: [], kind: .trials(stage: ""), margin: nil,
        folder: ComparisonFolder(path: folder.appendingPathComponent("runs").path), logEvery: 1000,
        dataFolder: nil, overwrites: false)
      let stages = AdviceStages(plan: plan, empty: empty) { plan, stage in
        try carryOut(plan, isLeftOut: stage.number == AdvicePlan.Stage.allRows.rawValue)
      }
      return try stages.carryOut()?.answer.finding
    }
  }

  /// The r to recommend is not asked for.
  private func carryOut(_ plan: ComparisonPlan, isLeftOut: Bool) throws -> ComparisonState {
    let news = DispatchSemaphore(value: 0)
    let session = try ComparisonSession(plan, jobs: 2, title: "") { news.signal() }
    guard !isLeftOut else { return session.state }
    try session.start()
    while !session.isOver {
      news.wait()
      session.advance()
    }
    return session.state
  }

  @Test func `a study finds something or other`() throws {
    #expect(try finding(1_000_000) != nil)
  }

  @Test(.enabled(if: Self.count != nil, "MAXNORM_REAL_STUDIES says how many"))
  func `two identical arms are seldom called different`() throws {
    let count = Self.count ?? 0
    let start = ContinuousClock.now
    var claims = 0
    for number in 0..<count where try finding(number) == .helps { claims += 1 }
    print("real: \(claims) claims in \(count) studies, \(ContinuousClock.now - start)")
    // 16 of 200: 5 % and two standard errors.
    let expected = 0.05 * Double(count)
    #expect(Double(claims) <= expected + 2 * (expected * 0.95).squareRoot(), "\(claims) claims")
  }
}
