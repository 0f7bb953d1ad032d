// Windows of series: what they hold, what they may not know, and the way back to units.
import Basics
import Foundation
import Testing

@testable import Datasets

@Suite struct ForecastTests {
  private func forecast(_ data: Dataset) throws -> Forecast {
    guard case .forecast(let forecast) = data.task else {
      throw ProgramError.bad(place: "task", problem: "expected a forecast", hint: "")
    }
    return forecast
  }

  private func series(_ values: [Double]) -> Series {
    Series(origin: "s", name: "v", values: values)
  }

  @Test func `a window ends where its last value stands, and its target lies a horizon on`() throws
  {
    let data = try Dataset.forecast(
      series((0..<10).map(Double.init)),
      ForecastOptions(column: "v", window: 3, horizon: 2, validation: 0.5))
    #expect(data.inputShape == [3, 1])
    #expect(data.train.inputs == [0, 1, 2, 1, 2, 3, 2, 3, 4])
    #expect(data.train.values == [4, 5, 6])
    #expect(data.validation.inputs == [3, 4, 5, 4, 5, 6, 5, 6, 7])
    let forecast = try forecast(data)
    #expect(forecast.last == [5, 6, 7] && forecast.truth == [7, 8, 9])
    #expect(forecast.seasonal == nil && forecast.lastValueRMSE == 2)
  }

  @Test(arguments: Forecast.Transform.allCases)
  func `the right answer goes back to the true value in units`(transform: Forecast.Transform) throws
  {
    let values = (0..<60).map { 50 + 10 * sin(Double($0) / 3) + Double($0) }
    let data = try Dataset.forecast(
      series(values), ForecastOptions(column: "v", window: 5, horizon: 3, transform: transform),
      preparation: Preparation(standardizesInputs: true))
    let forecast = try forecast(data)
    #expect(forecast.deviation != 1)
    for (example, target) in data.validation.values.enumerated() {
      let value = forecast.value(output: target, example: example)
      #expect(abs(value - forecast.truth[example]) < 1e-4)
      let last = values.count - data.validation.count + example
      #expect(forecast.truth[example] == values[last])
    }
    let mean = data.train.values.reduce(0, +) / Float(data.train.count)
    #expect(abs(mean) < 1e-5)
  }

  @Test func `under a difference the inputs are changes`() throws {
    let data = try Dataset.forecast(
      series([1, 2, 4, 8, 16, 32]),
      ForecastOptions(column: "v", window: 2, transform: .difference, validation: 0.3))
    #expect(data.train.inputs == [1, 2, 2, 4] && data.train.values == [4, 8])
    #expect(data.validation.inputs == [4, 8] && data.validation.values == [16])
    let logarithms = try Dataset.forecast(
      series([1, 2, 4, 8, 16, 32]),
      ForecastOptions(column: "v", window: 2, transform: .logDifference, validation: 0.3))
    #expect(logarithms.train.inputs.allSatisfy { $0 == Float(log(2.0)) })
  }

  @Test func `the scale knows nothing of the validation part`() throws {
    var values = (0..<40).map { Double($0 % 7) }
    let options = ForecastOptions(column: "v", window: 4, validation: 0.25)
    let preparation = Preparation(standardizesInputs: true)
    let first = try Dataset.forecast(series(values), options, preparation: preparation)
    for index in 31..<40 { values[index] = 1000 }
    let second = try Dataset.forecast(series(values), options, preparation: preparation)
    #expect(first.train == second.train)
    #expect(try forecast(first).mean == forecast(second).mean)
  }

