// Turns a series into windows of the past and the values that follow them.
import Basics
import Foundation

/// How a series is cut into examples.
package struct ForecastOptions: Sendable, Equatable {
  /// The column that is forecast; generated series have but one.
  package var column: String
  /// Other columns whose past is an input.
  package var inputs: [String]
  /// Steps of the past that are an input.
  package var window: Int
  /// Steps from the window's last value to the target.
  package var horizon: Int
  /// Steps after which the series repeats, for the seasonal forecast to beat; nil: it does not.
  package var season: Int?
  /// What is predicted.
  package var transform: Forecast.Transform
  /// Share of the examples, the last in time, that is measured on.
  package var validation: Double
  /// nil: a missing cell is an error.
  package var missing: MissingCells?
  /// How the file's text is read.
  package var reading: TableReading

  package init(
    column: String, inputs: [String] = [], window: Int = 64, horizon: Int = 1, season: Int? = nil,
    transform: Forecast.Transform = .none, validation: Double = 0.2, missing: MissingCells? = nil,
    reading: TableReading = TableReading()
  ) {
    self.column = column
    self.inputs = inputs
    self.window = window
    self.horizon = horizon
    self.season = season
    self.transform = transform
    self.validation = validation
    self.missing = missing
    self.reading = reading
  }
}

extension Dataset {
  /// Windows `[window, columns]` and the value `horizon` steps after each, in time order.
  ///
  /// The column to be forecast is transformed in the inputs as in the target: under `difference`
  /// both are changes, each input from the step before. Targets of the validation part lie after
  /// all training targets; its windows may reach back.
  ///
  /// - Throws: `ProgramError` if the series is too short, or not above 0 under a logarithm.
  package static func forecast(
    _ series: Series, _ options: ForecastOptions, preparation: Preparation = Preparation()
  ) throws(ProgramError) -> Dataset {
    let values = series.columns[0]
    if options.transform == .logDifference, let wrong = values.firstIndex(where: { $0 <= 0 }) {
      throw .bad(
        place: series.place(wrong),
        problem: "expected numbers above 0 for their logarithm, found \(values[wrong])",
        hint: "set data.transform to difference or none")
    }
    // A change needs the value before it.
    let first = options.window - 1 + (options.transform == .none ? 0 : 1)
    let ends = (first..<max(first, values.count - options.horizon)).filter {
      !series.isFilled[$0] && !series.isFilled[$0 + options.horizon]
    }
    var split = try RowSplit(windowsThatEnd: ends, of: series, options, preparation.parts)
    let size = options.window * series.columns.count
    guard [ends.count, size].elementCount != nil else {
      throw .bad(
        place: series.origin,
        problem: "expected at most \(ByteReader.limit) values, found \(ends.count) windows of "
          + "\(size)", hint: "lower data.window")
    }
    if let count = preparation.train { try split.keepLastTrainingRows(count) }
    let standardizes = preparation.standardizesInputs
    let inputs = try PreparedNumbers(
      SeriesWindows(series, options), features: FeatureLayout(shape: [series.columns.count]),
      split: split, standardizes: standardizes,
      origin: .init(
        place: { "\(series.origin): column \(series.names[$0])" }, key: "data.standardize"))
    let targets = try PreparedNumbers(
      SeriesTargets(series, options), features: FeatureLayout(shape: [1]), split: split,
      standardizes: standardizes,
      origin: .init(
        place: { _ in "\(series.origin): column \(series.name)" },
        key: "data.standardize"))
    func forecast(_ measured: [Int]) throws(ProgramError) -> Forecast {
      var forecast = Forecast(
        name: series.name, horizon: options.horizon, transform: options.transform,
        last: measured.map { values[$0] }, seasonal: try series.seasonal(measured, options),
        truth: measured.map { values[$0 + options.horizon] })
      if standardizes {
        forecast.mean = targets.scale.means[0]
        forecast.deviation = targets.scale.deviations[0]
      }
      return forecast
    }
    var data = Dataset(
      train: Examples(
        inputs: inputs.train, targets: .values(targets.train, size: 1), count: split.train.count),
      validation: Examples(
        inputs: inputs.validation, targets: .values(targets.validation, size: 1),
        count: split.validation.count),
      inputShape: [options.window, series.columns.count],
      task: .forecast(try forecast(split.validation)))
    if !split.test.isEmpty {
      data.test = TestPart(
        examples: Examples(
          inputs: inputs.test, targets: .values(targets.test, size: 1), count: split.test.count),
        task: .forecast(try forecast(split.test)))
    }
    data.notes = series.notes + split.notes
    data.columns = series.tableColumns
    if let encoding = series.encoding(options, scale: standardizes ? inputs.scale : nil) {
      data.encoding = .series(encoding)
    }
    return data
  }
}

