// What turns a row of a file into a network's input: all that was found out from the training data.
import Basics

/// How rows become inputs, so that rows of other files can.
package enum InputEncoding: Sendable, Equatable {
  /// Rows of named columns.
  case table(TableEncoding)
  /// Windows of rows in the order of time.
  case series(SeriesEncoding)
  /// Rows of numbers, images and sequences.
  case array(ArrayEncoding)
}

/// As files of weights hold it: one key that says which, and what it is below.
extension InputEncoding: Codable {
  private enum CodingKeys: String, CodingKey { case table, series, array }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .table(let table): try values.encode(table, forKey: .table)
    case .series(let series): try values.encode(series, forKey: .series)
    case .array(let array): try values.encode(array, forKey: .array)
    }
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    if let table = try values.decodeIfPresent(TableEncoding.self, forKey: .table) {
      self = .table(table)
    } else if let series = try values.decodeIfPresent(SeriesEncoding.self, forKey: .series) {
      self = .series(series)
    } else {
      self = .array(try values.decode(ArrayEncoding.self, forKey: .array))
    }
  }
}

/// How the text of a table was read, which goes for other tables of the same columns too.
package struct TextEncoding: Sendable, Equatable, Codable {
  /// What stood between two cells; another table may have another separator.
  package var separator: String
  /// The first line names the columns; else they go by their numbers.
  package var hasHeader: Bool
  /// What stands for nothing; nil: the usual words.
  package var missingValues: [String]?

  init(_ table: CSVTable) {
    separator = table.separator.rawValue
    hasHeader = table.reading.header != TableReading.Header.none
    missingValues = table.reading.missingValues
  }

  /// The same for a table whose cells are separated by `separator`; nil: as it is found.
  func reading(separator: TableReading.Separator?, texts: [String] = []) -> TableReading {
    TableReading(
      separator: separator, missingValues: missingValues,
      header: hasHeader ? .first : TableReading.Header.none, text: texts)
  }
}

/// A column of a table, and what its cells become.
package struct ColumnEncoding: Sendable, Equatable, Codable {
  package var name: String
  package var kind: Kind
  /// Of numbers: what stands before their fractions, and what groups their digits.
  package var decimal: String?
  package var thousands: String?
  /// Of dates: how they are written; they become days since 1970.
  package var format: String?
  /// Texts, each of which becomes a value: 1 where it stands, else 0.
  package var categories: [String]?
  /// What a missing cell becomes, a number for each value; nil: such a row has no input.
  package var fills: [Double]?
  /// What is subtracted from the values, and what they are then divided by; nil: nothing is.
  package var means: [Double]?
  package var deviations: [Double]?

  /// What a column holds.
  package enum Kind: String, Sendable, Codable {
    case number, date, categories
  }

  init(_ name: String, _ kind: Kind) {
    self.name = name
    self.kind = kind
  }

  init(_ name: String, _ convention: NumberConvention) {
    self.init(name, .number)
    decimal = convention.decimal.rawValue
    thousands = convention.thousands.rawValue
  }

  /// Values in a row of inputs.
  package var size: Int { categories?.count ?? 1 }

  var convention: NumberConvention {
    NumberConvention(
      decimal: decimal.flatMap(TableReading.DecimalMark.init) ?? .point,
      thousands: thousands.flatMap(TableReading.ThousandsMark.init) ?? .none)
  }

  var dateFormat: DateFormat { format.flatMap(DateFormat.init) ?? .iso }

  /// Whether it has a fill, a mean and a deviation for each value, or none.
  fileprivate var isFitting: Bool {
    [fills, means, deviations].allSatisfy { ($0?.count ?? size) == size }
      && (kind == .categories) == (categories != nil)
  }

  /// Brings a value to scale.
  func scaled(_ value: Double, at place: Int = 0) -> Float {
    guard let means, let deviations, place < means.count, place < deviations.count else {
      return Float(value)
    }
    return Float((value - means[place]) / deviations[place])
  }
}

/// How rows of a table become inputs.
package struct TableEncoding: Sendable, Equatable, Codable {
  package var text: TextEncoding
  /// In the order of the inputs.
  package var columns: [ColumnEncoding]
  /// The column to be predicted.
  package var target: ColumnEncoding
}

/// How windows of a series become inputs.
package struct SeriesEncoding: Sendable, Equatable, Codable {
  package var text: TextEncoding
  /// Of what is forecast first.
  package var columns: [ColumnEncoding]
  /// The column of dates that says which way the series goes; nil: there was none.
  package var date: ColumnEncoding?
  /// Steps of the past in an input.
  package var window: Int
  /// Steps from a window's last value to the forecast.
  package var horizon: Int
  /// What is done to the first column, as `data.transform` has it.
  package var transform: String
  /// What is done about missing cells, as `data.missing` has it; nil: their windows have no input.
  package var missing: String?
}

/// How arrays and images become inputs.
package struct ArrayEncoding: Sendable, Equatable, Codable {
  /// Pixels of bytes were divided by it; nil: values are taken as they are.
  package var divisor: Double?
  /// Images were turned about their diagonal.
  package var isTurned = false
  /// Where the channels of images stood, as `data.layout` has it; nil: first.
  package var layout: String?
  /// What is subtracted from each feature, and what it is then divided by; nil: nothing is.
  package var means: [Double]?
  package var deviations: [Double]?

  mutating func standardize(by scale: FeatureScale) {
    means = scale.means
    deviations = scale.deviations
  }
}

extension InputEncoding {
  /// Whether it makes inputs of this shape.
  package func fits(_ shape: [Int]) -> Bool {
    switch self {
    case .table(let table):
      return table.columns.allSatisfy(\.isFitting)
        && shape == [table.columns.reduce(0) { $0 + $1.size }]
    case .series(let series):
      return series.columns.allSatisfy { $0.isFitting && $0.size == 1 }
        && 1...(1 << 30) ~= series.window && 1...(1 << 30) ~= series.horizon
        && shape == [series.window, series.columns.count]
    case .array(let array):
      let count = FeatureLayout(shape: shape).count
      return (array.means?.count ?? count) == count && (array.deviations?.count ?? count) == count
        && (!array.isTurned || shape.count == 3 && shape[1] == shape[2])
    }
  }

  /// The encoding of inputs that are rows of numbers, after these statistics were taken out of them.
  func standardized(by scale: FeatureScale) -> InputEncoding {
    guard case .array(var array) = self else { return self }
    array.standardize(by: scale)
    return .array(array)
  }
}

/// What a row of a file is to a network.
package struct EncodedRows: Sendable, Equatable {
  /// The inputs of the rows that have one, one after the other.
  package var inputs: [Float] = []
  /// For each row of the file: why it has no input; nil: it has one.
  package var reasons: [String?]
  /// For each row of the file: what is to be predicted; nil: the file does not say it at all.
  package var truth: Truth?
  /// For each row of the file: the value that a transformed forecast starts from; nil for other tasks.
  package var origins: [Double]?
  /// What a user should know of how the file was read.
  package var notes: [String] = []

  /// What is to be predicted, nil where a row does not say it.
  package enum Truth: Sendable, Equatable {
    /// Indices of classes.
    case classes([Int?])
    /// In units, one for each output.
    case numbers([[Double]?])
  }

  /// Rows that have an input.
  package var count: Int { reasons.count { $0 == nil } }
}