  @Test func `the seasonal forecast is the value one season before the target`() throws {
    let options = ForecastOptions(column: "v", window: 3, horizon: 2, season: 4, validation: 0.5)
    let forecast = try forecast(
      Dataset.forecast(series((0..<12).map { Double($0 % 4) }), options))
    #expect(forecast.seasonal == forecast.truth && forecast.seasonalRMSE == 0)
    for season in [1, 100] {
      var wrong = options
      wrong.season = season
      #expect(
        TestFiles.problem { try Dataset.forecast(series((0..<12).map(Double.init)), wrong) }
          .contains("data.season: expected 2 (data.horizon) to"))
    }
  }

  private func table(_ cells: [String]) throws -> CSVTable {
    try CSVTable("t,v,w\n" + cells.map { "x,\($0)\n" }.joined(), name: "t.csv")
  }

  @Test func `other columns lie beside the one that is forecast`() throws {
    let table = try table(["1,10", "2,20", "3,30", "4,40", "5,50"])
    let data = try Dataset.forecast(
      Series(table, column: "w", inputs: ["v"], missing: nil),
      ForecastOptions(column: "w", window: 2, validation: 0.3))
    #expect(data.inputShape == [2, 2])
    #expect(data.train.inputs == [10, 1, 20, 2, 20, 2, 30, 3] && data.train.values == [30, 40])
    #expect(
      TestFiles.problem { try Series(table, column: "w", inputs: ["w"], missing: nil) }
        .contains("data.inputs: expected other columns"))
    #expect(
      TestFiles.problem { try Series(table, column: "q", inputs: [], missing: nil) }
        .contains("expected a column 'q', found t, v, w"))
  }

  @Test func `a gap is an error, dropped, or a straight line that nothing is judged by`() throws {
    let table = try table(["1,0", "2,0", ",0", "8,0", "9,0", "10,0", "11,0"])
    #expect(
      TestFiles.problem { try Series(table, column: "v", inputs: [], missing: nil) }
        .contains("t.csv: line 4, column 2 (v): expected a number, found an empty cell"))
    let dropped = try Series(table, column: "v", inputs: [], missing: .drop)
    #expect(dropped.columns[0] == [1, 2, 8, 9, 10, 11])
    let filled = try Series(table, column: "v", inputs: [], missing: .interpolate)
    #expect(filled.columns[0] == [1, 2, 5, 8, 9, 10, 11])
    let data = try Dataset.forecast(
      filled, ForecastOptions(column: "v", window: 2, validation: 0.4))
    // Neither a target of 5 nor a window that ends in 5, which would know the 8 behind it.
    #expect(data.train.inputs == [5, 8, 8, 9] && data.train.values == [9, 10])
    #expect(data.validation.values == [11])
  }

  @Test func `gaps at the ends take the nearest value`() throws {
    let table = try table([",0", ",0", "3,0", ",0"])
    let filled = try Series(table, column: "v", inputs: [], missing: .interpolate)
    #expect(filled.columns[0] == [3, 3, 3, 3] && filled.isFilled == [true, true, false, true])
  }

  @Test func `a logarithm of nothing and a series without a window are errors`() throws {
    let table = try table(["1,0", "0,0", "2,0", "3,0"])
    let series = try Series(table, column: "v", inputs: [], missing: nil)
    #expect(
      TestFiles.problem {
        try Dataset.forecast(
          series, ForecastOptions(column: "v", window: 1, transform: .logDifference))
      }.contains("t.csv: line 3 (v): expected numbers above 0 for their logarithm, found 0.0"))
    #expect(
      TestFiles.problem {
        try Dataset.forecast(series, ForecastOptions(column: "v", window: 1 << 30))
      }.contains("expected windows of 1073741824 steps and their targets for both parts"))
  }

  @Test(arguments: ShippedSeries.allCases)
  func `every shipped series is cut into windows by its defaults`(series: ShippedSeries) throws {
    let options = series.options
    let data = try Dataset.forecast(
      Series(
        series.table(), column: options.column, inputs: options.inputs, missing: options.missing),
      options)
    let forecast = try forecast(data)
    #expect(data.inputShape == [options.window, 1 + options.inputs.count])
    #expect(data.train.inputs.allSatisfy { $0.isFinite } && data.validation.count > 20)
    #expect((forecast.seasonal == nil) == (options.season == nil))
    switch series {
    case .oil: #expect(data.train.count + data.validation.count == 8321 - 33)
    case .airline: #expect(forecast.truth.last == 432)
    case .weather: #expect(try #require(forecast.seasonalRMSE) > forecast.lastValueRMSE)
    default: break
    }
  }

  @Test func `a random walk follows its seed, and its last value is hard to beat`() throws {
    let walk = GeneratedSeries.randomWalk.series(length: 3000, seed: 3)
    #expect(walk == GeneratedSeries.randomWalk.series(length: 3000, seed: 3))
    #expect(walk != GeneratedSeries.randomWalk.series(length: 3000, seed: 4))
    let changes = zip(walk.columns[0].dropFirst(), walk.columns[0]).map { log($0 / $1) }
    let deviation = (changes.reduce(0) { $0 + $1 * $1 } / Double(changes.count)).squareRoot()
    #expect(abs(deviation - 0.01) < 0.0005)
    let lagged = zip(changes.dropFirst(), changes).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(lagged / Double(changes.count)) < 0.06 * deviation * deviation)
  }

  @Test func `the noisy series repeats after 24 steps but for noise, trend and jumps`() throws {
    let options = GeneratedSeries.noisySeries.options
    let data = try Dataset.forecast(
      GeneratedSeries.noisySeries.series(length: 3000, seed: 1), options)
    let forecast = try forecast(data)
    #expect(0.3...1.5 ~= forecast.lastValueRMSE)
    #expect(try #require(forecast.seasonalRMSE) < 2.5)
  }
}