extension RowSplit {
  /// Windows by the places where they end, the parts in the order of time.
  ///
  /// With a test part or a resampling no target lies behind the end of the first window of a later part:
  /// it would not be known yet when that is forecast.
  fileprivate init(
    windowsThatEnd ends: [Int], of series: Series, _ options: ForecastOptions, _ parts: PartSettings
  ) throws(ProgramError) {
    guard parts.isUsual else {
      let split = try RowSplit(
        inTime: ends.count, validation: .share(options.validation), parts, place: series.origin)
      var places = [split.train, split.validation, split.test].map { $0.map { ends[$0] } }
      for part in places.indices.dropLast() {
        guard let next = places[(part + 1)...].lazy.compactMap(\.first).first else { continue }
        places[part].removeAll { $0 + options.horizon > next }
      }
      self.init(train: places[0], validation: places[1])
      test = places[2]
      try Self.check(
        ends.count, counts, parts, .share(options.validation), place: series.origin)
      return
    }
    let count = Int((Double(ends.count) * options.validation).rounded())
    guard count >= 1, count < ends.count else {
      throw .bad(
        place: series.origin,
        problem: "expected windows of \(options.window) steps and their targets for both parts "
          + "at validation \(options.validation), found \(ends.count) in \(series.columns[0].count) steps",
        hint: "lower data.window or change data.validation")
    }
    self.init(train: ends.dropLast(count), validation: ends.suffix(count))
  }
}

/// Windows of a series, its first column transformed; a row goes by the place where its window ends.
private struct SeriesWindows: NumberRows {
  private let columns: [[Double]]
  private let window: Int

  var size: Int { window * columns.count }

  init(_ series: Series, _ options: ForecastOptions) {
    var columns = series.columns
    // No window starts before the first value.
    columns[0] = columns[0].indices.map { index in
      options.transform.change(series.columns[0], from: max(index - 1, 0), to: index)
    }
    self.columns = columns
    window = options.window
  }

  func read(_ row: Int, into values: UnsafeMutableBufferPointer<Double>) {
    let first = row - window + 1
    for (column, numbers) in columns.enumerated() {
      for step in 0..<window { values[step * columns.count + column] = numbers[first + step] }
    }
  }
}

/// What follows windows, transformed; a row goes by the place where its window ends.
private struct SeriesTargets: NumberRows {
  private let values: [Double]
  private let horizon: Int
  private let transform: Forecast.Transform

  let size = 1

  init(_ series: Series, _ options: ForecastOptions) {
    values = series.columns[0]
    horizon = options.horizon
    transform = options.transform
  }

  func read(_ row: Int, into values: UnsafeMutableBufferPointer<Double>) {
    values[0] = transform.change(self.values, from: row, to: row + horizon)
  }
}

extension Forecast.Transform {
  /// What is predicted of the value at `to` by one who knows that at `from`.
  func change(_ values: [Double], from: Int, to: Int) -> Double {
    switch self {
    case .none: values[to]
    case .difference: values[to] - values[from]
    case .logDifference: log(values[to] / values[from])
    }
  }
}

extension Series {
  /// The values one season before the targets of windows that end at these places.
  fileprivate func seasonal(
    _ ends: [Int], _ options: ForecastOptions
  ) throws(ProgramError) -> [Double]? {
    guard let season = options.season else { return nil }
    let first = (ends.first ?? 0) + options.horizon
    guard options.horizon...first ~= season else {
      throw .bad(
        place: "data.season",
        problem: "expected \(options.horizon) (data.horizon) to \(first) steps (the first target "
          + "that is measured on), found \(season)", hint: "change data.season or leave it out")
    }
    return ends.map { columns[0][$0 + options.horizon - season] }
  }
}
