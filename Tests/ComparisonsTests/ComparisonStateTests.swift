// How far a comparison is, and the curves of its arms.
import RunRecords
import Testing

@testable import Comparisons

@Suite("The state of a comparison")
struct ComparisonStateTests {
  private func state() -> ComparisonState {
    ComparisonState(
      name: "digits", title: "Digits", kind: .arms(baseline: "none"), arms: ["none", "max-norm"],
      runs: [("none", 1), ("max-norm", 1), ("none", 2), ("max-norm", 2)])
  }

  @Test func `the share done includes runs in progress`() {
    var state = state()
    #expect(state.share == 0 && state.over == 0 && state.table == nil)
    state.update(0) { run in
      run.phase = .running
      // 500 of 1,000 steps.
      for record in records("none", seed: 1, [0.1, 0.2, 0.3, 0.4, 0.5], end: nil) {
        run.digest.apply(record)
      }
    }
    #expect(state.share == 0.125 && state.over == 0)
    state.update(0) { $0.phase = .ended }
    #expect(state.share == 0.25 && state.over == 1)
  }

  @Test func `a curve holds the mean of the runs that are as far`() {
    let curve = ArmCurve([
      run("a", seed: 1, [0.2, 0.4, 0.9]), run("a", seed: 2, [0.4, .nan]),
      run("a", seed: 3, [0.3, 0.8]),
    ])
    #expect(curve.points.map(\.step) == [100, 200, 300])
    #expect(abs(curve.points[0].value.mean - 0.3) < 1e-6 && curve.points[0].value.count == 3)
    #expect(curve.points[1].value.count == 2 && curve.points[2].value.count == 1)
    #expect(Float(curve.points[0].range.upperBound) == 0.4)
  }
}
