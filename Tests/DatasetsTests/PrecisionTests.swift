// Numbers stay those of the file until they are brought to scale: large ones keep what they differ by.
import Basics
import Testing

@testable import Datasets

@Suite struct PrecisionTests {
  private func data(
    _ text: String, task: Dataset.TableTask = .classification,
    _ preparation: Preparation = Preparation(standardizesInputs: true)
  ) throws -> Dataset {
    try Dataset.table(
      CSVTable(text, name: "t.csv"), TableOptions(target: "y", task: task, validation: 0.25),
      seed: 1, preparation: preparation)
  }

  /// A table of x and y = a or b, where x is an offset, and 60 more for b.
  private func seconds(from offset: Int) -> String {
    let rows = (0..<40).map { row in
      let isLater = row % 3 == 1
      return "\(isLater ? offset + 60 : offset),\(isLater ? "b" : "a")\n"
    }
    return "x,y\n" + rows.joined()
  }

  @Test(arguments: [1_700_000_000, 20_240_115_000, 100_000_000_000_000])
  func `standardized inputs are those of the column less its offset`(offset: Int) throws {
    let far = try data(seconds(from: offset))
    let near = try data(seconds(from: 0))
    for (far, near) in zip(
      far.train.inputs + far.validation.inputs, near.train.inputs + near.validation.inputs)
    { #expect(abs(far - near) < 1e-5) }
    #expect(Set(far.train.inputs).count == 2)
  }

  @Test func `a standardized input is the Double's own, rounded once`() throws {
    let values = (0..<40).map { 1e8 + 0.37 * Double($0) }
    let text =
      "x,y\n" + values.enumerated().map { "\($1),\($0 % 2 == 0 ? "a" : "b")\n" }.joined()
    let split = try RowSplit(40, share: 0.25, seed: 1, place: "")
    let trained = split.train.map { values[$0] }
    let mean = trained.reduce(0, +) / 30
    let deviation = (trained.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 30).squareRoot()
    #expect(try data(text).train.inputs == trained.map { Float(($0 - mean) / deviation) })
  }

  @Test(arguments: ["0.1", "1700000000", "123456789.123"])
  func `a column of equal numbers is 0, whatever its mean's last digit`(cell: String) throws {
    let text = "x,y\n" + (0..<70).map { "\(cell),\($0 % 2 == 0 ? "a" : "b")\n" }.joined()
    let inputs = try data(text).train.inputs
    #expect(inputs.allSatisfy { abs($0) < 1e-6 })
  }

  @Test func `a column whose values are equal as Floats is an error with its name`() throws {
    let raw = Preparation()
    #expect(
      TestFiles.problem { try data(seconds(from: 1_700_000_000), raw) }
        .contains("t.csv: column x: expected numbers that differ in their first 7 digits"))
    #expect(
      TestFiles.problem { try data(seconds(from: 1_700_000_000), raw) }
        .contains("set data.standardize to true"))
    #expect(TestFiles.problem { try data(seconds(from: 1_700_000), raw) } == "none")
    let target = "x,y\n" + (0..<40).map { "\($0),\(100_000_000 + $0 % 3)\n" }.joined()
    #expect(
      TestFiles.problem { try data(target, task: .regression, raw) }
        .contains("t.csv: column y: expected numbers"))
    #expect(
      TestFiles.problem { try data(target, task: .regression, raw) }
        .contains("set data.standardize_target to true"))
    let values = (0..<40).map { 1e8 + Double($0 % 3) }
    #expect(
      TestFiles.problem {
        try Dataset.forecast(
          Series(origin: "s", name: "price", values: values),
          ForecastOptions(column: "price", window: 3))
      }.contains("s: column price: expected numbers"))
  }

  @Test(arguments: Forecast.Transform.allCases)
  func `a forecast of a series near 1e8 is judged as one near 0`(transform: Forecast.Transform)
    throws
  {
    let changes = (0..<80).map { (step: Int) -> Double in
      0.625 * Double(step * 37 % 11) + Double(step) / 3
    }
    let values = changes.map { 1e8 + $0 }
    let preparation = Preparation(standardizesInputs: true)
    let data = try Dataset.forecast(
      Series(origin: "s", name: "v", values: values),
      ForecastOptions(column: "v", window: 4, season: 11, transform: transform),
      preparation: preparation)
    guard case .forecast(let forecast) = data.task else {
      Issue.record("expected a forecast")
      return
    }
    func rmse(_ lag: Int) -> Double {
      let errors = (80 - forecast.truth.count..<80).map { changes[$0] - changes[$0 - lag] }
      return (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot()
    }
    #expect(abs(forecast.lastValueRMSE - rmse(1)) < 1e-6)
    #expect(abs(try #require(forecast.seasonalRMSE) - rmse(11)) < 1e-6)
    let perfect = data.validation.values.enumerated().map {
      forecast.value(output: $1, example: $0)
    }
    #expect(forecast.rmse(perfect) < 1e-5)
    #expect(forecast.truth == Array(values.suffix(forecast.truth.count)))
  }

  @Test func `a regression near 1e8 is judged as one near 0`() throws {
    let changes = (0..<60).map { (row: Int) -> Double in Double(row * 37 % 11) / 8 }
    let text = "x,y\n" + changes.enumerated().map { "\($0),\(1e8 + $1)\n" }.joined()
    let data = try data(
      text, task: .regression, Preparation(standardizesInputs: true, standardizesTargets: true))
    guard case .regression(let scale) = data.task else {
      Issue.record("expected a regression")
      return
    }
    let split = try RowSplit(60, share: 0.25, seed: 1, place: "")
    let mean = split.train.reduce(0) { $0 + changes[$1] } / Double(split.train.count)
    let squares = split.validation.map { (changes[$0] - mean) * (changes[$0] - mean) }
    let baseline = (squares.reduce(0, +) / Double(squares.count)).squareRoot()
    #expect(abs(scale.baselineRMSE - baseline) < 1e-6)
    #expect(scale.truth == split.validation.map { 1e8 + changes[$0] })
    #expect(scale.rmse(outputs: data.validation.values) < 1e-6)
    let means = Array(repeating: Float(0), count: data.validation.count)
    #expect(abs(scale.rmse(outputs: means) - scale.baselineRMSE) < 1e-9)
  }
}
