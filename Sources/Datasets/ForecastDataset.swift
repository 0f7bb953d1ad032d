// Turns a series into windows of the past and the values that follow them.
import Foundation

/// How a series is cut into examples.
package struct ForecastOptions: Sendable, Equatable {
  /// The column that is forecast; generated series have but one.
  package var column: String
  /// Other columns whose past is looked at.
  package var inputs: [String]
  /// Steps that are looked at.
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

  package init(
    column: String, inputs: [String] = [], window: Int = 64, horizon: Int = 1, season: Int? = nil,
    transform: Forecast.Transform = .none, validation: Double = 0.2, missing: MissingCells? = nil
  ) {
    self.column = column
    self.inputs = inputs
    self.window = window
    self.horizon = horizon
    self.season = season
    self.transform = transform
    self.validation = validation
    self.missing = missing
  }
}

extension Dataset {
  /// Windows `[window, columns]` and the value `horizon` steps after each, in time order.
  ///
  /// The column to be forecast is transformed in the inputs as in the target: under `difference`
  /// both are changes, each input from the step before. Targets of the validation part lie after
  /// all training targets; its windows may reach back.
  ///
  /// - Throws: `DatasetError` where the series is too short, or not above 0 under a logarithm.
  package static func forecast(
    _ series: Series, _ options: ForecastOptions
  ) throws(DatasetError) -> Dataset {
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
    let validationCount = Int((Double(ends.count) * options.validation).rounded())
    guard validationCount >= 1, validationCount < ends.count else {
      throw .bad(
        place: series.origin,
        problem: "expected windows of \(options.window) steps and their targets for both parts "
          + "at validation \(options.validation), found \(ends.count) in \(values.count) steps",
        hint: "lower data.window or change data.validation")
    }
    let windows = SeriesWindows(series, options)
    let size = options.window * series.columns.count
    guard [ends.count, size].elementCount != nil else {
      throw .bad(
        place: series.origin,
        problem: "expected at most \(ByteReader.limit) values, found \(ends.count) windows of "
          + "\(size)", hint: "lower data.window")
    }
    let measured = ends.suffix(validationCount)
    return Dataset(
      train: windows.part(ends.dropLast(validationCount)), validation: windows.part(measured),
      inputShape: [options.window, series.columns.count],
      task: .forecast(
        Forecast(
          name: series.name, horizon: options.horizon, transform: options.transform,
          last: measured.map { Float(values[$0]) },
          seasonal: try windows.seasonal(measured),
          truth: measured.map { Float(values[$0 + options.horizon]) })))
  }
}

/// Cuts windows out of a series whose first column is transformed.
private struct SeriesWindows {
  private let series: Series
  private let options: ForecastOptions
  private let columns: [[Double]]

  init(_ series: Series, _ options: ForecastOptions) {
    self.series = series
    self.options = options
    var columns = series.columns
    // Nothing comes before the first value; no window reaches it.
    columns[0] = columns[0].indices.map { index in
      Self.change(series.columns[0], from: max(index - 1, 0), to: index, options.transform)
    }
    self.columns = columns
  }

  private static func change(
    _ values: [Double], from: Int, to: Int, _ transform: Forecast.Transform
  ) -> Double {
    switch transform {
    case .none: values[to]
    case .difference: values[to] - values[from]
    case .logDifference: log(values[to] / values[from])
    }
  }

  /// The examples whose windows end at these places.
  func part(_ ends: some Collection<Int>) -> DatasetPart {
    let values = series.columns[0]
    var inputs: [Float] = []
    inputs.reserveCapacity(ends.count * options.window * columns.count)
    for end in ends {
      for step in (end - options.window + 1)...end {
        for column in columns { inputs.append(Float(column[step])) }
      }
    }
    let targets = ends.map { end in
      Float(Self.change(values, from: end, to: end + options.horizon, options.transform))
    }
    return DatasetPart(inputs: inputs, targets: .values(targets, size: 1), count: ends.count)
  }

  /// The values one season before the targets.
  func seasonal(_ ends: some Collection<Int>) throws(DatasetError) -> [Float]? {
    guard let season = options.season else { return nil }
    let first = (ends.first ?? 0) + options.horizon
    guard options.horizon...first ~= season else {
      throw .bad(
        place: "data.season",
        problem: "expected \(options.horizon) (data.horizon) to \(first) steps (the first target "
          + "that is measured on), found \(season)", hint: "change data.season or leave it out")
    }
    return ends.map { Float(series.columns[0][$0 + options.horizon - season]) }
  }
}
