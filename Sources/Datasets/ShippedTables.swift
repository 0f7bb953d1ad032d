// The tables, series and sequences that ship, and what is usually done with them.
import Basics
import Foundation

/// A table that ships.
package enum ShippedTable: String, Sendable, CaseIterable {
  /// 569 tumours, 30 measures; benign or malignant.
  case cancer
  /// 178 wines, 13 measures; three cultivars.
  case wine
  /// 442 patients, 10 measures; the disease's progression.
  case diabetes
  /// 344 penguins, some cells missing; three species.
  case penguins

  /// What is predicted from what, unless an experiment says otherwise.
  package var options: TableOptions {
    switch self {
    case .cancer: TableOptions(target: "diagnosis", task: .classification)
    case .wine: TableOptions(target: "cultivar", task: .classification)
    case .diabetes: TableOptions(target: "progression", task: .regression)
    case .penguins:
      // The year of the visit says nothing about a species.
      TableOptions(
        target: "species", task: .classification, missing: .drop, ignore: ["year"])
    }
  }

  /// Reads it.
  package func table() throws(ProgramError) -> CSVTable {
    let file =
      switch self {
      case .cancer: "breast_cancer_wdbc"
      case .wine, .diabetes, .penguins: rawValue
      }
    return try CSVTable(contentsOf: shippedData("tabular/\(file).csv"))
  }
}

/// A series that ships.
package enum ShippedSeries: String, Sendable, CaseIterable {
  /// WTI crude oil, USD a barrel, trading days.
  case oil
  /// Seattle's weather, daily.
  case weather
  /// CO2 at Mauna Loa, weekly, with gaps.
  case co2
  /// Airline passengers, monthly.
  case airline
  /// Sunspot numbers, yearly.
  case sunspots

  /// What is forecast from what, unless an experiment says otherwise.
  package var options: ForecastOptions {
    switch self {
    case .oil: ForecastOptions(column: "price_usd", window: 32, transform: .logDifference)
    case .weather:
      ForecastOptions(
        column: "temp_max", inputs: ["precipitation", "temp_min", "wind"], window: 30, season: 365)
    case .co2:
      ForecastOptions(
        column: "co2_ppm", window: 52, season: 52, transform: .difference, missing: .interpolate)
    case .airline:
      ForecastOptions(
        column: "passengers_thousands", window: 12, season: 12, transform: .logDifference)
    case .sunspots: ForecastOptions(column: "sunspots", window: 22, season: 11)
    }
  }

  /// Reads it.
  package func table() throws(ProgramError) -> CSVTable {
    let file =
      switch self {
      case .oil: "wti_oil_daily"
      case .weather: "seattle_weather_daily"
      case .co2: "co2_mauna_loa_weekly"
      case .airline: "airline_passengers_monthly"
      case .sunspots: "sunspots_yearly"
      }
    return try CSVTable(contentsOf: shippedData("timeseries/\(file).csv"))
  }
}

extension Dataset {
  /// Japanese vowels: which of nine speakers said it, from 12 coefficients a step.
  ///
  /// Sequences `[29, 12]`; shorter ones are padded with zeros in front, so that the last step is the
  /// true end. The customary split: 270 to train on, 370 to measure on.
  ///
  /// - Throws: `ProgramError` if the shipped file is missing or damaged.
  package static func japaneseVowels() throws(ProgramError) -> Dataset {
    let table = try CSVTable(contentsOf: shippedData("sequences/japanese_vowels.csv"))
    let (steps, size, speakers) = (29, 12, 9)
    let series = try table.column("series", key: "series")
    let split = try table.column("split", key: "split")
    let first = try table.column("lpc0", key: "lpc0")
    let speaker = try table.numbers(
      try table.column("speaker", key: "speaker"), .plain, allowsMissing: false)
    var coefficients: [[Double]] = []
    for column in first..<(first + size) {
      coefficients.append(try table.numbers(column, .plain, allowsMissing: false))
    }
    func part(_ name: String) throws(ProgramError) -> Examples {
      var inputs: [Float] = []
      var labels: [Int32] = []
      let rows = (0..<table.rowCount).filter { table[$0, split] == name }
      var start = 0
      while start < rows.count {
        let key = table[rows[start], series]
        let end = rows[start...].firstIndex { table[$0, series] != key } ?? rows.count
        let label = Int32(speaker[rows[start]]) - 1
        guard end - start <= steps, 0..<Int32(speakers) ~= label else {
          throw .bad(
            place: table.place(row: rows[start], column: series),
            problem: "expected at most \(steps) steps of one of \(speakers) speakers, found others",
            hint: "get the shipped file again")
        }
        inputs += Array(repeating: 0, count: (steps - (end - start)) * size)
        for row in rows[start..<end] {
          inputs += coefficients.map { Float($0[row]) }
        }
        labels.append(label)
        start = end
      }
      return Examples(
        inputs: inputs, targets: .classes(labels, classes: speakers), count: labels.count)
    }
    return Dataset(
      train: try part("train"), validation: try part("test"), inputShape: [steps, size],
      classNames: (1...speakers).map { "speaker \($0)" }, task: .classification)
  }
}
