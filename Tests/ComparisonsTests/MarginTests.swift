// When an arm counts as good, and who said within what.
import RunRecords
import Testing

@testable import Comparisons

@Suite("Margins")
struct MarginTests {
  /// Five seeds of a baseline at 80 % and of an arm that lies off it by `offsets`, in points.
  private func table(
    _ offsets: [Float], margin: Margin? = nil, metric: String = "validation_accuracy"
  ) throws -> ComparisonTable {
    let runs = offsets.enumerated().flatMap { seed, offset in
      let noise = Float(seed) / 100
      return [
        run("none", seed: UInt64(seed), [0.8 + noise], metric: metric),
        run("max-norm", seed: UInt64(seed), [0.8 + noise + offset / 100], metric: metric),
      ]
    }
    return try #require(ComparisonTable(runs, margin: margin))
  }

  @Test func `an arm is as good only where its whole interval lies within the margin`() throws {
    let near = try table([0.1, -0.1, 0.05, -0.05, 0])
    let row = try #require(near["max-norm"])
    #expect(near.standing(of: row) == .asGood && near.marginWidth == 0.01)
    #expect(near.verdict == ["max-norm: as good as none within 1 point: +0.000 ± 0.098 points"])
    let wide = try table([2, -2, 1, -1, 0])
    #expect(wide.standing(of: try #require(wide["max-norm"])) == .notShownToDiffer)
    let wider = try table([2, -2, 1, -1, 0], margin: .absolute(0.02))
    #expect(wider.standing(of: try #require(wider["max-norm"])) == .asGood)
  }

  @Test func `a certain but small difference is reported as both`() throws {
    let table = try table([0.5, 0.52, 0.48, 0.5, 0.51])
    #expect(table.verdict[0].hasSuffix("points over none, better, by less than 1 point"))
  }

  @Test func `a margin that is given after the runs is named`() throws {
    let table = try table([0.1, -0.1, 0.05, -0.05, 0], margin: .absolute(0.05))
    #expect(
      table.verdict.last
        == "The margin of 5 points was chosen after the runs, which recorded 1 point.")
    #expect(try self.table([0.1, -0.1, 0.05, -0.05, 0]).earlierMargin == nil)
  }

  @Test func `other metrics go by a part of the baseline's mean`() throws {
    let table = try table([0, 0, 0, 0, 0], metric: "validation_loss")
    #expect(table.margin == .relative(0.02))
    #expect(abs((table.marginWidth ?? 0) - 0.02 * 0.82) < 1e-7)
  }

  @Test(arguments: [
    ("0.01", Margin.absolute(0.01)), ("2%", .relative(0.02)), ("2.5 %", .relative(0.025)),
  ])
  func `margins are read as they are written`(text: String, margin: Margin) {
    #expect(Margin(text) == margin && Margin(margin.document) == margin)
  }

  @Test(arguments: ["", "0", "-1", "nan", "inf", "%", "2 points"])
  func `an invalid margin is refused`(text: String) {
    #expect(Margin(text) == nil)
  }
}
